//! HMAC secrets: long enough, and not a key of another kind by mistake.

use zeroize::Zeroizing;

use super::Key;
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::key_lookalike::looks_like_a_key;
use crate::jose::key_options::{KeyOptions, misplaced};
use crate::jose::material::{Material, wrong_kind};
use crate::jose::usage::Usage;
use crate::{Error, ErrorCode};

impl Key {
    /// An HMAC key from a secret of random bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyTooWeak`]: shorter than the digest (32, 48, 64 bytes; RFC 7518 §3.2) without `allow_short`, or
    ///   empty.
    /// - [`ErrorCode::KeyInvalid`]: looks like a PEM, JWK, DER or OpenSSH key. Whoever gives a public key as a secret
    ///   lets everyone sign. Also when the algorithm is not an HMAC.
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

    /// As [`Key::from_secret`], taking over the bytes, which are wiped with the key.
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
            let message = format!("{algorithm} needs a secret of at least {} bytes", digest.len());
            return Err(Error::new(ErrorCode::KeyTooWeak, message));
        }
        Self::new(algorithm, options.kid.clone(), Material::Secret(secret), usage)
    }
}
