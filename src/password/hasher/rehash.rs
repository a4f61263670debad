//! Decides whether a stored hash is weaker than the policy, and should be replaced.

use super::PasswordHasher;
use crate::password::formats::unusable::is_unusable;
use crate::password::pepper::Pepper;
use crate::password::policy::Policy;
use crate::password::schemes::EVERY;
use crate::password::stored_hash::{Reading, StoredHash};
use crate::{Error, ErrorCode};

impl PasswordHasher {
    /// Whether a stored hash is weaker than a new one would be.
    ///
    /// It is weaker if any of these hold: its scheme has a lower rank or its version is older, its costs are lower, its salt or
    /// tag is shorter than 128 bits, it lacks the policy's current pepper, or, with
    /// [`bound_to`](PasswordHasher::bound_to), it is not bound to an account.
    ///
    /// **Same function.** PBKDF2 with one digest, bcrypt over any pre-hash, scrypt, and Argon2id are each compared by their costs,
    /// whatever software wrote the hash. Hashes with equal or higher costs are kept. With Argon2 and scrypt, lower costs are
    /// less memory or less work in all; Argon2's lanes do not count. A hash that is replaced for another reason gets the
    /// policy's costs, which may be lower.
    ///
    /// **Different functions** are ranked: Argon2id, scrypt, Argon2i and Argon2d, bcrypt, PBKDF2 with SHA-512, PBKDF2 with SHA-256,
    /// everything else. A hash of a lower rank than the policy's is replaced. A hash of a higher rank is kept if it meets one of
    /// the settings that OWASP recommends for its function. The rank does not look at your costs: a policy of Argon2id at
    /// almost no cost replaces bcrypt at any cost.
    ///
    /// Whether a given password can be rehashed is [`PasswordHasher::verify`]'s answer.
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
        self.pepper_of(&stored)?;
        let (_, reading) = stored.first()?;
        Ok(self.is_weak(&stored, reading))
    }

    /// Whether a stored hash lacks the current pepper or the account, or is weaker than a new hash in this reading.
    pub(super) fn is_weak(&self, stored: &StoredHash, reading: &Reading) -> bool {
        let current = self.peppers.current().map(Pepper::id);
        (current.is_some() && stored.pepper.as_deref() != current)
            || (self.account().is_some() && !stored.is_bound)
            || self.target.is_stronger_than(reading)
    }

    /// The pepper of a stored hash, if it has one.
    ///
    /// # Errors
    /// - [`ErrorCode::HashUnsupported`]: the policy does not have it, or the hash lacks what the policy requires.
    pub(super) fn pepper_of(&self, stored: &StoredHash) -> Result<Option<&Pepper>, Error> {
        let pepper = self.peppers.named(stored.pepper.as_deref())?;
        if EVERY && self.peppers.are_required && self.account().is_some() && !stored.is_bound {
            let message = "stored hash is not bound to an account, and the option \"pepper.required\" is set";
            return Err(Error::new(ErrorCode::HashUnsupported, message));
        }
        Ok(pepper)
    }
}

/// Judges one stored hash. To judge many, keep a [`PasswordHasher`]: it reads its policy once.
///
/// # Errors
/// Those of [`PasswordHasher::new`] and [`PasswordHasher::needs_rehash`].
pub fn needs_rehash(stored: &str, policy: &Policy) -> Result<bool, Error> {
    PasswordHasher::new(policy)?.needs_rehash(stored)
}
