//! Imports HMAC secrets. Refuses secrets that are too short or look like another kind of key.

use zeroize::Zeroizing;

use super::Key;
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::key_lookalike::looks_like_a_key;
use crate::jose::key_options::{KeyOptions, misplaced};
use crate::jose::material::{Material, wrong_kind};
use crate::jose::usage::Usage;
use crate::{Error, ErrorCode};

const OR_ALLOW_SHORT: &str = ": option \"allowShort\" accepts it during a migration";

impl Key {
    /// Imports an HMAC secret, which should be random bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyTooWeak`]: the secret is empty, or shorter than the digest (32, 48 or 64 bytes; RFC 7518 §3.2)
    ///   and `allow_short` is not set.
    /// - [`ErrorCode::KeyInvalid`]: the secret looks like a PEM, JWK, DER or OpenSSH key, or the algorithm is not HMAC.
    ///   If a public key were accepted as a secret, everyone could sign.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let options = KeyOptions { allow_short: Some(true), ..Default::default() };
    /// assert!(Key::from_secret(b"your-secret-key", Algorithm::Hs256, &KeyOptions::default()).is_err());
    /// assert!(Key::from_secret(b"your-secret-key", Algorithm::Hs256, &options).is_ok());
    /// assert!(Key::from_secret(b"", Algorithm::Hs256, &options).is_err());
    /// ```
    pub fn from_secret(secret: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        Self::from_secret_bytes(Zeroizing::new(secret.to_vec()), algorithm, options, Usage::ANY)
    }

    /// Like [`Key::from_secret`], but takes ownership of the bytes.
    ///
    /// # Errors
    /// Those of [`Key::from_secret`].
    pub(crate) fn from_secret_bytes(
        secret: Zeroizing<Vec<u8>>,
        algorithm: Algorithm,
        options: &KeyOptions,
        usage: Usage,
    ) -> Result<Self, Error> {
        if options.modulus_length.is_some() {
            return Err(misplaced("modulusLength", "new keys"));
        }
        let Family::Hmac(digest) = algorithm.family() else {
            return Err(wrong_kind("a secret", algorithm));
        };
        if secret.is_empty() {
            return Err(Error::new(ErrorCode::KeyTooWeak, "secret is empty"));
        }
        if looks_like_a_key(&secret) {
            return Err(Error::new(ErrorCode::KeyInvalid, "secret looks like a PEM, JWK, DER or OpenSSH key"));
        }
        if secret.len() < digest.len() && options.allow_short != Some(true) {
            // A caller that has decided is not told about the option.
            let advice = if options.allow_short.is_none() { OR_ALLOW_SHORT } else { "" };
            let message = format!("{algorithm} needs a secret of at least {} bytes{advice}", digest.len());
            return Err(Error::new(ErrorCode::KeyTooWeak, message));
        }
        Self::new(algorithm, options.kid.clone(), Material::Secret(secret), usage)
    }
}
