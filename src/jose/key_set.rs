//! Sets of keys, and the selection of the key for a token.

use core::fmt;

use super::algorithm::Algorithm;
use super::json::names_of;
use super::jwk::Jwk;
use super::key::Key;
use super::key_options::KeyOptions;
use super::select::{Candidate, expect_algorithm, select};
use super::usage::KeyType;
use crate::{Error, ErrorCode};

/// A set of keys, for verifying tokens of an issuer that has several: during a rotation, or published as a JWKS.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, Member};
///
/// let named = |kid: &str| KeyOptions { kid: Some(kid.into()), ..Default::default() };
/// let old = Key::generate(Algorithm::EdDsa, &named("2026-10"))?;
/// let new = Key::generate(Algorithm::EdDsa, &named("2026-11"))?;
///
/// let now = 1_800_000_000.0; // seconds since the Unix epoch
/// let set = KeySet::new([Member::from(&new), Member::until(&old, now + 3600.0)])?;
/// assert_eq!(set.to_jwks(now)?.len(), 2);
/// assert_eq!(set.to_jwks(now + 3600.0)?.len(), 1);
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct KeySet {
    members: Vec<Member>,
    rejected: Vec<Rejected>,
}

/// A key in a set, and until when it is used.
#[derive(Clone, Debug)]
pub struct Member {
    key: Key,
    until: Option<f64>,
}

impl Member {
    /// A key that is used until a time in seconds since the Unix epoch, and ignored from then on. Use it for the old
    /// key in a rotation.
    #[must_use]
    pub fn until(key: &Key, until: f64) -> Self {
        Self { key: key.clone(), until: Some(until) }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    pub(crate) fn is_current(&self, now: f64) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

impl Candidate for Member {
    fn kid(&self) -> Option<&str> {
        self.key.kid()
    }

    fn answers_to(&self, alg: &str) -> bool {
        self.key.algorithm().answers_to(alg)
    }
}

impl From<&Key> for Member {
    fn from(key: &Key) -> Self {
        Self { key: key.clone(), until: None }
    }
}

impl From<Key> for Member {
    fn from(key: Key) -> Self {
        Self { key, until: None }
    }
}

/// A JWK that was left out of a set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejected {
    /// Its position in the JWKS, from 0.
    pub index: usize,
    /// Its `kid`, if it could be read.
    pub kid: Option<String>,
    /// Why it cannot be used.
    pub error: Error,
}

impl KeySet {
    /// Makes a set of these keys. An empty set verifies no token.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: two keys have the same `kid` and algorithm.
    /// - [`ErrorCode::KeyInvalid`]: the set mixes HMAC secrets and public keys. This rules out attacks that make a
    ///   verifier use a public key as a secret.
    /// - [`ErrorCode::OptionInvalid`]: the end of a key is not a finite number.
    pub fn new(members: impl IntoIterator<Item = impl Into<Member>>) -> Result<Self, Error> {
        let members: Vec<Member> = members.into_iter().map(Into::into).collect();
        if members.iter().any(|member| member.until.is_some_and(|until| !until.is_finite())) {
            return Err(Error::new(ErrorCode::OptionInvalid, "option \"until\" is not a finite number of seconds"));
        }
        let is_secret = |member: &Member| member.key.key_type() == KeyType::Secret;
        if members.iter().any(is_secret) && !members.iter().all(is_secret) {
            return Err(Error::new(ErrorCode::KeyInvalid, "a key set must not mix secrets with key pairs"));
        }
        let repeats_a_name = Algorithm::all().any(|algorithm| {
            let keys = members.iter().map(Member::key);
            let of_it = keys.filter(|key| key.algorithm().family() == algorithm.family());
            names_of(of_it.filter_map(Key::kid)).is_none()
        });
        if repeats_a_name {
            return Err(Error::new(ErrorCode::KeyAmbiguous, "two keys of the set have the same \"kid\" and \"alg\""));
        }
        Ok(Self { members, rejected: Vec::new() })
    }

    /// Makes a set of the usable keys in a JWKS. A key that cannot be read or used is left out and listed in
    /// [`KeySet::rejected`], so that one bad key does not block all tokens.
    ///
    /// `algorithm` applies to keys without `alg`, if it fits them. Many servers publish RSA keys without `alg`.
    ///
    /// # Errors
    /// Those of [`KeySet::new`].
    pub fn from_jwks(
        jwks: impl IntoIterator<Item = Result<Jwk, Error>>,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, Error> {
        let (mut members, mut rejected): (Vec<Member>, _) = (Vec::new(), Vec::new());
        for (index, jwk) in jwks.into_iter().enumerate() {
            let kid = jwk.as_ref().ok().and_then(|jwk| jwk.kid.clone());
            match jwk.and_then(|jwk| usable(&jwk, algorithm)) {
                Ok(key) => members.push(key.into()),
                Err(error) => rejected.push(Rejected { index, kid, error }),
            }
        }
        Ok(Self { rejected, ..Self::new(members)? })
    }

    /// The JWKs that [`KeySet::from_jwks`] left out, in the order of the JWKS.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The public keys that are in use at `now`, in seconds since the Unix epoch, for publishing.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a key is a secret, which has no public half.
    pub fn to_jwks(&self, now: f64) -> Result<Vec<Jwk>, Error> {
        self.members.iter().filter(|member| member.is_current(now)).map(|member| member.key.to_jwk(false)).collect()
    }

    /// The key for a token with this header.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: the token has no `kid`, and several keys have its algorithm.
    /// - [`ErrorCode::KeyNotFound`]: no key has the token's `kid`, or none has its algorithm.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the key with the token's `kid` has another algorithm.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>, now: f64) -> Result<&Member, Error> {
        let usable = self.members.iter().filter(|member| member.is_current(now) && member.key.verifier().is_ok());
        select(usable, alg, kid)
    }
}

/// The keys of a verifier. A `&Key` or a `&KeySet` converts into it.
#[derive(Clone, Debug)]
pub enum Keys {
    /// One key, used for every token. The token's `kid` is ignored.
    One(Member),
    /// Several keys. The token's `kid` and `alg` select one.
    Set(KeySet),
}

impl Keys {
    /// The key for a token's header. A single key is used for any `kid`.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>, now: f64) -> Result<&Member, Error> {
        match self {
            Self::One(member) => expect_algorithm(member, alg),
            Self::Set(set) => set.select(alg, kid, now),
        }
    }
}

impl From<&Key> for Keys {
    fn from(key: &Key) -> Self {
        Self::One(key.into())
    }
}

impl From<&KeySet> for Keys {
    fn from(set: &KeySet) -> Self {
        Self::Set(set.clone())
    }
}

fn usable(jwk: &Jwk, algorithm: Option<Algorithm>) -> Result<Key, Error> {
    // The caller's algorithm applies only to keys without `alg`.
    let algorithm = algorithm.filter(|_| jwk.alg.is_none());
    Key::from_jwk(jwk, algorithm, &KeyOptions::default())
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("KeySet").field(&self.members).finish()
    }
}
