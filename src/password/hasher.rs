//! `PasswordHasher`: a policy that has been read and checked once.

mod budget;
pub(super) mod hash;
mod matching;
pub(super) mod rehash;
pub(super) mod verify;

use super::description::{Description, describe, identify};
use super::formats;
use super::kdf::{Family, Kdf};
use super::limits::Limits;
use super::normalize::Normalize;
use super::pepper::Peppers;
use super::policy::Policy;
use super::prehash::PreHash;
use super::prehash_option::Prehash;
use super::scheme::Scheme;
use super::schemes::EVERY;
use super::stored_hash::{Reading, StoredHash};
use super::target_hash::TargetHash;
use crate::Error;

/// Longer than a UUID, an e-mail address and the names of most directories.
#[cfg(feature = "schemes")]
const MOST_ACCOUNT_BYTES: usize = 256;

/// Hashes and checks passwords by one policy.
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
    account: Option<String>,
    accepted: Vec<Scheme>,
    limits: Limits,
    normalize: Normalize,
    peppers: Peppers,
    prehash: Option<Prehash>,
    target: TargetHash,
}

impl PasswordHasher {
    /// A hasher that follows `policy`. Whatever it hashes, it can check.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): a limit or a param out of its range; params beyond
    ///   the limits or of another scheme; `preset` together with `scheme` or `params`; `accept` without the scheme of new
    ///   hashes; two peppers with one id; `argon2_secret` without a pepper.
    pub fn new(policy: &Policy) -> Result<Self, Error> {
        let limits = policy.limits()?;
        let target = policy.target(&limits)?;
        Ok(Self {
            account: None,
            accepted: policy.accepted(target.scheme)?,
            limits,
            normalize: policy.normalize.unwrap_or_default(),
            peppers: Peppers::new(policy.pepper.as_ref(), policy.argon2_secret.as_ref())?,
            prehash: policy.prehash,
            target,
        })
    }

    /// The same hasher for one account: its new hashes match under this account only, and hashes that are bound to another
    /// account match no password. A bound hash begins with `$account$`.
    ///
    /// This is for tables that an attacker may write to. Without it, they can copy the hash of their own account, whose password
    /// they know, to the account of someone else. It needs a pepper, because without one they could as well compute a hash for
    /// that account. Hashes that are not bound are still accepted, and need a rehash, unless the pepper is
    /// [`required`](super::PepperOptions::required).
    ///
    /// `account` is an identifier that never changes, such as the primary key: compared byte by byte, 1 to 256 bytes long.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): the policy has no pepper, or `account` is empty or too long.
    ///
    /// ```
    /// use countersign::password::{PasswordHasher, PepperKey, PepperOption, PepperOptions, Policy};
    ///
    /// let current = PepperOption { id: "2027".into(), key: PepperKey::from(b"0123456789abcdef".to_vec()) };
    /// let pepper = Some(PepperOptions { current, previous: Vec::new(), required: true });
    /// let hasher = PasswordHasher::new(&Policy { pepper, ..Default::default() })?;
    /// let stored = hasher.bound_to("17")?.hash("correct horse battery staple")?;
    /// assert!(hasher.bound_to("17")?.verify("correct horse battery staple", Some(&stored))?.ok);
    /// assert!(!hasher.bound_to("18")?.verify("correct horse battery staple", Some(&stored))?.ok);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[cfg(feature = "schemes")]
    pub fn bound_to(&self, account: &str) -> Result<Self, Error> {
        self.clone().with_account(account.into())
    }

    #[cfg(feature = "schemes")]
    pub(crate) fn with_account(mut self, account: String) -> Result<Self, Error> {
        let message = if self.peppers.current().is_none() {
            "option \"account\" needs the option \"pepper\""
        } else if account.is_empty() || MOST_ACCOUNT_BYTES < account.len() {
            "option \"account\" is not 1 to 256 bytes long"
        } else {
            self.account = Some(account);
            return Ok(self);
        };
        Err(Error::new(crate::ErrorCode::OptionInvalid, message))
    }

    /// How a stored hash was made, whatever this policy thinks of it: hashes beyond the limits and of schemes that are not
    /// accepted are described too.
    ///
    /// # Errors
    /// Those of [`describe`].
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

    /// The scheme of a stored hash, recognized without checking all of it. `None` for text that is not a known format.
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

    /// The most scratch memory, in bytes, that a check of `stored` or a new hash allocates. A stored hash that cannot be
    /// parsed counts nothing, because a check of it computes nothing.
    #[cfg_attr(
        not(any(all(test, feature = "schemes"), all(feature = "npm-argon2", target_family = "wasm"))),
        expect(dead_code, reason = "for the npm package")
    )]
    pub(crate) fn scratch_bytes(&self, stored: Option<&str>) -> usize {
        let stored = stored.and_then(|stored| self.read(stored).ok());
        let stored = stored.map_or(0, |stored| stored.scratch_bytes());
        stored.max(Kdf::scratch_bytes(&*self.target.kdf))
    }

    /// The account that new hashes are bound to, if any.
    fn account(&self) -> Option<&str> {
        if EVERY { self.account.as_deref() } else { None }
    }

    fn read(&self, stored: &str) -> Result<StoredHash, Error> {
        let mut stored = formats::read(stored, &self.accepted, &self.limits)?;
        // A hash with a pepper was made by this library, of the password itself.
        if EVERY
            && stored.pepper.is_none()
            && let Some(prehash) = self.prehash
        {
            let is_bare =
                |reading: &Reading| reading.prehash == PreHash::None && Kdf::family(&*reading.kdf) == Family::Bcrypt;
            let bare = stored.readings.iter_mut().map(|(_, reading)| reading).filter(|reading| is_bare(reading));
            bare.for_each(|reading| reading.prehash = prehash.into());
        }
        Ok(stored)
    }

    /// Checks that a new hash of a normalized password would depend on all of it.
    fn check_reads_whole(&self, normal: &str) -> Result<(), Error> {
        // With a pepper, the function is given an HMAC of the password.
        if self.peppers.current().is_some() { Ok(()) } else { Kdf::check_reads_whole(&*self.target.kdf, normal) }
    }
}

#[cfg(test)]
#[cfg(feature = "schemes")]
mod tests {
    use core::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Arc;

    use zeroize::Zeroizing;

    use super::{Family, Kdf, Limits, PasswordHasher, Policy, Scheme, TargetHash};
    use crate::password::kdf::SALT_BYTES;
    use crate::password::new_hash::{AnyNewHash, NewHash};
    use crate::password::{PepperKey, PepperOption, PepperOptions};
    use crate::{Error, ErrorCode};

    /// In place of an expensive function: counts how often it is computed, and refuses a password with an "x".
    #[derive(Clone, Default)]
    struct Counted(Arc<AtomicUsize>);

    impl Kdf for Counted {
        fn family(&self) -> Family {
            Family::Argon2id
        }

        fn strength(&self) -> [u64; 3] {
            [0; 3]
        }

        fn costs(&self) -> Vec<(&'static str, u32)> {
            Vec::new()
        }

        fn salt(&self) -> &[u8] {
            &[]
        }

        fn tag_bytes(&self) -> usize {
            32
        }

        fn work(&self, _: &Limits, _: usize, _: usize) -> u64 {
            1000
        }

        fn check_reads_whole(&self, password: &str) -> Result<(), Error> {
            if password.contains('x') { Err(Error::new(ErrorCode::PasswordInvalid, "an x")) } else { Ok(()) }
        }

        fn tag(&self, _: &str, _: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(vec![1; length].into())
        }
    }

    impl NewHash for Counted {
        fn with_salt(&self, _: [u8; SALT_BYTES]) -> Box<AnyNewHash> {
            Box::new(self.clone())
        }

        fn stored(&self, _: &[u8], _: Option<&str>) -> String {
            "stored".into()
        }
    }

    /// How often a hasher computes the function of its new hashes.
    fn computed(pepper: Option<PepperOptions>, call: impl FnOnce(&PasswordHasher)) -> usize {
        let count = Counted::default();
        let mut hasher = PasswordHasher::new(&Policy { pepper, ..Default::default() }).unwrap();
        hasher.target = TargetHash { scheme: Scheme::Argon2id, kdf: Box::new(count.clone()) };
        call(&hasher);
        count.0.load(Ordering::Relaxed)
    }

    #[test]
    fn response_times_do_not_tell_who_exists_or_what_was_refused() {
        let current = PepperOption { id: "one".into(), key: PepperKey::from(vec![0; 16]) };
        let pepper = PepperOptions { current, previous: Vec::new(), required: false };
        // The second is in two forms, of which only one is checked with a pepper.
        for (password, expected, expected_with_pepper) in [("password", 1, 1), ("cafe\u{301}", 2, 1)] {
            for (pepper, expected) in [(None, expected), (Some(pepper.clone()), expected_with_pepper)] {
                for stored in [None, Some("!unusable")] {
                    let count = computed(pepper.clone(), |hasher| {
                        assert!(!hasher.verify(password, stored).unwrap().ok);
                    });
                    assert_eq!(count, expected, "{password} {stored:?}");
                }
                let count = computed(pepper.clone(), |hasher| {
                    hasher.hash(password).unwrap();
                });
                assert_eq!(count, expected, "{password}");
            }
            let refused = format!("{password}x");
            let count = computed(None, |hasher| {
                assert_eq!(hasher.hash(&refused).unwrap_err().to_string(), "an x");
            });
            assert_eq!(count, expected, "{refused}");
            // It is too long for so many rounds of SHA-crypt.
            let long = password.repeat(500);
            let stored = format!("$6$rounds=656000$salt${}", ".".repeat(86));
            let count = computed(None, |hasher| {
                assert_eq!(hasher.verify(&long, Some(&stored)).unwrap_err().code(), ErrorCode::PasswordTooLong);
            });
            assert_eq!(count, expected, "{password}");
        }
    }

    #[test]
    fn what_needs_no_hash_computes_none() {
        let count = computed(None, |hasher| {
            hasher.check_hashable("password").unwrap();
            assert_eq!(hasher.check_hashable("x").unwrap_err().to_string(), "an x");
            assert_eq!(hasher.check_hashable(&"p".repeat(4097)).unwrap_err().code(), ErrorCode::PasswordTooLong);
            assert!(hasher.hash(&"p".repeat(4097)).is_err());
            assert!(hasher.verify(&"p".repeat(4097), None).is_err());
            assert!(hasher.verify("password", Some("malformed")).is_err());
        });
        assert_eq!(count, 0);
    }

    #[test]
    fn the_scratch_memory_is_that_of_the_stored_hash_or_of_a_new_one() {
        let hasher = PasswordHasher::new(&Policy::default()).unwrap();
        let stored = |kib: u32| format!("$argon2id$v=19$m={kib},t=1,p=1${}${}", "A".repeat(22), "A".repeat(43));
        assert_eq!(hasher.scratch_bytes(None), 19_456 << 10);
        assert_eq!(hasher.scratch_bytes(Some(&stored(64))), 19_456 << 10);
        assert_eq!(hasher.scratch_bytes(Some(&stored(65_536))), 65_536 << 10);
        assert_eq!(hasher.scratch_bytes(Some("malformed")), 19_456 << 10);
    }
}
