//! What is done with a policy: hash, check, judge.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::description::Description;
use super::limits::Limits;
use super::normalize::Normalize;
use super::pepper::{Pepper, Peppers};
use super::policy::Policy;
use super::preparation::Preparation;
use super::recipe::Recipe;
use super::scheme::Scheme;
use super::standard::{SALT_BYTES, Standard};
use super::stored::unusable::is_unusable;
use super::stored::{Stored, written};
use crate::{Error, ErrorCode};

/// Hashes and checks passwords by one policy, which is read once.
///
/// ```
/// use countersign::password::{PasswordHasher, Policy, Scheme};
///
/// let hasher = PasswordHasher::new(&Policy::default())?;
/// let stored = hasher.hash("correct horse battery staple")?;
/// let verdict = hasher.verify("correct horse battery staple", Some(&stored))?;
/// assert!(verdict.ok && !verdict.needs_rehash);
/// assert_eq!(verdict.scheme, Some(Scheme::Argon2id));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PasswordHasher {
    accepted: Vec<Scheme>,
    limits: Limits,
    normalize: Normalize,
    peppers: Peppers,
    standard: Standard,
}

/// The answer to a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Whether this is the password that was hashed.
    pub ok: bool,
    /// Whether to store a new hash of the password now. Only ever true with `ok`: a password that was not recognized
    /// must not be stored.
    pub needs_rehash: bool,
    /// The scheme of the stored hash; none where there was no hash.
    pub scheme: Option<Scheme>,
}

/// The answer to a check that renews what has become too weak.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Updated {
    /// Whether this is the password that was hashed.
    pub ok: bool,
    /// What to store in place of the hash that was checked, where that is weaker than the policy.
    pub new_hash: Option<String>,
}

impl PasswordHasher {
    /// A hasher that follows `policy`.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option out of its range, params beyond the limits or of another scheme, a list
    ///   of accepted schemes without that of new hashes, peppers with one id. What this hasher makes, it can check.
    pub fn new(policy: &Policy) -> Result<Self, Error> {
        let limits = policy.limits()?;
        let standard = Standard::new(policy, &limits)?;
        Ok(Self {
            accepted: policy.accepted(standard.scheme)?,
            limits,
            normalize: policy.normalize.unwrap_or_default(),
            peppers: Peppers::new(policy.pepper.as_ref())?,
            standard,
        })
    }

    /// A string to store, with a fresh random salt of 16 bytes: for Argon2id and scrypt a PHC string with a tag of 32
    /// bytes, for bcrypt `$2b$…`, for PBKDF2 passlib's form with as long a tag as the digest gives.
    ///
    /// The empty password is hashed like any other: which passwords are good enough is for the caller to say.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit, or, with bcrypt and without a pepper, than the 72
    ///   bytes that bcrypt reads.
    /// - [`ErrorCode::OutOfMemory`]: the memory could not be had.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.limits.check_length(password)?;
        let password = self.normalize.apply(password)?;
        if !self.reads_whole(&password) {
            return Err(Error::new(
                ErrorCode::PasswordTooLong,
                "password is longer than the 72 bytes that bcrypt reads",
            ));
        }
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| {
            Error::new(
                ErrorCode::Internal,
                "the platform gives no random numbers here; a Worker gets them while it answers a request",
            )
        })?;
        let recipe = self.standard.recipe.salted(salt);
        let pepper = self.peppers.current();
        let tag = tag(&recipe, &Preparation::None, password, pepper, recipe.tag_bytes())?;
        Ok(written(&recipe, &tag, pepper.map(Pepper::id)))
    }

    /// Checks a password against what was stored for a user, or, for a user who does not exist, against nothing, at the
    /// cost of a new hash, so that the time of the answer does not say which it was. A mark that there is no password,
    /// as Django writes it (`!…`), is nothing, too.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit.
    /// - [`ErrorCode::HashMalformed`]: in no form that is known, or not as its form has it.
    /// - [`ErrorCode::HashUnsupported`]: of a scheme that is unknown or not accepted, of an unknown version, or made with
    ///   a pepper that the policy does not hold.
    /// - [`ErrorCode::HashCostTooHigh`]: beyond the policy's limits.
    /// - [`ErrorCode::OutOfMemory`]: the memory could not be had.
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy};
    /// # let hasher = PasswordHasher::new(&Policy::default())?;
    /// let hostile = "$argon2id$v=19$m=4194304,t=9999,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFn";
    /// let error = hasher.verify("password", Some(hostile)).unwrap_err();
    /// assert_eq!(error.code(), countersign::ErrorCode::HashCostTooHigh);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict, Error> {
        self.limits.check_length(password)?;
        let stored = stored.filter(|stored| !is_unusable(stored)).map(|stored| self.read(stored)).transpose()?;
        let password = self.normalize.apply(password)?;
        let Some(stored) = stored else {
            // Computed and compared as if there were a hash, and then dismissed.
            let recipe = self.standard.recipe.salted([0; SALT_BYTES]);
            let nothing = vec![0; recipe.tag_bytes()];
            let _ = is_tag(&recipe, &Preparation::None, password, self.peppers.current(), &nothing)?;
            return Ok(Verdict { ok: false, needs_rehash: false, scheme: None });
        };
        let parts = &stored.parts;
        let pepper = self.peppers.named(parts.pepper.as_deref())?;
        // What bcrypt cannot read whole is not to be hashed with it, and stays as it is.
        let renewable = self.reads_whole(&password);
        let ok = is_tag(&parts.recipe, &parts.preparation, password, pepper, &parts.tag)?;
        Ok(Verdict { ok, needs_rehash: ok && renewable && self.is_weak(&stored), scheme: Some(stored.scheme) })
    }

    /// Checks as [`PasswordHasher::verify`] does, and makes a new hash where the password matched a weaker one.
    ///
    /// # Errors
    /// Those of [`PasswordHasher::verify`] and [`PasswordHasher::hash`].
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy};
    /// # let hasher = PasswordHasher::new(&Policy::default())?;
    /// # let mut column = String::from("$argon2i$v=19$m=64,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$tmUE7q2WmrNxSIpJChQAQGpq9V+T9O6UhoSAJk3SXAw");
    /// let answer = hasher.verify_and_update("password", Some(&column))?;
    /// if let Some(new_hash) = answer.new_hash {
    ///     column = new_hash;
    /// }
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn verify_and_update(&self, password: &str, stored: Option<&str>) -> Result<Updated, Error> {
        let Verdict { ok, needs_rehash, .. } = self.verify(password, stored)?;
        let new_hash = needs_rehash.then(|| self.hash(password)).transpose()?;
        Ok(Updated { ok, new_hash })
    }

    /// Whether a stored hash is weaker than a new one would be, in any respect: of a weaker scheme or an older version,
    /// at lower costs, with a shorter salt or tag, without the policy's pepper or with a previous one.
    ///
    /// Never for a hash that is merely different or stronger: nothing is replaced by something weaker. With Argon2 and
    /// scrypt, lower costs are less memory, or less work in all; more memory may make up for less work, as OWASP and RFC
    /// 9106 have it, and the number of Argon2's lanes says nothing about strength. A hash of a stronger scheme than the
    /// policy's stays if it meets that scheme's own defaults; the order is Argon2id, scrypt, bcrypt, PBKDF2 with SHA-512,
    /// PBKDF2 with SHA-256, and all others.
    ///
    /// # Errors
    /// - [`ErrorCode::HashMalformed`], [`ErrorCode::HashUnsupported`], [`ErrorCode::HashCostTooHigh`]: as for
    ///   [`PasswordHasher::verify`].
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy};
    /// # let hasher = PasswordHasher::new(&Policy::default())?;
    /// let tag = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    /// let stored = |costs| format!("$argon2id$v=19${costs}$AAAAAAAAAAAAAAAAAAAAAA${tag}");
    /// assert!(hasher.needs_rehash(&stored("m=19456,t=1,p=1"))?);
    /// assert!(!hasher.needs_rehash(&stored("m=65536,t=3,p=4"))?);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn needs_rehash(&self, stored: &str) -> Result<bool, Error> {
        if is_unusable(stored) {
            return Ok(false);
        }
        let stored = self.read(stored)?;
        self.peppers.named(stored.parts.pepper.as_deref())?;
        Ok(self.is_weak(&stored))
    }

    /// How a stored hash was made, whatever this policy thinks of it: costs beyond the limits and schemes that are not
    /// accepted are described like all others.
    ///
    /// # Errors
    /// - [`ErrorCode::HashMalformed`], [`ErrorCode::HashUnsupported`]: as for [`PasswordHasher::verify`].
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy};
    /// # let hasher = PasswordHasher::new(&Policy::default())?;
    /// let described = hasher.describe(&hasher.hash("correct horse battery staple")?)?;
    /// assert_eq!(described.format, "phc");
    /// assert_eq!(described.costs, [("memoryKib", 19456), ("passes", 2), ("lanes", 1)]);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn describe(&self, stored: &str) -> Result<Description, Error> {
        describe(stored)
    }

    /// The scheme of a stored hash by the way it begins, without reading the rest; none of what begins like no hash.
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy, Scheme};
    /// # let hasher = PasswordHasher::new(&Policy::default())?;
    /// assert_eq!(hasher.identify("$argon2i$v=19$…"), Some(Scheme::Argon2i));
    /// assert_eq!(hasher.identify("correct horse battery staple"), None);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[must_use]
    pub fn identify(&self, stored: &str) -> Option<Scheme> {
        identify(stored)
    }

    fn read(&self, stored: &str) -> Result<Stored, Error> {
        Stored::read(stored, &self.accepted, &self.limits)
    }

    fn is_weak(&self, stored: &Stored) -> bool {
        let current = self.peppers.current().map(Pepper::id);
        (current.is_some() && stored.parts.pepper.as_deref() != current) || self.standard.is_missed_by(stored)
    }

    /// Whether a new hash would be of all of this password.
    fn reads_whole(&self, password: &str) -> bool {
        self.peppers.current().is_some() || self.standard.recipe.reads_whole(password)
    }
}

/// Describes one stored hash.
///
/// # Errors
/// Those of [`PasswordHasher::describe`].
pub fn describe(stored: &str) -> Result<Description, Error> {
    Stored::read(stored, Scheme::ALL, &Limits::none()).map(Description::of)
}

/// The scheme of one stored hash, as [`PasswordHasher::identify`] gives it.
#[must_use]
pub fn identify(stored: &str) -> Option<Scheme> {
    Stored::identify(stored)
}

/// The tag that `recipe` makes of `password`, which is let go.
fn tag(
    recipe: &Recipe,
    preparation: &Preparation,
    password: Zeroizing<String>,
    pepper: Option<&Pepper>,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (password, secret) = match pepper {
        Some(pepper) if recipe.takes_secret() => (password, pepper.key()),
        Some(pepper) => (pepper.applied(&password)?, Default::default()),
        None => (password, Default::default()),
    };
    recipe.tag(&preparation.apply(password)?, secret, length)
}

/// Whether `recipe` makes of `password` this tag, compared in constant time.
fn is_tag(
    recipe: &Recipe,
    preparation: &Preparation,
    password: Zeroizing<String>,
    pepper: Option<&Pepper>,
    stored: &[u8],
) -> Result<bool, Error> {
    let computed = tag(recipe, preparation, password, pepper, stored.len())?;
    Ok(computed.ct_eq(stored).into())
}

/// Hashes one password; a [`PasswordHasher`] that is kept does the same without reading its policy again.
///
/// # Errors
/// Those of [`PasswordHasher::new`] and [`PasswordHasher::hash`].
pub fn hash(password: &str, policy: &Policy) -> Result<String, Error> {
    PasswordHasher::new(policy)?.hash(password)
}

/// Checks one password.
///
/// # Errors
/// Those of [`PasswordHasher::new`] and [`PasswordHasher::verify`].
///
/// ```
/// use countersign::password::{Policy, hash, verify};
///
/// let stored = hash("correct horse battery staple", &Policy::default())?;
/// assert!(verify("correct horse battery staple", Some(&stored), &Policy::default())?);
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn verify(password: &str, stored: Option<&str>, policy: &Policy) -> Result<bool, Error> {
    PasswordHasher::new(policy)?.verify(password, stored).map(|verdict| verdict.ok)
}

/// Judges one stored hash.
///
/// # Errors
/// Those of [`PasswordHasher::new`] and [`PasswordHasher::needs_rehash`].
pub fn needs_rehash(stored: &str, policy: &Policy) -> Result<bool, Error> {
    PasswordHasher::new(policy)?.needs_rehash(stored)
}
