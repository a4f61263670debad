//! What a caller may ask of a token that is issued.

use core::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::jose::duration::{Duration, DurationVisitor};
use crate::jose::one_or_many::OneOrMany;
use crate::options::some;

/// What is stamped on a token beside the claims given. A claim given wins over a default, and contradicts an option
/// for it that was given too.
///
/// ```
/// use countersign::jwt::{Expiry, SignOptions};
///
/// let options = SignOptions { expires_in: Some(Expiry::In("1h".parse()?)), ..Default::default() };
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignOptions {
    /// The `aud` claim.
    #[serde(deserialize_with = "some")]
    pub audience: Option<OneOrMany>,
    /// When the token ends: after 15 minutes by default, a [`Profile::LogoutToken`] after 2; or never, as a
    /// [`Profile::SecurityEvent`] does by default. It counts from `iat`, which is the second that has begun, so that a
    /// token may live up to one second less.
    #[serde(deserialize_with = "some")]
    pub expires_in: Option<Expiry>,
    /// More header parameters, as the text of a JSON object. Those that this library decides (`alg`, `kid`, `typ`,
    /// `crit`, `b64`, `zip`) are refused.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// Whether `iat` is stamped; it is by default.
    #[serde(deserialize_with = "some")]
    pub issued_at: Option<bool>,
    /// The `iss` claim.
    #[serde(deserialize_with = "some")]
    pub issuer: Option<String>,
    /// The `jti` claim: a text, or a fresh one of 128 random bits.
    #[serde(deserialize_with = "some")]
    pub jwt_id: Option<JwtId>,
    /// The `nbf` claim: how long from now the token starts to be valid.
    #[serde(deserialize_with = "some")]
    pub not_before: Option<Duration>,
    /// The kind of token: its `typ`, and the claims it must have to be issued. One that must have a `jti` gets a random
    /// one by default; how long it lives by default depends on it.
    #[serde(deserialize_with = "some")]
    pub profile: Option<Profile>,
    /// The `sub` claim.
    #[serde(deserialize_with = "some")]
    pub subject: Option<String>,
    /// The `typ` header; that of the profile, or `JWT`, by default.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

impl SignOptions {
    /// These options, with those of `self` where `base` has others.
    #[must_use]
    pub fn over(self, base: &Self) -> Self {
        Self {
            audience: self.audience.or_else(|| base.audience.clone()),
            expires_in: self.expires_in.or(base.expires_in),
            header: self.header.or_else(|| base.header.clone()),
            issued_at: self.issued_at.or(base.issued_at),
            issuer: self.issuer.or_else(|| base.issuer.clone()),
            jwt_id: self.jwt_id.or_else(|| base.jwt_id.clone()),
            not_before: self.not_before.or(base.not_before),
            profile: self.profile.or(base.profile),
            subject: self.subject.or_else(|| base.subject.clone()),
            typ: self.typ.or_else(|| base.typ.clone()),
        }
    }
}

/// When a token ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expiry {
    /// This long after it is issued.
    In(Duration),
    /// Never: the token has no `exp`. In JavaScript `null`.
    Never,
}

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpiryVisitor)
    }
}

struct ExpiryVisitor;

impl<'de> Visitor<'de> for ExpiryVisitor {
    type Value = Expiry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("null, ")?;
        <DurationVisitor as Visitor<'de>>::expecting(&DurationVisitor, formatter)
    }

    fn visit_unit<E>(self) -> Result<Expiry, E> {
        Ok(Expiry::Never)
    }

    fn visit_none<E>(self) -> Result<Expiry, E> {
        Ok(Expiry::Never)
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Expiry, E> {
        DurationVisitor.visit_f64(seconds).map(Expiry::In)
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Expiry, E> {
        DurationVisitor.visit_i64(seconds).map(Expiry::In)
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Expiry, E> {
        DurationVisitor.visit_u64(seconds).map(Expiry::In)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Expiry, E> {
        DurationVisitor.visit_str(text).map(Expiry::In)
    }
}

/// The `jti` claim of a token.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub enum JwtId {
    /// 128 random bits in base64url, fresh for each token. In JavaScript `true`.
    Random,
    /// This text.
    Text(String),
}

impl<'de> Deserialize<'de> for JwtId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JwtIdVisitor)
    }
}

struct JwtIdVisitor;

impl Visitor<'_> for JwtIdVisitor {
    type Value = JwtId;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("true or a string")
    }

    fn visit_bool<E: de::Error>(self, random: bool) -> Result<JwtId, E> {
        if random { Ok(JwtId::Random) } else { Err(E::invalid_value(de::Unexpected::Bool(false), &self)) }
    }

    fn visit_str<E>(self, text: &str) -> Result<JwtId, E> {
        Ok(JwtId::Text(text.to_owned()))
    }
}
