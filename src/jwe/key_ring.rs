//! A set of decryption keys, and the selection of the key for a token.

use super::header::Header;
use super::key::EncryptionKey;
use crate::jose::json::names_of;
use crate::jose::select::{Candidate, expect_algorithm, select};
use crate::{Error, ErrorCode};

/// Several keys for decryption: during a rotation, or one for each sender.
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
    /// Makes a ring of these keys. An empty ring decrypts no token.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: two keys have the same `kid` and `alg`.
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

    /// The key for a token with this header.
    fn select(&self, header: &Header<'_>) -> Result<&EncryptionKey, Error> {
        select(self.0.iter(), header.alg, header.kid)
    }
}

impl Candidate for EncryptionKey {
    fn kid(&self) -> Option<&str> {
        self.kid()
    }

    fn answers_to(&self, alg: &str) -> bool {
        self.algorithm().name() == alg
    }
}

/// The keys for decrypting a token. A `&EncryptionKey` or a `&KeyRing` converts into it.
#[derive(Clone, Debug)]
pub enum Keys {
    /// One key, used for every token. The token's `kid` is ignored.
    One(EncryptionKey),
    /// Several keys. The token's `kid` and `alg` select one.
    Ring(KeyRing),
}

impl Keys {
    /// The key for a token's header. The header must name the key's own algorithm.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: the token has no `kid`, and several keys have its `alg`.
    /// - [`ErrorCode::KeyNotFound`]: no key has the token's `kid`, or none has its `alg`.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the key with the token's `kid` has another algorithm.
    pub(super) fn select(&self, header: &Header<'_>) -> Result<&EncryptionKey, Error> {
        match self {
            Self::One(key) => expect_algorithm(key, header.alg),
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
