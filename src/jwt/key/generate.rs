//! New keys from the platform's random source.

use zeroize::Zeroizing;

use super::{Key, KeyOptions, Material, Usage};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::provider::Ed25519Secret;
use crate::{Error, ErrorCode};

impl Key {
    /// A new random key: for an HMAC as many bytes as its digest, otherwise a key pair.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert!(key.to_pem(true)?.starts_with("-----BEGIN PRIVATE KEY-----"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn generate(algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let material = match algorithm.family() {
            Family::Ed25519 => Material::Ed25519Private(Ed25519Secret::from_seed(&random_bytes(32)?)?),
            Family::Hmac(digest) => Material::Secret(random_bytes(digest.len())?),
        };
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
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
