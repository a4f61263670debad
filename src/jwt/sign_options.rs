//! The options for issuing a token.

use core::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::jose::duration::{Duration, DurationVisitor};
use crate::jose::one_or_many::OneOrMany;
use crate::options::some;

/// Options for issuing a token: the claims and header parameters to add to the given claims.
///
/// A given claim replaces the default of an option. If an option is set and its claim is given as well, signing fails.
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
    /// When the token expires. The default is 15 minutes; for a [`Profile::LogoutToken`] it is 2 minutes, and a
    /// [`Profile::SecurityEvent`] does not expire. It counts from `iat`, which is rounded down to whole seconds, so a
    /// token may live up to one second less.
    #[serde(deserialize_with = "some")]
    pub expires_in: Option<Expiry>,
    /// Additional header parameters, as the text of a JSON object. Refuses `alg`, `kid`, `typ`, `crit`, `b64` and
    /// `zip`, which this library sets itself or does not support.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// Whether to add `iat`. The default is `true`.
    #[serde(deserialize_with = "some")]
    pub issued_at: Option<bool>,
    /// The `iss` claim.
    #[serde(deserialize_with = "some")]
    pub issuer: Option<String>,
    /// The `jti` claim: a given text, or 128 random bits for each token.
    #[serde(deserialize_with = "some")]
    pub jwt_id: Option<JwtId>,
    /// The `nbf` claim: how long from now the token becomes valid.
    #[serde(deserialize_with = "some")]
    pub not_before: Option<Duration>,
    /// The kind of token, which determines its `typ`, the claims it must have, and its default lifetime. If the profile
    /// requires a `jti`, the default is a random one.
    #[serde(deserialize_with = "some")]
    pub profile: Option<Profile>,
    /// The `sub` claim.
    #[serde(deserialize_with = "some")]
    pub subject: Option<String>,
    /// The `typ` header, or that there is none. The default is that of the profile, or `JWT` without a profile.
    #[serde(deserialize_with = "some")]
    pub typ: Option<Typ>,
}

impl SignOptions {
    /// Merges two sets of options. Those of `self` replace those of `base`.
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

/// When a token expires.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expiry {
    /// This long after the token is issued.
    In(Duration),
    /// Not by default: the token has `exp` only if the claims have one. Written `null` in JavaScript.
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

/// The `typ` header of a token.
///
/// ```
/// use countersign::jwt::{SignOptions, Typ};
///
/// let named = SignOptions { typ: Some("at+jwt".into()), ..Default::default() };
/// let without = SignOptions { typ: Some(Typ::Absent), ..Default::default() };
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Typ {
    /// The header has no `typ`. Written `null` in JavaScript.
    Absent,
    /// This media type.
    Text(String),
}

impl From<&str> for Typ {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Typ {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<'de> Deserialize<'de> for Typ {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TypVisitor)
    }
}

struct TypVisitor;

impl Visitor<'_> for TypVisitor {
    type Value = Typ;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("null or a string")
    }

    fn visit_unit<E>(self) -> Result<Typ, E> {
        Ok(Typ::Absent)
    }

    fn visit_str<E>(self, text: &str) -> Result<Typ, E> {
        Ok(text.into())
    }
}

/// The `jti` claim of a token.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub enum JwtId {
    /// 128 random bits in base64url, new for each token. Written `true` in JavaScript.
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
