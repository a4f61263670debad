//! The options for importing and generating keys.

use serde::Deserialize;

use crate::options::{some, some_size};
use crate::{Error, ErrorCode};

/// Options for importing or generating a key.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions};
///
/// let options = KeyOptions { kid: Some("2026-11".into()), ..Default::default() };
/// assert_eq!(Key::generate(Algorithm::Hs256, &options)?.kid(), Some("2026-11"));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyOptions {
    /// Accepts an HMAC secret that is shorter than the digest, but not an empty one. Meant for migrations. Only for
    /// [`Key::from_secret`](crate::jwt::Key::from_secret), and for secrets in
    /// [`Key::from_jwk`](crate::jwt::Key::from_jwk).
    #[serde(deserialize_with = "some")]
    pub allow_short: Option<bool>,
    /// The key's identifier (RFC 7515 §4.1.4). It is written into headers and selects the key in a set.
    #[serde(deserialize_with = "some")]
    pub kid: Option<String>,
    /// The length of a new RSA key, in bits: a multiple of 8 from 2048 to 8192. The default is 2048. Only for
    /// [`Key::generate`](crate::jwt::Key::generate).
    #[serde(deserialize_with = "some_size")]
    pub modulus_length: Option<usize>,
}

impl KeyOptions {
    /// Checks that the options are allowed when a key is imported.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option is for secrets or for new keys only.
    pub(crate) fn expect_import(&self) -> Result<(), Error> {
        if self.allow_short.is_some() {
            return Err(misplaced("allowShort", "secrets"));
        }
        match self.modulus_length {
            Some(_) => Err(misplaced("modulusLength", "new keys")),
            None => Ok(()),
        }
    }
}

/// The error for an option that is not allowed here.
pub(crate) fn misplaced(option: &str, place: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, format!("option \"{option}\" is for {place} only"))
}
