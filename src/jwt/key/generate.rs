//! New keys from the platform's random source.

use zeroize::Zeroizing;

use super::material::{Material, PrivateKey};
use super::{Key, KeyOptions, Usage};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::provider::{EcSecret, Ed25519Secret, RsaSecret};
use crate::{Error, ErrorCode};

/// What RFC 7518 §3.3 asks for at least, and most servers use.
const MODULUS_LENGTH: usize = 2048;

impl Key {
    /// A new random key: for an HMAC as many bytes as its digest, otherwise a key pair.
    ///
    /// RSA keys take long, as two primes must be found, and how long is chance. In WebAssembly, of 20 keys of 2048, 3072 and
    /// 4096 bits half took more than 0.5, 1.6 and 3.7 seconds, and the slowest 1.6, 4.5 and 15.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    /// - [`ErrorCode::OptionInvalid`]: a `modulus_length` for another key than RSA, or out of range.
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
    /// - [`ErrorCode::OptionInvalid`]: options that are not for such a key, or out of range.
    pub(crate) fn modulus_length(algorithm: Algorithm, options: &KeyOptions) -> Result<Option<usize>, Error> {
        if options.allow_short.is_some() {
            return Err(super::misplaced("allowShort", "secrets"));
        }
        match (algorithm.family(), options.modulus_length) {
            (Family::Rsa(..), length) => RsaSecret::expect_length(length.unwrap_or(MODULUS_LENGTH)).map(Some),
            (_, Some(_)) => Err(super::misplaced("modulusLength", "RSA keys")),
            (_, None) => Ok(None),
        }
    }
}

/// Fresh random bytes, wiped when dropped.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn random_bytes(length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    getrandom::fill(&mut bytes).map_err(|_| {
        Error::new(
            ErrorCode::Internal,
            "the platform gives no random numbers here; a Worker gets them while it answers a request",
        )
    })?;
    Ok(bytes)
}
