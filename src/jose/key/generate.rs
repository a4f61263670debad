//! Generates keys.

use super::Key;
use crate::Error;
use crate::crypto::ecdsa::EcSecret;
use crate::crypto::ed25519::Ed25519Secret;
use crate::crypto::ml_dsa::MlDsaSecret;
use crate::crypto::random::random_bytes;
use crate::crypto::rsa::RsaSecret;
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::key_options::{KeyOptions, misplaced};
use crate::jose::material::{Material, PrivateKey};
use crate::jose::usage::Usage;

/// The default length of an RSA key, in bits: the minimum of RFC 7518 §3.3, which most servers use.
const DEFAULT_MODULUS_LENGTH: usize = 2048;

impl Key {
    /// Generates a random key. For HMAC: a secret as long as the digest. Otherwise: a key pair.
    ///
    /// Generating RSA keys is slow, because it searches for two primes, and the time varies. In WebAssembly, 20 keys of
    /// 2048, 3072 and 4096 bits took 0.5, 1.6 and 3.7 seconds in the median, and at most 1.6, 4.5 and 15 seconds.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`](crate::ErrorCode::Internal): the platform has no random source.
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): ML-DSA needs the feature `post-quantum`.
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): `modulus_length` is out of range, or given for
    ///   another kind of key than RSA.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert!(key.to_pem(true)?.starts_with("-----BEGIN PRIVATE KEY-----"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn generate(algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let modulus_length = Self::length_to_generate(algorithm, options)?;
        let material = match algorithm.family() {
            Family::Ecdsa(curve) => Material::Private(PrivateKey::Ec(EcSecret::generate(curve)?)),
            Family::Ed25519 => Material::Private(PrivateKey::Ed25519(Ed25519Secret::from_seed(&random_bytes(32)?)?)),
            Family::Hmac(digest) => Material::Secret(random_bytes(digest.len())?),
            Family::MlDsa(set) => {
                Material::Private(PrivateKey::MlDsa(MlDsaSecret::from_seed(set, &random_bytes(32)?)?))
            }
            Family::Rsa(..) => {
                let bits = modulus_length.unwrap_or(DEFAULT_MODULUS_LENGTH);
                Material::Private(PrivateKey::Rsa(RsaSecret::generate(bits)?))
            }
        };
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
    }

    /// The length of a new RSA key with these options, in bits. `None` for other kinds of keys.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): an option is out of range, or not for this kind
    ///   of key.
    pub(crate) fn length_to_generate(algorithm: Algorithm, options: &KeyOptions) -> Result<Option<usize>, Error> {
        if options.allow_short.is_some() {
            return Err(misplaced("allowShort", "secrets"));
        }
        match (algorithm.family(), options.modulus_length) {
            (Family::Rsa(..), length) => RsaSecret::expect_length(length.unwrap_or(DEFAULT_MODULUS_LENGTH)).map(Some),
            (_, Some(_)) => Err(misplaced("modulusLength", "RSA keys")),
            (_, None) => Ok(None),
        }
    }
}
