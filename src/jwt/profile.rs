//! Kinds of token that a specification describes: what each must be called and must hold.

use core::fmt;
use core::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::claims::{Claims, number, text};
use crate::jose::duration::Duration;
use crate::jose::json::Json;
use crate::{Error, ErrorCode};

/// A kind of token, by the `typ` that its header has.
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
    /// `JWT`: a token of no kind in particular, which says so (RFC 7519 §5.1).
    Jwt,
    /// `logout+jwt`: a logout token of OpenID Connect (Back-Channel Logout 1.0).
    LogoutToken,
    /// `secevent+jwt`: a security event token (RFC 8417).
    SecurityEvent,
}

/// What a specification says of its tokens. The registered claims have their types in every token.
struct Row {
    /// The `typ`.
    name: &'static str,
    required: &'static [&'static str],
    /// Of these at least one is required.
    one_of: &'static [&'static str],
    forbidden: &'static [&'static str],
    /// Claims that are not registered by RFC 7519, and the types they have where they are there.
    typed: &'static [(&'static str, Type)],
    /// The event that `events` must have among its members.
    event: Option<&'static str>,
    /// How long a token lives when nobody says.
    lives: Option<Duration>,
    /// Whether who checks must name the issuer and itself.
    names_parties: bool,
}

#[derive(Clone, Copy)]
enum Type {
    /// An object that has members, all of them objects.
    Events,
    Number,
    Text,
}

const ALL: [Profile; 4] = [Profile::AccessToken, Profile::Jwt, Profile::LogoutToken, Profile::SecurityEvent];

impl Profile {
    /// The table. A match, so that the compiler refuses a variant without a row.
    const fn row(self) -> Row {
        match self {
            // RFC 9068 §2.2: the claims. §4: who checks knows the issuer, and finds itself in the audience.
            Self::AccessToken => Row {
                name: "at+jwt",
                required: &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
                one_of: &[],
                forbidden: &[],
                typed: &[("client_id", Type::Text)],
                event: None,
                lives: Some(Duration::constant(900)),
                names_parties: true,
            },
            Self::Jwt => Row {
                name: "JWT",
                required: &[],
                one_of: &[],
                forbidden: &[],
                typed: &[],
                event: None,
                lives: Some(Duration::constant(900)),
                names_parties: false,
            },
            // Back-Channel Logout 1.0 §2.4: the claims, with `exp` since the errata of December 2023. A `nonce` would let
            // it pass for an ID token. §2.6: issuer and audience are judged as those of an ID token. §4: two minutes.
            Self::LogoutToken => Row {
                name: "logout+jwt",
                required: &["iss", "aud", "iat", "exp", "jti", "events"],
                one_of: &["sub", "sid"],
                forbidden: &["nonce"],
                typed: &[("events", Type::Events), ("sid", Type::Text)],
                event: Some("http://schemas.openid.net/event/backchannel-logout"),
                lives: Some(Duration::constant(120)),
                names_parties: true,
            },
            // RFC 8417 §2.2: the claims. What has happened does not expire: `exp` is not recommended, nor refused.
            Self::SecurityEvent => Row {
                name: "secevent+jwt",
                required: &["iss", "iat", "jti", "events"],
                one_of: &[],
                forbidden: &[],
                typed: &[("events", Type::Events), ("toe", Type::Number), ("txn", Type::Text)],
                event: None,
                lives: None,
                names_parties: false,
            },
        }
    }

    /// The `typ` of its tokens, which is also the name of the profile: `"at+jwt"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// How long a token lives when nobody says; without end, perhaps.
    pub(crate) const fn lives(self) -> Option<Duration> {
        self.row().lives
    }

    /// Whether its tokens must end.
    pub(crate) fn wants_expiry(self) -> bool {
        self.lives().is_some()
    }

    /// Whether who checks its tokens must say which issuer and which audience.
    pub(crate) const fn names_parties(self) -> bool {
        self.row().names_parties
    }

    /// Whether its tokens must have the claim.
    pub(crate) fn requires(self, claim: &str) -> bool {
        self.row().required.contains(&claim)
    }

    /// Whether the claims are those of such a token.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimMissing`]: one that is required is absent.
    /// - [`ErrorCode::ClaimInvalid`]: one is of the wrong type, or must not be there.
    pub(crate) fn judge(self, claims: &Claims<'_>) -> Result<(), Error> {
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
                of_type.judge(name, value)?;
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
    fn judge(self, name: &str, value: &Json<'_>) -> Result<(), Error> {
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

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a profile. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        ALL.into_iter()
            .find(|profile| profile.name() == name)
            .ok_or_else(|| Error::new(ErrorCode::OptionInvalid, format!("option \"profile\" is not {NAMES}")))
    }
}

const NAMES: &str = "\"at+jwt\", \"JWT\", \"logout+jwt\" or \"secevent+jwt\"";

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ProfileVisitor)
    }
}

struct ProfileVisitor;

impl Visitor<'_> for ProfileVisitor {
    type Value = Profile;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(NAMES)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Profile, E> {
        name.parse().map_err(|_| E::invalid_value(de::Unexpected::Other("text"), &self))
    }
}

fn missing(claim: &str, what: &str) -> Error {
    Error::about_claim(ErrorCode::ClaimMissing, claim, format!("missing {what} claim"))
}

fn invalid(claim: &str, clause: &str) -> Error {
    Error::about_claim(ErrorCode::ClaimInvalid, claim, format!("\"{claim}\" claim {clause}"))
}
