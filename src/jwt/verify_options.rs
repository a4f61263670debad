//! The options for verifying a token.

use serde::Deserialize;

use super::profile::Profile;
use crate::jose::duration::Duration;
use crate::jose::one_or_many::OneOrMany;
use crate::options::{some, some_size, some_texts};

/// What a verifier requires beyond a valid signature. Each field that is left out has a strict default.
///
/// ```
/// use countersign::jwt::VerifyOptions;
///
/// let options = VerifyOptions { audience: Some("api".into()), clock_tolerance: Some("30s".parse()?), ..Default::default() };
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyOptions {
    /// Accepts tokens without `exp`. By default, every token must have `exp`, except a [`Profile::SecurityEvent`].
    #[serde(deserialize_with = "some")]
    pub allow_missing_expiry: Option<bool>,
    /// Accepts a `sub` that is a whole number, although RFC 7519 §4.1.2 demands a string. For the time of a migration from
    /// an issuer that wrote numbers. The option `subject` never equals a number.
    #[serde(deserialize_with = "some")]
    pub allow_numeric_subject: Option<bool>,
    /// Your own name as an audience: `aud` must contain one of these. Without this option, tokens with `aud` are
    /// refused (RFC 7519 §4.1.3).
    #[serde(deserialize_with = "some")]
    pub audience: Option<OneOrMany>,
    /// How far the clocks may differ. The default is 0 for `exp`, `nbf` and `max_age`, and 60 seconds for `iat`.
    #[serde(deserialize_with = "some")]
    pub clock_tolerance: Option<Duration>,
    /// Accepts tokens with any `aud` or none.
    #[serde(deserialize_with = "some")]
    pub ignore_audience: Option<bool>,
    /// The accepted issuers: `iss` must equal one of these.
    #[serde(deserialize_with = "some")]
    pub issuer: Option<OneOrMany>,
    /// The maximum time since `iat`. If set, tokens must have `iat`.
    #[serde(deserialize_with = "some")]
    pub max_age: Option<Duration>,
    /// The maximum length of a token, in bytes: 16384 by default, at most 1048576.
    #[serde(deserialize_with = "some_size")]
    pub max_token_length: Option<usize>,
    /// The kind of token, which determines its `typ` and the claims it must have. [`Profile::AccessToken`] and
    /// [`Profile::LogoutToken`] require the options `issuer` and `audience`.
    #[serde(deserialize_with = "some")]
    pub profile: Option<Profile>,
    /// Claims that must be present, with any value.
    #[serde(deserialize_with = "some_texts")]
    pub required_claims: Option<Vec<String>>,
    /// The value that `sub` must have.
    #[serde(deserialize_with = "some")]
    pub subject: Option<String>,
    /// The `typ` that the header must have, compared as a media type: `"at+jwt"` accepts `"application/AT+JWT"`.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

impl VerifyOptions {
    /// Merges two sets of options. Those of `self` replace those of `base`.
    #[must_use]
    pub fn over(self, base: &Self) -> Self {
        Self {
            allow_missing_expiry: self.allow_missing_expiry.or(base.allow_missing_expiry),
            allow_numeric_subject: self.allow_numeric_subject.or(base.allow_numeric_subject),
            audience: self.audience.or_else(|| base.audience.clone()),
            clock_tolerance: self.clock_tolerance.or(base.clock_tolerance),
            ignore_audience: self.ignore_audience.or(base.ignore_audience),
            issuer: self.issuer.or_else(|| base.issuer.clone()),
            max_age: self.max_age.or(base.max_age),
            max_token_length: self.max_token_length.or(base.max_token_length),
            profile: self.profile.or(base.profile),
            required_claims: self.required_claims.or_else(|| base.required_claims.clone()),
            subject: self.subject.or_else(|| base.subject.clone()),
            typ: self.typ.or_else(|| base.typ.clone()),
        }
    }
}
