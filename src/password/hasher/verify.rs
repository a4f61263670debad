//! Checks a password against a stored hash.

use super::PasswordHasher;
use super::matching::Match;
use crate::password::formats::identify;
use crate::password::formats::unusable::is_unusable;
use crate::password::kdf::too_long;
use crate::password::policy::Policy;
use crate::password::scheme::Scheme;
use crate::password::schemes::EVERY;
use crate::{Error, ErrorCode};

/// The answer to a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Whether this is the password that was hashed.
    pub ok: bool,
    /// Whether to store a new hash of the password now. Only ever true together with `ok`.
    pub needs_rehash: bool,
    /// The scheme of the stored hash. None if there was no hash.
    pub scheme: Option<Scheme>,
}

/// The answer to a check that also makes a new hash if one is needed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Updated {
    /// Whether this is the password that was hashed.
    pub ok: bool,
    /// What to store instead of the hash that was checked, if that is weaker than the policy.
    pub new_hash: Option<String>,
}

impl PasswordHasher {
    /// Checks a password against what was stored for a user.
    ///
    /// **No such user.** Pass `None`. The call then takes as long as a check of a new hash and answers no, so that response
    /// times do not tell which users exist. Django's mark for a user without a password (`!…`) counts as `None`.
    ///
    /// **Unicode.** If the policy's normalization changes the password, the password as typed is checked after the normalized
    /// one, because most other software hashes the bytes that it gets. A match of the typed one needs a rehash. With a pepper
    /// only the normalized one is checked.
    ///
    /// **Escaped passwords.** `WordPress` hashed passwords with a backslash before every `'`, `"`, `\` and NUL, and phpBB hashed
    /// `&`, `<`, `>` and `"` as HTML entities. For their hashes (`$wp$2y$`, `$P$`; `$H$`) a password with one of these characters
    /// is checked in that form too. A match needs a rehash.
    ///
    /// **Several readings.** Some programs write the same shape and mean different functions: `<salt>:<key>` in hexadecimal is
    /// better-auth's scrypt, Node's default scrypt, or PBKDF2. Each that is within the limits is tried, so a wrong password costs
    /// more than with one reading. If you know which it is, name only that scheme in [`Policy::accept`].
    ///
    /// **Work.** All computations of one check together cost at most twice what the limits allow for one. First every reading is
    /// tried with the normalized password, then with the password as typed, then with its escaped forms. Computations beyond
    /// the limit are left out.
    ///
    /// **bcrypt** reads only the first 72 bytes. A password with a NUL never matches a bcrypt hash. A password with a NUL at its
    /// end never matches an scrypt or PBKDF2 hash.
    ///
    /// **`needs_rehash`** is false where other passwords match the stored hash as well and a new hash would lock them out: white
    /// space that `WordPress` trimmed, a possible backslash of `WordPress` or HTML of phpBB, or a form that better-auth brought to
    /// NFKC. It is also false if the password cannot be hashed by this policy.
    ///
    /// It is true for 72 bytes or more that match a bcrypt hash. bcrypt has not read the rest, so any rest logs in. The new hash
    /// is of the password as typed this time: after a typing error beyond byte 72, the password that was set is refused.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: longer than the policy's limit, or in every form too long for the rounds of SHA-crypt or
    ///   phpass. The latter takes as long as a new hash.
    /// - [`ErrorCode::HashMalformed`]: not in a known format, or not as its format demands. Also an Argon2 hash that a column seems
    ///   to have cut: its tag has an unusual length below 32 bytes, and the whole hash as many characters as a usual column.
    /// - [`ErrorCode::HashUnsupported`]: of an unknown or unaccepted scheme, of an unknown version, or with a pepper that the
    ///   policy does not have; without what [`required`](super::super::PepperOptions::required) demands; or bound to an account,
    ///   and checked without [`bound_to`](PasswordHasher::bound_to).
    /// - [`ErrorCode::HashCostTooHigh`]: beyond the policy's limits in every reading. That includes scrypt at its default cost of 128 MiB, unless
    ///   the policy makes scrypt or raises the limit.
    /// - [`ErrorCode::OutOfMemory`]: the scratch memory could not be allocated.
    ///
    /// ```
    /// # use countersign::password::{PasswordHasher, Policy};
    /// # let hasher = PasswordHasher::new(&Policy::default())?;
    /// let hostile = "$argon2id$v=19$m=4194304,t=9999,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndA";
    /// let error = hasher.verify("password", Some(hostile)).unwrap_err();
    /// assert_eq!(error.code(), countersign::ErrorCode::HashCostTooHigh);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict, Error> {
        self.limits.check_length(password)?;
        let stored = stored.filter(|stored| !is_unusable(stored));
        let parsed = stored.map(|stored| self.read(stored)).transpose();
        let stored = parsed.map_err(|error| unswapped(error, stored, password))?;
        let normal = self.normalize.apply(password)?;
        let typed = (*normal != *password).then_some(password);
        let Some(stored) = stored else {
            self.dismiss(&normal, typed)?;
            return Ok(Verdict { ok: false, needs_rehash: false, scheme: None });
        };
        let pepper = self.pepper_of(&stored)?;
        let mut attempt = self.attempt(&normal, typed, pepper);
        attempt.argon2_secret = self.peppers.argon2_secret();
        if EVERY && stored.is_bound {
            attempt.account = Some(self.account().ok_or_else(no_account)?);
        }
        let Some((form, scheme, reading)) = attempt.find(&stored.readings)? else {
            if attempt.budget.is_untouched() {
                // Only some hashes have this limit: response times must not tell which.
                self.dismiss(&normal, typed)?;
                return Err(too_long());
            }
            return Ok(Verdict { ok: false, needs_rehash: false, scheme: Some(stored.first()?.0) });
        };
        let is_old = match form {
            Match::Normal => self.is_weak(&stored, reading),
            Match::Other => true,
            Match::Shared => false,
        };
        let needs_rehash = is_old && self.check_reads_whole(&normal).is_ok();
        Ok(Verdict { ok: true, needs_rehash, scheme: Some(scheme) })
    }

    /// Checks like [`PasswordHasher::verify`], and makes a new hash if the verdict needs one.
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
}

fn no_account() -> Error {
    let message = "stored hash is bound to an account: pass the option \"account\"";
    Error::new(ErrorCode::HashUnsupported, message)
}

/// The error about a stored hash, or the more likely one: the password is a hash.
fn unswapped(error: Error, stored: Option<&str>, password: &str) -> Error {
    let is_unknown = || EVERY && stored.is_some_and(|stored| identify(stored).is_none());
    if (error.code() == ErrorCode::HashMalformed || is_unknown()) && identify(password).is_some() {
        let message = "stored hash is malformed, and the password is a hash: the arguments may be swapped";
        return Error::new(ErrorCode::HashMalformed, message);
    }
    error
}

/// Checks one password. To check many, keep a [`PasswordHasher`]: it reads its policy once.
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
