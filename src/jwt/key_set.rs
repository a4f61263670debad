//! Several keys, and which of them may answer for a token.

use core::fmt;

use super::algorithm::Algorithm;
use super::json::names_of;
use super::key::{Jwk, Key, KeyOptions, KeyType};
use crate::{Error, ErrorCode};

/// A set of keys, to check the tokens of an issuer that has more than one: during a rotation, or published as a JWKS.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet};
///
/// let named = |kid: &str| KeyOptions { kid: Some(kid.into()), ..Default::default() };
/// let old = Key::generate(Algorithm::EdDsa, &named("2026-10"))?;
/// let new = Key::generate(Algorithm::EdDsa, &named("2026-11"))?;
/// let set = KeySet::new(vec![old.public_key()?, new.public_key()?])?;
/// assert_eq!(set.to_jwks()?.len(), 2);
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct KeySet(Vec<Key>);

impl KeySet {
    /// A set of these keys; it may be empty, and then answers for no token.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: two keys with one `kid` and one algorithm.
    /// - [`ErrorCode::KeyInvalid`]: HMAC secrets beside key pairs. A verifier that takes both is one confusion away
    ///   from taking a public key for a secret.
    pub fn new(keys: Vec<Key>) -> Result<Self, Error> {
        let is_secret = |key: &Key| key.key_type() == KeyType::Secret;
        if keys.iter().any(is_secret) && !keys.iter().all(is_secret) {
            return Err(Error::new(ErrorCode::KeyInvalid, "a key set must not mix secrets with key pairs"));
        }
        let repeats_a_name = Algorithm::all().any(|algorithm| {
            let of_it = keys.iter().filter(|key| key.algorithm().family() == algorithm.family());
            names_of(of_it.filter_map(Key::kid)).is_none()
        });
        if repeats_a_name {
            return Err(Error::new(ErrorCode::KeyAmbiguous, "two keys of the set have the same \"kid\" and \"alg\""));
        }
        Ok(Self(keys))
    }

    /// The usable keys of a JWKS. A key we cannot read or use is left out: one bad key must not lock everybody out.
    ///
    /// # Errors
    /// Those of [`KeySet::new`].
    pub fn from_jwks(jwks: impl IntoIterator<Item = Result<Jwk, Error>>) -> Result<Self, Error> {
        let usable = jwks.into_iter().filter_map(|jwk| Key::from_jwk(&jwk.ok()?, None, &KeyOptions::default()).ok());
        Self::new(usable.collect())
    }

    /// The public halves, to be published.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret has no public half.
    pub fn to_jwks(&self) -> Result<Vec<Jwk>, Error> {
        self.0.iter().map(|key| key.to_jwk(false)).collect()
    }

    /// The one key that may have signed a token with this header.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: no `kid`, and several keys of the algorithm.
    /// - [`ErrorCode::KeyNotFound`]: no such `kid`, or no key of the algorithm.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the key of that name has another algorithm.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>) -> Result<&Key, Error> {
        let named = || self.0.iter().filter(|key| (kid.is_none() || key.kid() == kid) && key.verifier().is_ok());
        let mut candidates = named().filter(|key| key.algorithm().answers_to(alg));
        match (candidates.next(), candidates.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => {
                Err(Error::new(ErrorCode::KeyAmbiguous, "token without \"kid\" and several keys for its \"alg\""))
            }
            (None, _) if kid.is_some() && named().next().is_some() => Err(mismatch()),
            (None, _) => Err(Error::new(ErrorCode::KeyNotFound, "no key for the token's \"kid\" and \"alg\"")),
        }
    }
}

/// The keys a verifier checks with: a `&Key` or a `&KeySet` turns into it.
#[derive(Clone, Debug)]
pub enum Keys {
    /// A key that the caller chose, whatever `kid` a token names.
    One(Key),
    /// A set to choose from by the token's `kid` and `alg`.
    Set(KeySet),
}

impl Keys {
    /// The key for a token's header. A single key is the caller's choice, whatever `kid` the token names.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>) -> Result<&Key, Error> {
        match self {
            Self::One(key) if key.algorithm().answers_to(alg) => Ok(key),
            Self::One(_) => Err(mismatch()),
            Self::Set(set) => set.select(alg, kid),
        }
    }
}

impl From<&Key> for Keys {
    fn from(key: &Key) -> Self {
        Self::One(key.clone())
    }
}

impl From<&KeySet> for Keys {
    fn from(set: &KeySet) -> Self {
        Self::Set(set.clone())
    }
}

fn mismatch() -> Error {
    Error::new(ErrorCode::TokenAlgorithmMismatch, "\"alg\" header is not the key's algorithm")
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("KeySet").field(&self.0).finish()
    }
}
