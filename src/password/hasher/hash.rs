//! Makes new hashes.

use super::PasswordHasher;
use super::budget::Budget;
use super::matching::{Attempt, Key, tag};
use crate::password::formats::bound;
use crate::password::formats::pepper_prefix::prepended;
use crate::password::kdf::{Kdf, SALT_BYTES};
use crate::password::new_hash::NewHash;
use crate::password::pepper::Pepper;
use crate::password::policy::Policy;
use crate::password::prehash::PreHash;
use crate::password::stored_hash::Reading;
use crate::{Error, ErrorCode};

impl PasswordHasher {
    /// Hashes a password with a fresh random salt of 16 bytes, and returns the string to store.
    ///
    /// Argon2id and scrypt give a PHC string with a tag of 32 bytes, bcrypt gives `$2b$…`, and PBKDF2 gives passlib's format
    /// with a tag as long as the digest. The empty password is hashed like any other: which passwords are good enough is your
    /// decision.
    ///
    /// The call takes as long as [`PasswordHasher::verify`] with `None`, also where the password is refused for its
    /// contents. So you can call it for a user that does not exist.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordInvalid`]: the password has a NUL that the scheme cannot tell from other passwords. bcrypt treats
    ///   a NUL anywhere as the end; scrypt and PBKDF2 ignore one at the end. With a pepper there is no such limit.
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit; or, with bcrypt and no pepper, than 72 bytes.
    /// - [`ErrorCode::OutOfMemory`]: the scratch memory could not be allocated.
    /// - [`ErrorCode::Internal`]: the platform has no random numbers.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.limits.check_length(password)?;
        let normal = self.normalize.apply(password)?;
        let typed = (*normal != *password).then_some(password);
        self.check_reads_whole(&normal).or_else(|refusal| self.dismiss(&normal, typed).and(Err(refusal)))?;
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| {
            Error::new(
                ErrorCode::Internal,
                "the platform gives no random numbers here; in a Worker, hash while handling a request",
            )
        })?;
        let kdf = NewHash::with_salt(&*self.target.kdf, salt);
        let pepper = self.peppers.current();
        // A check would also try the password as typed: spend the same time.
        if let (Some(typed), None) = (typed, pepper) {
            self.dismiss(typed, None)?;
        }
        let account = self.account();
        let key = pepper.map_or(Key::Argon2(&[]), |pepper| Key::Pepper(pepper, account));
        let tag = tag(&*kdf, &PreHash::None, &normal, key, Kdf::tag_bytes(&*kdf))?;
        let id = pepper.map(Pepper::id);
        let stored = match id {
            Some(id) if !kdf.takes_secret() => prepended(id, &kdf.stored(&tag, None)),
            id => kdf.stored(&tag, id),
        };
        Ok(if account.is_some() { bound::prepended(&stored) } else { stored })
    }

    /// Checks that [`PasswordHasher::hash`] would accept a password. It computes no hash, so it is fast.
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
        self.check_reads_whole(&self.normalize.apply(password)?)
    }

    /// An attempt with a full budget.
    pub(super) const fn attempt<'a>(
        &'a self,
        normal: &'a str,
        typed: Option<&'a str>,
        pepper: Option<&'a Pepper>,
    ) -> Attempt<'a> {
        Attempt { normal, typed, pepper, account: None, argon2_secret: &[], budget: Budget::new(&self.limits) }
    }

    /// Computes and compares as if the stored hash were a new hash of another password, for its time alone.
    pub(super) fn dismiss(&self, normal: &str, typed: Option<&str>) -> Result<(), Error> {
        let kdf = NewHash::with_salt(&*self.target.kdf, [0; SALT_BYTES]);
        let tag = vec![0; Kdf::tag_bytes(&*kdf)];
        let nothing = [(self.target.scheme, Reading { prehash: PreHash::None, kdf, tag })];
        self.attempt(normal, typed, self.peppers.current()).find(&nothing).map(|_| ())
    }
}

/// Hashes one password. To hash many, keep a [`PasswordHasher`]: it reads its policy once.
///
/// # Errors
/// Those of [`PasswordHasher::new`] and [`PasswordHasher::hash`].
pub fn hash(password: &str, policy: &Policy) -> Result<String, Error> {
    PasswordHasher::new(policy)?.hash(password)
}
