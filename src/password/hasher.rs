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
use super::stored::{Parts, Stored, written};
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
    /// It takes as long as [`PasswordHasher::verify`] does with nothing stored, whatever the password and also where it is
    /// refused for what is in it: some hash for a user who does not exist, so that the time does not tell.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordInvalid`]: without a pepper, with bcrypt and a NUL in the password, as `bcrypt` repeats it with
    ///   a NUL after it, so that `ab` and `ab\0ab` are one; with scrypt and PBKDF2 and a NUL at its end, as HMAC fills up its
    ///   keys with zeros, so that `ab` and `ab\0` are one.
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit, or, with bcrypt and without a pepper, than the 72
    ///   bytes that bcrypt reads.
    /// - [`ErrorCode::OutOfMemory`]: the memory could not be had.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.limits.check_length(password)?;
        let normal = self.normalize.apply(password)?;
        let typed = (*normal != *password).then_some(password);
        self.check_reads_whole(&normal).or_else(|refusal| self.dismiss(&normal, typed).and(Err(refusal)))?;
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| {
            Error::new(
                ErrorCode::Internal,
                "the platform gives no random numbers here; a Worker gets them while it answers a request",
            )
        })?;
        let recipe = self.standard.recipe.salted(salt);
        let pepper = self.peppers.current();
        // The time of the other form that a check would try.
        if let (Some(typed), None) = (typed, pepper) {
            self.dismiss(typed, None)?;
        }
        let tag = tag(&recipe, &Preparation::None, &normal, pepper, recipe.tag_bytes())?;
        Ok(written(&recipe, &tag, pepper.map(Pepper::id)))
    }

    /// Expects a password that [`PasswordHasher::hash`] takes. It computes nothing.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordInvalid`], [`ErrorCode::PasswordTooLong`]: as for [`PasswordHasher::hash`].
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy};
    /// let hasher = PasswordHasher::new(&Policy::default())?;
    /// assert!(hasher.check_hashable("correct horse battery staple").is_ok());
    /// let error = hasher.check_hashable(&"x".repeat(5000)).unwrap_err();
    /// assert_eq!(error.code(), countersign::ErrorCode::PasswordTooLong);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn check_hashable(&self, password: &str) -> Result<(), Error> {
        self.limits.check_length(password)?;
        // Argon2 alone reads everything, in whatever form.
        if cfg!(feature = "schemes") { self.check_reads_whole(&self.normalize.apply(password)?) } else { Ok(()) }
    }

    /// Checks a password against what was stored for a user, or, for a user who does not exist, against nothing, at the
    /// cost of a new hash, so that the time of the answer does not say which it was. A mark that there is no password,
    /// as Django writes it (`!…`), is nothing, too.
    ///
    /// A password that the policy's normalization changes is checked as it was typed, too, if its normalized form did not
    /// match and the hash has no pepper, as most other software hashes the bytes that come. A match of those is renewed.
    ///
    /// `WordPress` hashed passwords with a backslash before every `'`, `"`, `\` and NUL, and phpBB with `&`, `<`, `>` and `"`
    /// as HTML writes them. Against their hashes (`$wp$2y$`, `$P$`; `$H$`) a password with one of these characters is checked
    /// in that way, too, after the others: at most four computations in all. A match is renewed as it was typed.
    ///
    /// Against a hash of bcrypt itself, only the first 72 bytes count, and a password with a NUL never matches. Against one of
    /// scrypt or PBKDF2, a password with a NUL at its end never does.
    ///
    /// `needs_rehash` is of a password that the stored form hashed whole. It is false where other passwords match as well
    /// and a new hash would refuse them: with white space about it that `WordPress` took off, with what may be a backslash
    /// of `WordPress` or HTML of phpBB, in a form that better-auth brought to NFKC. Nor is anything renewed that a new hash
    /// could not be made of.
    ///
    /// It is true of a password of 72 bytes or more that matches a hash of bcrypt, though bcrypt has not read the rest, and
    /// any other rest logs in as well. What is typed is renewed, and counts whole from then on: after a slip beyond byte 72
    /// that is the password, and the one that was set is refused.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit, or than SHA-crypt or phpass could be computed
    ///   with, at the cost of a new hash.
    /// - [`ErrorCode::HashMalformed`]: in no form that is known, or not as its form has it.
    /// - [`ErrorCode::HashUnsupported`]: of a scheme that is unknown or not accepted, of an unknown version, or made with
    ///   a pepper that the policy does not hold.
    /// - [`ErrorCode::HashCostTooHigh`]: beyond the policy's limits. So is scrypt at its default cost, 128 MiB, where the policy
    ///   does not make scrypt and its limit is not raised.
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
        let normal = self.normalize.apply(password)?;
        // None where normalization changes nothing.
        let typed = (*normal != *password).then_some(password);
        let Some(stored) = stored else {
            self.dismiss(&normal, typed)?;
            return Ok(Verdict { ok: false, needs_rehash: false, scheme: None });
        };
        let parts = &stored.parts;
        let pepper = self.peppers.named(parts.pepper.as_deref())?;
        let matched = parts.matching(&normal, typed, pepper).or_else(|error| {
            // A limit on the password that only some hashes have is not to be told by the time.
            if error.code() == ErrorCode::PasswordTooLong {
                self.dismiss(&normal, typed)?;
            }
            Err(error)
        })?;
        let Some(matched) = matched else {
            return Ok(Verdict { ok: false, needs_rehash: false, scheme: Some(stored.scheme) });
        };
        let is_old = match matched {
            Match::Normal => self.is_weak(&stored),
            Match::Other => true,
            Match::Shared => false,
        };
        let needs_rehash = is_old && self.check_reads_whole(&normal).is_ok();
        Ok(Verdict { ok: true, needs_rehash, scheme: Some(stored.scheme) })
    }

    /// Computes and compares as if there were a hash by this policy, of another password.
    fn dismiss(&self, normal: &str, typed: Option<&str>) -> Result<(), Error> {
        let recipe = self.standard.recipe.salted([0; SALT_BYTES]);
        let nothing = vec![0; recipe.tag_bytes()];
        let pepper = self.peppers.current();
        let parts = Parts { preparation: Preparation::None, recipe, tag: nothing, pepper: None };
        let _ = parts.matching(normal, typed, pepper)?;
        Ok(())
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
    /// at lower costs, with a salt or tag of less than 128 bits, without the policy's pepper or with a previous one. Whether
    /// this password can be renewed is for [`PasswordHasher::verify`] to say.
    ///
    /// Hashes of one computation are held against each other by their costs, whoever stores them: PBKDF2 with one digest,
    /// bcrypt over whatever is done to a password first, scrypt, Argon2id. Of these, none that costs as much or more is
    /// replaced for its costs. What is replaced for anything else (a salt, a tag, a pepper, a version, a password that matched
    /// only as it was typed or escaped) gets the policy's costs, which may be lower. With Argon2 and scrypt, lower costs are
    /// less memory, or less work in all; more memory may make up for less work, as OWASP and RFC 9106 have it, and the number
    /// of Argon2's lanes says nothing about strength.
    ///
    /// Different computations are ranked: Argon2id, scrypt, Argon2i and Argon2d, bcrypt, PBKDF2 with SHA-512, with
    /// SHA-256, and all others. A hash of a lower rank than the policy's is replaced, and one of a higher rank stays if it
    /// meets the defaults of its own, or, of Argon2 and scrypt, another of the settings that OWASP holds to be as good. The
    /// rank says what is to be preferred at sound costs; it does not look at yours: a policy of Argon2id at next to no cost
    /// replaces bcrypt at any cost.
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
    /// - [`ErrorCode::HashCostTooHigh`]: beyond what can be computed at all: of bcrypt 31, of scrypt N = 2^32.
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

    /// The most bytes of scratch memory that a check of `stored`, or a new hash, works in. None are counted for a stored
    /// hash that cannot be read: a check of it computes nothing.
    #[cfg_attr(not(all(feature = "npm", target_family = "wasm")), expect(dead_code, reason = "for the npm package"))]
    pub(crate) fn scratch_bytes(&self, stored: Option<&str>) -> usize {
        let stored = stored.and_then(|stored| self.read(stored).ok());
        let stored = stored.map_or(0, |stored| stored.parts.recipe.scratch_bytes());
        stored.max(self.standard.recipe.scratch_bytes())
    }

    fn read(&self, stored: &str) -> Result<Stored, Error> {
        Stored::read(stored, &self.accepted, &self.limits)
    }

    fn is_weak(&self, stored: &Stored) -> bool {
        let current = self.peppers.current().map(Pepper::id);
        (current.is_some() && stored.parts.pepper.as_deref() != current) || self.standard.is_missed_by(stored)
    }

    /// Expects a normalized password that a new hash would be of all of.
    fn check_reads_whole(&self, normal: &str) -> Result<(), Error> {
        if self.peppers.current().is_some() { Ok(()) } else { self.standard.recipe.check_reads_whole(normal) }
    }
}

impl Parts {
    /// How a password has this tag, if it has: in the policy's form, or else, without a pepper, as it was typed; or else as
    /// the software that hashed it got to see either.
    fn matching(&self, normal: &str, typed: Option<&str>, pepper: Option<&Pepper>) -> Result<Option<Match>, Error> {
        if self.is_of(normal, pepper)? {
            let is_whole = pepper.is_some() || self.hashed_whole(normal)?;
            return Ok(Some(if is_whole { Match::Normal } else { Match::Shared }));
        }
        if pepper.is_some() {
            return Ok(None);
        }
        if let Some(typed) = typed
            && self.is_of(typed, None)?
        {
            return Ok(Some(if self.hashed_whole(typed)? { Match::Other } else { Match::Shared }));
        }
        #[cfg(feature = "schemes")]
        for text in [Some(normal), typed].into_iter().flatten() {
            if let Some(escaped) = self.preparation.escaped(text)
                && self.is_of(&escaped, None)?
            {
                return Ok(Some(if self.preparation.keeps(&escaped)? { Match::Other } else { Match::Shared }));
            }
        }
        Ok(None)
    }

    /// Whether this is the tag of a password, compared in constant time.
    fn is_of(&self, password: &str, pepper: Option<&Pepper>) -> Result<bool, Error> {
        let computed = tag(&self.recipe, &self.preparation, password, pepper, self.tag.len())?;
        let is_same: bool = computed.ct_eq(&self.tag).into();
        let is_one = pepper.is_some() || self.preparation.digests() || !self.recipe.is_ambiguous(password);
        Ok(is_same & is_one)
    }

    /// Whether the tag, which has no pepper, is of this password alone, and not also of what is taken off it, made another or
    /// not read.
    #[cfg(feature = "schemes")]
    fn hashed_whole(&self, password: &str) -> Result<bool, Error> {
        Ok(self.preparation.keeps(password)? && !self.preparation.may_be_escaped(password))
    }

    /// Argon2 hashes every password whole.
    #[cfg(not(feature = "schemes"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "as the other")]
    fn hashed_whole(&self, _: &str) -> Result<bool, Error> {
        Ok(true)
    }
}

/// In which form a password has a tag.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Match {
    /// In the policy's.
    Normal,
    /// In another, so that it is to be renewed.
    Other,
    /// In one in which other passwords that somebody may have set have it as well.
    Shared,
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

/// The tag that `recipe` makes of `password`.
fn tag(
    recipe: &Recipe,
    preparation: &Preparation,
    password: &str,
    pepper: Option<&Pepper>,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (peppered, secret) = match pepper {
        Some(pepper) if recipe.takes_secret() => (None, pepper.key()),
        Some(pepper) => (Some(pepper.applied(password)?), Default::default()),
        None => (None, Default::default()),
    };
    let password = peppered.as_ref().map_or(password, |text| text.as_str());
    let prepared = preparation.apply(password)?;
    recipe.tag(prepared.as_ref().map_or(password, |text| text.as_str()), secret, length)
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
