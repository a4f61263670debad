//! What is done with a policy: hash, check, judge.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::argon2::{Recipe, Version};
use super::limits::Limits;
use super::normalize::Normalize;
use super::params::Params;
use super::policy::Policy;
use super::scheme::Scheme;
use super::stored::{SALT_BYTES, Stored, TAG_BYTES};
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
    params: Params,
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
    /// - [`ErrorCode::OptionInvalid`]: an option out of its range, params beyond the limits, or a list of accepted
    ///   schemes without that of new hashes. What this hasher makes, it can check.
    pub fn new(policy: &Policy) -> Result<Self, Error> {
        let limits = policy.limits()?;
        Ok(Self {
            accepted: policy.accepted()?,
            limits,
            normalize: policy.normalize.unwrap_or_default(),
            params: policy.params(&limits)?,
        })
    }

    /// A PHC string to store: Argon2id, with a fresh random salt of 16 bytes and a tag of 32.
    ///
    /// The empty password is hashed like any other: which passwords are good enough is for the caller to say.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit.
    /// - [`ErrorCode::OutOfMemory`]: the memory could not be had.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.limits.check_length(password)?;
        let password = self.normalize.apply(password)?;
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| {
            Error::new(
                ErrorCode::Internal,
                "the platform gives no random numbers here; a Worker gets them while it answers a request",
            )
        })?;
        let tag = self.recipe(&salt).tag(&password, TAG_BYTES)?;
        Ok(Stored::new(self.params, salt, tag.to_vec()).to_phc())
    }

    /// Checks a password against what was stored for a user, or, for a user who does not exist, against nothing, at the
    /// cost of a new hash, so that the time of the answer does not say which it was.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit.
    /// - [`ErrorCode::HashMalformed`]: not a PHC string of Argon2, in the form that its reference encoder writes.
    /// - [`ErrorCode::HashUnsupported`]: of a scheme that is unknown or not accepted, of an unknown version, or keyed.
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
        let stored = stored.map(|stored| self.parse(stored)).transpose()?;
        let password = self.normalize.apply(password)?;
        let Some(stored) = stored else {
            // Computed and compared as if there were a hash, and then dismissed.
            let _ = is_tag(&self.recipe(&[0; SALT_BYTES]), &password, &[0; TAG_BYTES])?;
            return Ok(Verdict { ok: false, needs_rehash: false, scheme: None });
        };
        let ok = is_tag(&stored.recipe(), &password, stored.tag())?;
        let needs_rehash = ok && stored.is_weaker_than(&self.params);
        Ok(Verdict { ok, needs_rehash, scheme: Some(stored.scheme()) })
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

    /// Whether a stored hash is weaker than a new one would be: not Argon2id, of an older version, with a shorter salt or
    /// tag, with less memory, or with less work in all (memory times passes).
    ///
    /// Never for a hash that is merely different or stronger: nothing is replaced by something weaker. More memory may
    /// make up for fewer passes, as OWASP and RFC 9106 have it; the number of lanes says nothing about strength.
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
        Ok(self.parse(stored)?.is_weaker_than(&self.params))
    }

    fn parse(&self, stored: &str) -> Result<Stored, Error> {
        Stored::parse(stored, &self.accepted, &self.limits)
    }

    fn recipe<'a>(&self, salt: &'a [u8]) -> Recipe<'a> {
        let (scheme, version) = (Scheme::Argon2id, Version::V0x13);
        Recipe { scheme, version, params: self.params, salt, associated_data: &[] }
    }
}

/// Whether `recipe` makes of `password` this tag, compared in constant time.
fn is_tag(recipe: &Recipe<'_>, password: &Zeroizing<String>, tag: &[u8]) -> Result<bool, Error> {
    let computed = recipe.tag(password, tag.len())?;
    Ok(computed.ct_eq(tag).into())
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
