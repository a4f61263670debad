//! What a caller may demand of a token.

use serde::Deserialize;

use super::profile::Profile;
use crate::jose::duration::Duration;
use crate::jose::one_or_many::OneOrMany;
use crate::options::{some, some_size, some_texts};

/// What a verifier demands beyond a right signature. Every field left out keeps the strict default.
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
    /// Accepts tokens without `exp`. By default every token must end, but for a [`Profile::SecurityEvent`].
    #[serde(deserialize_with = "some")]
    pub allow_missing_expiry: Option<bool>,
    /// The audience we are: `aud` must name one of these. Without it, a token with `aud` is refused (RFC 7519 §4.1.3).
    #[serde(deserialize_with = "some")]
    pub audience: Option<OneOrMany>,
    /// How far clocks may disagree; none by default.
    #[serde(deserialize_with = "some")]
    pub clock_tolerance: Option<Duration>,
    /// Accepts any `aud`, or none.
    #[serde(deserialize_with = "some")]
    pub ignore_audience: Option<bool>,
    /// The issuers we accept: `iss` must be one of these, compared whole.
    #[serde(deserialize_with = "some")]
    pub issuer: Option<OneOrMany>,
    /// The greatest age since `iat`, which must then be there.
    #[serde(deserialize_with = "some")]
    pub max_age: Option<Duration>,
    /// The longest token read, in bytes: 16384 by default, at most 1048576.
    #[serde(deserialize_with = "some_size")]
    pub max_token_length: Option<usize>,
    /// The kind of token: its `typ`, and the claims that its specification demands. For [`Profile::AccessToken`] and
    /// [`Profile::LogoutToken`] the issuer and the audience must be named, too.
    #[serde(deserialize_with = "some")]
    pub profile: Option<Profile>,
    /// Claims that must be there, whatever their value.
    #[serde(deserialize_with = "some_texts")]
    pub required_claims: Option<Vec<String>>,
    /// What `sub` must be.
    #[serde(deserialize_with = "some")]
    pub subject: Option<String>,
    /// What the header's `typ` must be, as media types are compared: `"at+jwt"` accepts `"application/AT+JWT"`.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

impl VerifyOptions {
    /// These options, with those of `self` where `base` has others.
    #[must_use]
    pub fn over(self, base: &Self) -> Self {
        Self {
            allow_missing_expiry: self.allow_missing_expiry.or(base.allow_missing_expiry),
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
