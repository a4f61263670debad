//! Several keys, and which of them may answer for a token.

use core::fmt;

use super::algorithm::Algorithm;
use super::json::names_of;
use super::jwk::Jwk;
use super::key::Key;
use super::key_options::KeyOptions;
use super::usage::KeyType;
use crate::{Error, ErrorCode};

/// A set of keys, to check the tokens of an issuer that has more than one: during a rotation, or published as a JWKS.
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

/// A key of a set, and when it stops being one.
#[derive(Clone, Debug)]
pub struct Member {
    key: Key,
    until: Option<f64>,
}

impl Member {
    /// A key that checks tokens until a time in seconds since the Unix epoch, and from then on is as if it were not there:
    /// the one that a rotation has replaced.
    #[must_use]
    pub fn until(key: &Key, until: f64) -> Self {
        Self { key: key.clone(), until: Some(until) }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    pub(crate) fn counts(&self, now: f64) -> bool {
        self.until.is_none_or(|until| now < until)
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

/// A JWK that a set left out, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejected {
    /// Where it stood among the keys of the JWKS, from 0.
    pub index: usize,
    /// Its `kid`, where it could be read.
    pub kid: Option<String>,
    /// What was wrong.
    pub error: Error,
}

impl KeySet {
    /// A set of these keys; it may be empty, and then answers for no token.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: two keys with one `kid` and one algorithm.
    /// - [`ErrorCode::KeyInvalid`]: HMAC secrets beside key pairs. A verifier that takes both is one confusion away
    ///   from taking a public key for a secret.
    /// - [`ErrorCode::OptionInvalid`]: an end that is not a finite number.
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

    /// The usable keys of a JWKS. A key we cannot read or use is left out, as one bad key must not lock everybody out, and
    /// stands in [`KeySet::rejected`].
    ///
    /// `algorithm` is for keys that name none and are of its kind: servers publish RSA keys without `alg`.
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

    /// The JWKs that [`KeySet::from_jwks`] left out, in their order.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The public halves of the keys that count at `now`, in seconds since the Unix epoch, to be published.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret has no public half.
    pub fn to_jwks(&self, now: f64) -> Result<Vec<Jwk>, Error> {
        self.members.iter().filter(|member| member.counts(now)).map(|member| member.key.to_jwk(false)).collect()
    }

    /// The one key that may have signed a token with this header.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: no `kid`, and several keys of the algorithm.
    /// - [`ErrorCode::KeyNotFound`]: no such `kid`, or no key of the algorithm.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the key of that name has another algorithm.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>, now: f64) -> Result<&Member, Error> {
        let named = || {
            let counting = self.members.iter().filter(|member| member.counts(now));
            counting.filter(|Member { key, .. }| (kid.is_none() || key.kid() == kid) && key.verifier().is_ok())
        };
        let mut candidates = named().filter(|member| member.key.algorithm().answers_to(alg));
        match (candidates.next(), candidates.next()) {
            (Some(member), None) => Ok(member),
            (Some(_), Some(_)) => {
                Err(Error::new(ErrorCode::KeyAmbiguous, "token has no \"kid\" and several keys fit its \"alg\""))
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
    One(Member),
    /// A set to choose from by the token's `kid` and `alg`.
    Set(KeySet),
}

impl Keys {
    /// The key for a token's header. A single key is the caller's choice, whatever `kid` the token names.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>, now: f64) -> Result<&Member, Error> {
        match self {
            Self::One(member) if member.key.algorithm().answers_to(alg) => Ok(member),
            Self::One(_) => Err(mismatch()),
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
    // What it names itself stands; the caller's is for those that name nothing.
    let algorithm = algorithm.filter(|_| jwk.alg.is_none());
    Key::from_jwk(jwk, algorithm, &KeyOptions::default())
}

fn mismatch() -> Error {
    Error::new(ErrorCode::TokenAlgorithmMismatch, "\"alg\" header is not the key's algorithm")
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("KeySet").field(&self.members).finish()
    }
}
