//! How a key is made.

use serde::Deserialize;

use crate::options::{some, some_size};
use crate::{Error, ErrorCode};

/// How a key is made: its name, and the one exception for short secrets.
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
    /// Takes an HMAC secret shorter than the digest, for the time of a migration; never an empty one. Only for
    /// [`Key::from_secret`](crate::jwt::Key::from_secret).
    #[serde(deserialize_with = "some")]
    pub allow_short: Option<bool>,
    /// The key's identifier, written into headers and matched against theirs (RFC 7515 §4.1.4).
    #[serde(deserialize_with = "some")]
    pub kid: Option<String>,
    /// The bits of a new RSA key: 2048 by default, at most 8192, a multiple of 8. Only for [`Key::generate`](crate::jwt::Key::generate).
    #[serde(deserialize_with = "some_size")]
    pub modulus_length: Option<usize>,
}

impl KeyOptions {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option that is not for the import of a key.
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

/// The error for an option that is not for this.
pub(crate) fn misplaced(option: &str, place: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, format!("option \"{option}\" is for {place} only"))
}
