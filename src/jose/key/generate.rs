//! New keys from the platform's random source.

use super::Key;
use crate::Error;
use crate::crypto::ecdsa::EcSecret;
use crate::crypto::ed25519::Ed25519Secret;
use crate::crypto::random::random_bytes;
use crate::crypto::rsa::RsaSecret;
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::key_options::{KeyOptions, misplaced};
use crate::jose::material::{Material, PrivateKey};
use crate::jose::usage::Usage;

/// What RFC 7518 §3.3 asks for at least, and most servers use.
const MODULUS_LENGTH: usize = 2048;

impl Key {
    /// A new random key: for an HMAC as many bytes as its digest, otherwise a key pair.
    ///
    /// RSA keys take long, as two primes must be found, and how long is chance. In WebAssembly, of 20 keys of 2048, 3072 and
    /// 4096 bits half took more than 0.5, 1.6 and 3.7 seconds, and the slowest 1.6, 4.5 and 15.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`](crate::ErrorCode::Internal): the platform has no random source.
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): a `modulus_length` for another key than RSA, or out of range.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert!(key.to_pem(true)?.starts_with("-----BEGIN PRIVATE KEY-----"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn generate(algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let modulus_length = Self::modulus_length(algorithm, options)?;
        let material = match algorithm.family() {
            Family::Ecdsa(curve) => Material::Private(PrivateKey::Ec(EcSecret::generate(curve)?)),
            Family::Ed25519 => Material::Private(PrivateKey::Ed25519(Ed25519Secret::from_seed(&random_bytes(32)?)?)),
            Family::Hmac(digest) => Material::Secret(random_bytes(digest.len())?),
            Family::Rsa(..) => {
                let bits = modulus_length.unwrap_or(MODULUS_LENGTH);
                Material::Private(PrivateKey::Rsa(RsaSecret::generate(bits)?))
            }
        };
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
    }

    /// The bits that an RSA key of these options has; nothing for other keys.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): options that are not for such a key, or out of range.
    pub(crate) fn modulus_length(algorithm: Algorithm, options: &KeyOptions) -> Result<Option<usize>, Error> {
        if options.allow_short.is_some() {
            return Err(misplaced("allowShort", "secrets"));
        }
        match (algorithm.family(), options.modulus_length) {
            (Family::Rsa(..), length) => RsaSecret::expect_length(length.unwrap_or(MODULUS_LENGTH)).map(Some),
            (_, Some(_)) => Err(misplaced("modulusLength", "RSA keys")),
            (_, None) => Ok(None),
        }
    }
}
