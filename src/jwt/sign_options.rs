//! The options for issuing a token.

use serde::{Deserialize, Deserializer, Serialize};

use super::profile::Profile;
use crate::jose::duration::Duration;
use crate::jose::one_or_many::OneOrMany;
use crate::options::{FromValue, Value, deserialize_value, some};

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
        deserialize_value(deserializer)
    }
}

impl FromValue for Expiry {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        match value {
            Value::Null => Ok(Self::Never),
            Value::Number(_) | Value::Text(_) => Duration::from_value(value).map(Self::In),
            _ => Err("null, a number of seconds or a duration like \"15m\""),
        }
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
        deserialize_value(deserializer)
    }
}

impl FromValue for Typ {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        let found = if let Value::Null = value { Some(Self::Absent) } else { value.into_text().map(Self::Text) };
        found.ok_or("null or a string")
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
        deserialize_value(deserializer)
    }
}

impl FromValue for JwtId {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        let found = if let Value::Bool(true) = value { Some(Self::Random) } else { value.into_text().map(Self::Text) };
        found.ok_or("true or a string")
    }
}
