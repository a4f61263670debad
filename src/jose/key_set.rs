//! Sets of keys, and the selection of the key for a token.

mod repeated;

use core::fmt;
use std::sync::Arc;

use self::repeated::{Label, Place, places_of};
use super::algorithm::{Algorithm, Family};
use super::jwk::Jwk;
use super::key::Key;
use super::key_options::KeyOptions;
use super::name_index::Index;
use super::select::{Candidate, expect_algorithm, not_found, select};
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
/// Cloning is cheap: clones share the keys. Finding the key of a token does not take longer in a larger set.
#[derive(Clone, Default)]
pub struct KeySet(Arc<Contents>);

#[derive(Clone, Default)]
struct Contents {
    members: Vec<Member>,
    members_by_kid: Index,
    /// The places of the members for each algorithm. Of algorithms that mean the same, the first stands for all.
    members_by_algorithm: Vec<(Algorithm, Vec<usize>)>,
    rejected: Vec<Rejected>,
    rejected_by_kid: Index,
    /// Other keys, each for other algorithms. Such a set has no members of its own.
    sources: Vec<Keys>,
}

/// Secrets often have no `kid`: in one set, tokens of several would be ambiguous.
const OVERLAP: &str = if cfg!(feature = "secrets") {
    "two keys or key sets are for the same algorithm: put the keys into one set, or check with one after the other if they have no \"kid\""
} else {
    "two keys or key sets are for the same algorithm: put the keys into one set"
};

/// A key in a set, and until when it is used.
#[derive(Clone, Debug)]
pub struct Member {
    key: Key,
    until: Option<f64>,
    /// Whether another key of the set has the same `kid` and algorithm. Such a key is not published. It stays in the
    /// set, so that its tokens are refused as ambiguous.
    is_ambiguous: bool,
}

impl Member {
    /// A key that is used until a time in seconds since the Unix epoch, and ignored from then on. Use it for the old
    /// key in a rotation.
    #[must_use]
    pub fn until(key: &Key, until: f64) -> Self {
        Self { until: Some(until), ..key.into() }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// Until when the key is used. Infinite if it has no end.
    pub(crate) fn until_or_never(&self) -> f64 {
        self.until.unwrap_or(f64::INFINITY)
    }

    pub(crate) fn is_current(&self, now: f64) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// The member as a set keeps it. A private key that may only sign is replaced by its public key.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
    fn for_verifying(mut self) -> Result<Self, Error> {
        if self.key.key_type() == KeyType::Private && self.key.verifier().is_err() {
            self.key = self.key.public_key()?;
        }
        self.key.verifier()?;
        Ok(self)
    }

    fn label(&self) -> Label {
        let family = self.key.algorithm().first_of_family().name();
        // A member can verify, so its identity is known.
        let identity = self.key.identity().unwrap_or_default();
        let name = [family, " ", self.key.kid().unwrap_or(&identity)].concat();
        let is_named = if self.key.kid().is_some() { "" } else { " unnamed" };
        Label { identity: [&name, " ", &identity, is_named].concat(), name }
    }
}

impl Candidate for Member {
    fn kid(&self) -> Option<&str> {
        self.key.kid()
    }

    fn answers_to(&self, alg: &str) -> bool {
        self.key.algorithm().answers_to(alg)
    }

    fn could_answer_to(&self, alg: &str) -> bool {
        let is_rsa = |algorithm: Algorithm| matches!(algorithm.family(), Family::Rsa(..));
        is_rsa(self.key.algorithm()) && alg.parse().is_ok_and(is_rsa)
    }
}

impl From<&Key> for Member {
    fn from(key: &Key) -> Self {
        key.clone().into()
    }
}

impl From<Key> for Member {
    fn from(key: Key) -> Self {
        Self { key, until: None, is_ambiguous: false }
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
    /// The most keys that a JWKS may have.
    pub(crate) const MAX_KEYS: usize = 10_000;

    /// Makes a set of these keys. An empty set verifies no token.
    ///
    /// A key that is given twice counts once, until the later of its ends. Different keys with the same `kid` and
    /// algorithm are left out: [`KeySet::rejected`] lists them, and their own tokens are refused with
    /// [`ErrorCode::KeyAmbiguous`].
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the set mixes HMAC secrets and public keys. This rules out attacks that make a
    ///   verifier use a public key as a secret. To accept both, use [`Keys::by_algorithm`].
    /// - [`ErrorCode::OptionInvalid`]: the end of a key is not a finite number.
    pub fn new(members: impl IntoIterator<Item = impl Into<Member>>) -> Result<Self, Error> {
        let found = |member: Member| (member.key.kid().map(Into::into), member.for_verifying());
        Self::of(members.into_iter().map(Into::into).map(found).collect())
    }

    /// Makes a set of the usable keys in a JWKS. A key that cannot be read or used is left out and listed in
    /// [`KeySet::rejected`], so that one bad key does not block all tokens.
    ///
    /// Many servers publish keys without `alg`. The curve of an EC or OKP key decides. An RSA key counts as
    /// [`Algorithm::Rs256`], the default of `OpenID` Connect (Dynamic Client Registration §2). `algorithm` replaces
    /// these defaults for the keys that it fits. Secrets without `alg` need it.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the JWKS has more than 10000 keys, or mixes secrets and public keys.
    pub fn from_jwks(
        jwks: impl IntoIterator<Item = Result<Jwk, Error>>,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, Error> {
        let mut found = Vec::new();
        for jwk in jwks {
            if found.len() == Self::MAX_KEYS {
                return Err(too_many_keys());
            }
            let kid = jwk.as_ref().ok().and_then(|jwk| jwk.kid.clone());
            found.push((kid, jwk.and_then(|jwk| usable(&jwk, algorithm))));
        }
        Self::of(found)
    }

    /// Makes a set of the members that can be used.
    fn of(found: Vec<Found>) -> Result<Self, Error> {
        let members = || found.iter().filter_map(|(_, member)| member.as_ref().ok());
        if members().any(|member| member.until.is_some_and(|until| !until.is_finite())) {
            return Err(Error::new(ErrorCode::OptionInvalid, "option \"until\" is not a finite number of seconds"));
        }
        let is_secret = |member: &Member| member.key.key_type() == KeyType::Secret;
        if members().any(is_secret) && !members().all(is_secret) {
            return Err(Error::new(
                ErrorCode::KeyInvalid,
                "a key set must not mix secrets with key pairs: make a set of each, and pass both in an array",
            ));
        }
        let places =
            places_of(&found.iter().map(|(_, member)| member.as_ref().ok().map(Member::label)).collect::<Vec<_>>());
        let mut set = Contents::default();
        for (index, ((kid, member), place)) in found.into_iter().zip(places).enumerate() {
            match (member, place) {
                (Ok(member), Place::Alone) => set.members.push(member),
                (Ok(member), Place::Again) => set.extend(&member),
                (Ok(member), Place::Ambiguous) => {
                    set.rejected.push(Rejected { index, kid, error: same_name() });
                    set.members.push(Member { is_ambiguous: true, ..member });
                }
                (Err(error), _) => set.rejected.push(Rejected { index, kid, error }),
            }
        }
        set.index();
        Ok(Self(Arc::new(set)))
    }

    /// The keys that were left out, in their order.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.0.rejected
    }

    /// The public keys that are in use at `now`, in seconds since the Unix epoch, for publishing. Each has the `use`
    /// `"sig"`.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a key is a secret, which has no public half.
    pub fn to_jwks(&self, now: f64) -> Result<Vec<Jwk>, Error> {
        let published = |member: &Member| {
            let mut jwk = member.key.to_jwk(false)?;
            // Old versions of Keycloak use no key without it.
            jwk.use_ = Some("sig".into());
            Ok(jwk)
        };
        self.in_use(now).map(published).collect()
    }

    /// When the first of the keys in use at `now` ends. Times are in seconds since the Unix epoch.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, Member};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// let set = KeySet::new([Member::until(&key, 1_800_000_000.0)])?;
    /// assert_eq!(set.next_end(1_799_999_999.0), Some(1_800_000_000.0));
    /// assert_eq!(set.next_end(1_800_000_000.0), None);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[must_use]
    pub fn next_end(&self, now: f64) -> Option<f64> {
        self.in_use(now).filter_map(|member| member.until).reduce(f64::min)
    }

    /// Whether no key of the set can verify a token at any time.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.members.iter().all(|member| member.is_ambiguous)
    }

    fn in_use(&self, now: f64) -> impl Iterator<Item = &Member> {
        self.0.members.iter().filter(move |member| !member.is_ambiguous && member.is_current(now))
    }

    /// The key for a token with this header.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyAmbiguous`]: several keys have the token's `kid` and algorithm, or the token has no `kid` and
    ///   several keys have its algorithm.
    /// - [`ErrorCode::KeyNotFound`]: no key has the token's `kid`, or none has its algorithm. If a key with that `kid`
    ///   was left out, the message says why.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the key with the token's `kid` has another algorithm.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>, now: f64) -> Result<&Member, Error> {
        let sources = &self.0.sources;
        let selected = match sources.iter().find(|source| source.serve(alg)) {
            Some(source) => return source.select(alg, kid, now),
            None if sources.is_empty() => {
                select(self.0.candidates(alg, kid).filter(|member| member.is_current(now)), alg, kid)
            }
            None => Err(not_found()),
        };
        match selected {
            // Its twin is out of use now. It was left out anyway: what is published and what verifies must agree.
            Ok(member) if member.is_ambiguous => Err(same_name()),
            Err(error) if error.code() == ErrorCode::KeyNotFound => Err(self.why_not(kid).unwrap_or(error)),
            selected => selected,
        }
    }

    /// The error for a token whose key was left out of the set.
    fn why_not(&self, kid: Option<&str>) -> Option<Error> {
        let Contents { rejected, rejected_by_kid, sources, .. } = &*self.0;
        let mut candidates = rejected_by_kid.places(kid).iter().filter_map(|place| rejected.get(*place));
        let Some(left_out) = candidates.find(|rejected| rejected.kid.as_deref() == kid) else {
            return sources.iter().find_map(|source| source.why_not(kid));
        };
        let message = format!("the token's key cannot be used: {}", left_out.error);
        Some(Error::new(ErrorCode::KeyNotFound, message))
    }

    /// Adds keys for other algorithms to a set without members.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the set has keys for the same algorithm.
    pub(crate) fn join(&mut self, keys: Keys) -> Result<(), Error> {
        if Algorithm::all().any(|algorithm| self.serves(algorithm.name()) && keys.serve(algorithm.name())) {
            return Err(Error::new(ErrorCode::KeyInvalid, OVERLAP));
        }
        Arc::make_mut(&mut self.0).sources.push(keys);
        Ok(())
    }

    /// Whether a key of the set has this algorithm.
    fn serves(&self, alg: &str) -> bool {
        let Contents { members_by_algorithm, sources, .. } = &*self.0;
        members_by_algorithm.iter().any(|(algorithm, _)| algorithm.answers_to(alg))
            || sources.iter().any(|source| source.serve(alg))
    }
}

impl Contents {
    /// Lets the same key, which is in the set already, live as long as this member.
    fn extend(&mut self, again: &Member) {
        let is_same = |own: &&mut Member| own.until.is_some() && own.label() == again.label();
        if let Some(own) = self.members.iter_mut().find(is_same) {
            own.until = own.until.zip(again.until).map(|(own, other)| own.max(other));
        }
    }

    /// Prepares `candidates`, once all members are there.
    fn index(&mut self) {
        self.members_by_kid = Index::new(self.members.iter().map(Member::kid));
        self.rejected_by_kid = Index::new(self.rejected.iter().map(|rejected| rejected.kid.as_deref()));
        for (place, member) in self.members.iter().enumerate() {
            let own = member.key.algorithm().first_of_family();
            match self.members_by_algorithm.iter_mut().find(|(algorithm, _)| *algorithm == own) {
                Some((_, places)) => places.push(place),
                None => self.members_by_algorithm.push((own, vec![place])),
            }
        }
    }

    /// The members, in their order, among which the key of a token is: those with its `kid` and perhaps a few others, or
    /// those for its algorithm if it has no `kid`.
    fn candidates(&self, alg: &str, kid: Option<&str>) -> impl Iterator<Item = &Member> + Clone {
        let places = if kid.is_some() {
            self.members_by_kid.places(kid)
        } else {
            let group = self.members_by_algorithm.iter().find(|(algorithm, _)| algorithm.answers_to(alg));
            group.map(|(_, places)| places.as_slice()).unwrap_or_default()
        };
        places.iter().filter_map(|place| self.members.get(*place))
    }
}

/// The `kid` of a key, and the member of a set that it becomes or the reason why it cannot.
type Found = (Option<String>, Result<Member, Error>);

/// The keys of a verifier. A `&Key` or a `&KeySet` converts into it.
#[derive(Clone, Debug)]
pub enum Keys {
    /// One key, used for every token. The token's `kid` is ignored.
    One(Member),
    /// Several keys. The token's `kid` and `alg` select one.
    Set(KeySet),
}

impl Keys {
    /// Keys and sets, each for other algorithms. The token's `alg` selects one of them. Use it during a
    /// migration from HMAC secrets to public keys: each key still verifies its own algorithm only, so that nobody can
    /// use a public key as a secret.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: two of them have keys for the same algorithm.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, Keys, SignOptions, VerifyOptions, sign, verify};
    ///
    /// let old = Key::generate(Algorithm::Hs256, &KeyOptions::default())?;
    /// let new = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// let keys = Keys::by_algorithm([Keys::from(&old), Keys::from(&new)])?;
    /// for key in [&old, &new] {
    ///     let token = sign("{}", key, &SignOptions::default(), 0.0)?;
    ///     assert!(verify(&token, keys.clone(), &VerifyOptions::default(), 0.0).is_ok());
    /// }
    /// assert!(Keys::by_algorithm([Keys::from(&old), Keys::from(&old)]).is_err());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn by_algorithm(sources: impl IntoIterator<Item = Self>) -> Result<Self, Error> {
        let mut joined = KeySet::default();
        for source in sources {
            joined.join(source)?;
        }
        Ok(Self::Set(joined))
    }

    /// Like [`Keys::by_algorithm`], but the first with keys for an algorithm serves it alone.
    #[cfg(all(target_arch = "wasm32", feature = "npm-verify"))]
    pub(crate) fn first_serving(sources: [&Self; 2]) -> Self {
        match sources {
            [Self::Set(set), only] if set.0.members.is_empty() && set.0.sources.is_empty() => only.clone(),
            sources => {
                let sources = sources.map(Clone::clone).into();
                Self::Set(KeySet(Arc::new(Contents { sources, ..Contents::default() })))
            }
        }
    }

    /// The key for a token's header. A single key is used for any `kid`.
    pub(crate) fn select(&self, alg: &str, kid: Option<&str>, now: f64) -> Result<&Member, Error> {
        match self {
            Self::One(member) => expect_algorithm(member, alg),
            Self::Set(set) => set.select(alg, kid, now),
        }
    }

    /// Checks that a key which stands alone may verify. The keys of a set are checked when the set is made.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
    pub(crate) fn expect_verifying(&self) -> Result<(), Error> {
        match self {
            Self::One(member) => member.key().verifier().map(drop),
            Self::Set(set) => set.0.sources.iter().try_for_each(Self::expect_verifying),
        }
    }

    /// Whether one of the keys has this algorithm.
    pub(crate) fn serve(&self, alg: &str) -> bool {
        match self {
            Self::One(member) => member.answers_to(alg),
            Self::Set(set) => set.serves(alg),
        }
    }

    fn why_not(&self, kid: Option<&str>) -> Option<Error> {
        match self {
            Self::One(_) => None,
            Self::Set(set) => set.why_not(kid),
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

fn usable(jwk: &Jwk, algorithm: Option<Algorithm>) -> Result<Member, Error> {
    // A set takes no short secrets.
    let allow_short = (cfg!(feature = "secrets") && jwk.kty.as_deref() == Some("oct")).then_some(false);
    let options = KeyOptions { allow_short, ..KeyOptions::default() };
    Member::from(Key::from_jwk(jwk, default_algorithm(jwk, algorithm), &options)?).for_verifying()
}

/// The algorithm of a JWK that names none: the caller's if it fits, or else the default for RSA keys. Curves have
/// defaults of their own.
fn default_algorithm(jwk: &Jwk, chosen: Option<Algorithm>) -> Option<Algorithm> {
    if jwk.alg.is_some() {
        return None;
    }
    let fits = |algorithm: &Algorithm| match (jwk.kty.as_deref(), algorithm.family()) {
        (Some("EC"), Family::Ecdsa(curve)) => jwk.crv.as_deref() == Some(curve.name()),
        (Some("OKP"), Family::Ed25519) | (Some("RSA"), Family::Rsa(..)) | (Some("oct"), Family::Hmac(_)) => true,
        _ => false,
    };
    chosen.filter(fits).or_else(|| (jwk.kty.as_deref() == Some("RSA")).then_some(Algorithm::Rs256))
}

/// The error for a JWKS with too many keys.
pub(crate) fn too_many_keys() -> Error {
    Error::new(ErrorCode::KeyInvalid, format!("JWKS has more than {} keys", KeySet::MAX_KEYS))
}

fn same_name() -> Error {
    Error::new(ErrorCode::KeyAmbiguous, "another key of the set has the same \"kid\" and \"alg\"")
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("KeySet").field(&self.0.members).finish()
    }
}
