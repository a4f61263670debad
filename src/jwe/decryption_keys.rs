//! A set of decryption keys, and the selection of the key for a token.

use std::sync::Arc;

use super::header::Header;
use super::key::EncryptionKey;
use crate::Error;
use crate::jose::name_index::Index;
use crate::jose::select::{Candidate, expect_algorithm, select};

/// Several keys for decryption: during a rotation, or one for each sender. Clones share the keys.
///
/// ```
/// use countersign::jwe::{Algorithm, DecryptionKeys, EncryptionKey, GenerateOptions};
///
/// let named = |kid: &str| GenerateOptions { kid: Some(kid.into()), ..Default::default() };
/// let old = EncryptionKey::generate(Algorithm::EcdhEs, &named("2026-10"))?;
/// let new = EncryptionKey::generate(Algorithm::EcdhEs, &named("2026-11"))?;
/// let keys = DecryptionKeys::new(vec![old, new])?;
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct DecryptionKeys(Arc<Contents>);

#[derive(Clone, Debug, Default)]
struct Contents {
    keys: Vec<EncryptionKey>,
    /// `None` while JavaScript adds keys.
    by_kid: Option<Index>,
}

impl DecryptionKeys {
    /// Makes a set of these keys. An empty set decrypts no token.
    ///
    /// A key that is given twice counts once. Different keys with the same `kid` and `alg` spoil nothing but their own
    /// tokens, which are refused with [`KeyAmbiguous`](crate::ErrorCode::KeyAmbiguous).
    ///
    /// # Errors
    /// None at present.
    pub fn new(keys: Vec<EncryptionKey>) -> Result<Self, Error> {
        let by_kid = Some(Index::new(keys.iter().map(EncryptionKey::kid)));
        Ok(Self(Arc::new(Contents { keys, by_kid })))
    }

    #[cfg(all(target_arch = "wasm32", feature = "npm-jwe"))]
    pub(crate) fn add(&mut self, key: EncryptionKey) {
        let Contents { keys, by_kid } = Arc::make_mut(&mut self.0);
        keys.push(key);
        // JavaScript makes a set for one call, in which looking at each key takes less time than sorting them.
        *by_kid = None;
    }

    #[cfg(all(target_arch = "wasm32", feature = "npm-jwe"))]
    pub(crate) fn keys(&self) -> &[EncryptionKey] {
        &self.0.keys
    }

    /// The key for a token with this header.
    fn select(&self, header: &Header<'_>) -> Result<&EncryptionKey, Error> {
        let Contents { keys, by_kid } = &*self.0;
        match by_kid.as_ref().filter(|_| header.kid.is_some()) {
            Some(by_kid) => {
                let places = by_kid.places(header.kid);
                select(places.iter().filter_map(|place| keys.get(*place)), header.alg, header.kid)
            }
            None => select(keys.iter(), header.alg, header.kid),
        }
    }
}

impl Candidate for EncryptionKey {
    fn kid(&self) -> Option<&str> {
        self.kid()
    }

    fn answers_to(&self, alg: &str) -> bool {
        self.algorithm().name() == alg
    }

    fn either<'k>(&'k self, other: &'k Self) -> Option<&'k Self> {
        match (self.to_decrypt(), other.to_decrypt()) {
            (Ok(_), Err(_)) => Some(self),
            (Err(_), _) => Some(other),
            (Ok(own), Ok(others)) => {
                let is_same = self.kid() == other.kid() && self.algorithm() == other.algorithm() && own.is(others);
                is_same.then_some(self)
            }
        }
    }
}

/// The keys for decrypting a token. A `&EncryptionKey` or a `&DecryptionKeys` converts into it.
#[derive(Clone, Debug)]
pub enum Keys {
    /// One key, used for every token. The token's `kid` is ignored.
    One(EncryptionKey),
    /// Several keys. The token's `kid` and `alg` select one.
    Set(DecryptionKeys),
}

impl Keys {
    /// The key for a token's header. The header must name the key's own algorithm.
    ///
    /// # Errors
    /// - [`KeyAmbiguous`](crate::ErrorCode::KeyAmbiguous): several keys have the token's `kid` and `alg`, or it has no `kid` and several keys
    ///   have its `alg`.
    /// - [`KeyNotFound`](crate::ErrorCode::KeyNotFound): no key has the token's `kid`, or none has its `alg`.
    /// - [`TokenAlgorithmMismatch`](crate::ErrorCode::TokenAlgorithmMismatch): the key with the token's `kid` has another algorithm.
    pub(super) fn select(&self, header: &Header<'_>) -> Result<&EncryptionKey, Error> {
        match self {
            Self::One(key) => expect_algorithm(key, header.alg),
            Self::Set(keys) => keys.select(header),
        }
    }
}

impl From<&EncryptionKey> for Keys {
    fn from(key: &EncryptionKey) -> Self {
        Self::One(key.clone())
    }
}

impl From<&DecryptionKeys> for Keys {
    fn from(keys: &DecryptionKeys) -> Self {
        Self::Set(keys.clone())
    }
}
