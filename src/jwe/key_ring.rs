//! Several keys, and which of them may decrypt a token.

use super::header::Header;
use super::key::EncryptionKey;
use crate::jose::json::names_of;
use crate::{Error, ErrorCode};

/// Several keys to decrypt with: during a rotation, or one for each who sends.
///
/// ```
/// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions, KeyRing};
///
/// let named = |kid: &str| GenerateOptions { kid: Some(kid.into()), ..Default::default() };
/// let old = EncryptionKey::generate(Algorithm::EcdhEs, &named("2026-10"))?;
/// let new = EncryptionKey::generate(Algorithm::EcdhEs, &named("2026-11"))?;
/// let ring = KeyRing::new(vec![old, new])?;
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeyRing(Vec<EncryptionKey>);

impl KeyRing {
    /// A ring of these keys; it may be empty, and then decrypts no token.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: two keys with one `kid` and one `alg`.
    pub fn new(keys: Vec<EncryptionKey>) -> Result<Self, Error> {
        let repeats_a_name = keys.iter().any(|key| {
            let of_its_alg = keys.iter().filter(|other| other.algorithm().name() == key.algorithm().name());
            names_of(of_its_alg.filter_map(EncryptionKey::kid)).is_none()
        });
        if repeats_a_name {
            return Err(Error::new(ErrorCode::KeyAmbiguous, "two keys have the same \"kid\" and \"alg\""));
        }
        Ok(Self(keys))
    }

    /// The one key that a token with this header may be for.
    fn select(&self, header: &Header<'_>) -> Result<&EncryptionKey, Error> {
        let named = || self.0.iter().filter(|key| header.kid.is_none() || key.kid() == header.kid);
        let mut candidates = named().filter(|key| key.algorithm().name() == header.alg);
        match (candidates.next(), candidates.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => {
                Err(Error::new(ErrorCode::KeyAmbiguous, "token has no \"kid\" and several keys fit its \"alg\""))
            }
            (None, _) if header.kid.is_some() && named().next().is_some() => Err(mismatch()),
            (None, _) => Err(Error::new(ErrorCode::KeyNotFound, "no key for the token's \"kid\" and \"alg\"")),
        }
    }
}

/// What a token is decrypted with: a `&EncryptionKey` or a `&KeyRing` turns into it.
#[derive(Clone, Debug)]
pub enum Keys {
    /// A key that the caller chose, whatever `kid` a token names.
    One(EncryptionKey),
    /// Keys to choose from by the token's `kid` and `alg`.
    Ring(KeyRing),
}

impl Keys {
    /// The key for a token's header. The header proposes; the key's own algorithm decides.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: no `kid`, and several keys of the algorithm.
    /// - [`ErrorCode::KeyNotFound`]: no such `kid`, or no key of the algorithm.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the key has another algorithm.
    pub(super) fn select(&self, header: &Header<'_>) -> Result<&EncryptionKey, Error> {
        match self {
            Self::One(key) if key.algorithm().name() == header.alg => Ok(key),
            Self::One(_) => Err(mismatch()),
            Self::Ring(ring) => ring.select(header),
        }
    }
}

impl From<&EncryptionKey> for Keys {
    fn from(key: &EncryptionKey) -> Self {
        Self::One(key.clone())
    }
}

impl From<&KeyRing> for Keys {
    fn from(ring: &KeyRing) -> Self {
        Self::Ring(ring.clone())
    }
}

fn mismatch() -> Error {
    Error::new(ErrorCode::TokenAlgorithmMismatch, "\"alg\" header is not the key's algorithm")
}
