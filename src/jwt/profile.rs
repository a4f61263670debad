//! Profiles: kinds of tokens that a specification defines, with the `typ` and the claims that each must have.

use core::str::FromStr;

use serde::de::{Deserialize, Deserializer};

use super::claims::{Claims, number, text};
use crate::jose::duration::Duration;
use crate::jose::json::Json;
use crate::options::{FromValue, Value, deserialize_value};
use crate::{Error, ErrorCode};

/// A kind of token, named by the `typ` of its header.
///
/// ```
/// use countersign::jwt::Profile;
///
/// assert_eq!("at+jwt".parse::<Profile>()?, Profile::AccessToken);
/// assert_eq!(Profile::LogoutToken.name(), "logout+jwt");
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Profile {
    /// `at+jwt`: an access token of OAuth 2.0 (RFC 9068).
    AccessToken,
    /// `JWT`: a token of no particular kind that has a `typ` (RFC 7519 §5.1).
    Jwt,
    /// `logout+jwt`: a logout token of OpenID Connect (Back-Channel Logout 1.0).
    LogoutToken,
    /// `secevent+jwt`: a security event token (RFC 8417).
    SecurityEvent,
}

/// The rules of one profile, in addition to the types of the registered claims.
struct Row {
    /// The `typ`.
    name: &'static str,
    required: &'static [&'static str],
    /// At least one of these claims is required.
    one_of: &'static [&'static str],
    forbidden: &'static [&'static str],
    /// The types of claims that RFC 7519 does not register. Checked if the claim is present.
    typed: &'static [(&'static str, Type)],
    /// The event that the claim `events` must contain.
    event: Option<&'static str>,
    /// The default lifetime. `None` means that tokens do not expire by default.
    default_lifetime: Option<Duration>,
    /// Whether a verifier must name the issuer and the audience.
    names_parties: bool,
}

#[derive(Clone, Copy)]
enum Type {
    /// A non-empty object whose members are objects.
    Events,
    Number,
    Text,
}

const ALL: [Profile; 4] = [Profile::AccessToken, Profile::Jwt, Profile::LogoutToken, Profile::SecurityEvent];

impl Profile {
    /// The table. Written as a match, so that the compiler reports a variant without a row.
    const fn row(self) -> Row {
        match self {
            // RFC 9068 §2.2: the claims. §4: the verifier checks the issuer and finds itself in the audience.
            Self::AccessToken => Row {
                name: "at+jwt",
                required: &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
                one_of: &[],
                forbidden: &[],
                typed: &[("client_id", Type::Text)],
                event: None,
                default_lifetime: Some(Duration::constant(900)),
                names_parties: true,
            },
            Self::Jwt => Row {
                name: "JWT",
                required: &[],
                one_of: &[],
                forbidden: &[],
                typed: &[],
                event: None,
                default_lifetime: Some(Duration::constant(900)),
                names_parties: false,
            },
            // Back-Channel Logout 1.0 §2.4: the claims, with `exp` since the errata of December 2023. `nonce` is
            // forbidden so that it cannot pass for an ID token. §2.6: issuer and audience are checked as in an ID
            // token. §4: it should expire within two minutes.
            Self::LogoutToken => Row {
                name: "logout+jwt",
                required: &["iss", "aud", "iat", "exp", "jti", "events"],
                one_of: &["sub", "sid"],
                forbidden: &["nonce"],
                typed: &[("events", Type::Events), ("sid", Type::Text)],
                event: Some("http://schemas.openid.net/event/backchannel-logout"),
                default_lifetime: Some(Duration::constant(120)),
                names_parties: true,
            },
            // RFC 8417 §2.2: the claims. Events do not expire, so `exp` is not recommended. It is not refused either.
            Self::SecurityEvent => Row {
                name: "secevent+jwt",
                required: &["iss", "iat", "jti", "events"],
                one_of: &[],
                forbidden: &[],
                typed: &[("events", Type::Events), ("toe", Type::Number), ("txn", Type::Text)],
                event: None,
                default_lifetime: None,
                names_parties: false,
            },
        }
    }

    /// The `typ` of the tokens, which is also the name of the profile: `"at+jwt"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The default lifetime. `None` means that tokens do not expire by default.
    pub(crate) const fn default_lifetime(self) -> Option<Duration> {
        self.row().default_lifetime
    }

    /// Whether tokens must have `exp` unless the verifier allows otherwise.
    pub(crate) fn requires_expiry(self) -> bool {
        self.default_lifetime().is_some()
    }

    /// Whether a verifier must name the issuer and the audience.
    pub(crate) const fn names_parties(self) -> bool {
        self.row().names_parties
    }

    /// Whether tokens must have this claim.
    pub(crate) fn requires(self, claim: &str) -> bool {
        self.row().required.contains(&claim)
    }

    /// Checks that the claims follow the profile.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimMissing`]: a required claim is missing.
    /// - [`ErrorCode::ClaimInvalid`]: a claim has the wrong type, is forbidden, or lacks the required event.
    pub(crate) fn check(self, claims: &Claims<'_>) -> Result<(), Error> {
        let Row { required, one_of, forbidden, typed, event, .. } = self.row();
        if let Some(name) = required.iter().find(|name| !claims.has(name)) {
            return Err(missing(name, &format!("\"{name}\"")));
        }
        if let [first, second] = one_of
            && !claims.has(first)
            && !claims.has(second)
        {
            return Err(missing(first, &format!("\"{first}\" or \"{second}\"")));
        }
        if let Some(name) = forbidden.iter().find(|name| claims.has(name)) {
            return Err(invalid(name, "must not be present"));
        }
        for (name, of_type) in typed {
            if let Some(value) = claims.get(name) {
                of_type.check(name, value)?;
            }
        }
        match (event, claims.get("events")) {
            (Some(event), Some(Json::Object(events))) if !events.has(event) => {
                Err(invalid("events", "does not have the event that the profile requires"))
            }
            _ => Ok(()),
        }
    }
}

impl Type {
    fn check(self, name: &str, value: &Json<'_>) -> Result<(), Error> {
        match (self, value) {
            (Self::Number, _) => number(name, value).map(drop),
            (Self::Text, _) => text(name, value).map(drop),
            (Self::Events, Json::Object(events))
                if !events.is_empty() && events.members().all(|(_, event)| matches!(event, Json::Object(_))) =>
            {
                Ok(())
            }
            (Self::Events, _) => Err(invalid(name, "is not a non-empty object of objects")),
        }
    }
}

impl FromStr for Profile {
    type Err = Error;

    /// Parses the name of a profile.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: no profile has this name. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        ALL.into_iter()
            .find(|profile| profile.name() == name)
            .ok_or_else(|| Error::new(ErrorCode::OptionInvalid, format!("option \"profile\" is not {NAMES}")))
    }
}

const NAMES: &str = "\"at+jwt\", \"JWT\", \"logout+jwt\" or \"secevent+jwt\"";

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_value(deserializer)
    }
}

impl FromValue for Profile {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        value.into_text().and_then(|name| name.parse().ok()).ok_or(NAMES)
    }
}

fn missing(claim: &str, what: &str) -> Error {
    Error::about_claim(ErrorCode::ClaimMissing, claim, format!("missing {what} claim"))
}

fn invalid(claim: &str, clause: &str) -> Error {
    Error::about_claim(ErrorCode::ClaimInvalid, claim, format!("\"{claim}\" claim {clause}"))
}
