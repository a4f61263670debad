//! The interface of a key derivation function: parameters and salt in, tag out.

use core::panic::{RefUnwindSafe, UnwindSafe};

use zeroize::Zeroizing;

use super::limits::Limits;
use super::scheme::Scheme;
use crate::{Error, ErrorCode};

/// The salt of a new hash: 128 bits, as RFC 9106 §3.1 recommends for Argon2. The same for every other scheme.
pub(super) const SALT_BYTES: usize = 16;

/// A key derivation function with its parameters and its salt: everything that determines a tag except the password.
///
/// Parameters are within the function's range and within the limits of a policy: each `Params::new` checks both.
pub(super) trait Kdf: RefUnwindSafe + Send + Sync + UnwindSafe {
    /// What it is compared with. Functions of one family differ only in cost.
    fn family(&self) -> Family;

    /// Measures of the cost of an attack. A hash is weaker than another of its family if any of these is lower.
    fn strength(&self) -> [u64; 3];

    /// Its cost parameters, by their names in a policy.
    fn costs(&self) -> Vec<(&'static str, u32)>;

    fn salt(&self) -> &[u8];

    /// The bytes of a new hash's tag.
    fn tag_bytes(&self) -> usize;

    /// The scratch memory that it allocates, in bytes. A few kilobytes are not counted.
    fn scratch_bytes(&self) -> usize {
        0
    }

    /// The work of one computation, in thousandths of what the limits allow.
    fn work(&self, limits: &Limits, password_bytes: usize, tag_bytes: usize) -> u64;

    /// Whether it has an input for a key beside the password, as Argon2 does.
    fn takes_secret(&self) -> bool {
        false
    }

    /// Checks that a new hash would depend on the whole password and tell it from every other.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordInvalid`]: the password has a NUL where the function cannot tell it from padding.
    /// - [`ErrorCode::PasswordTooLong`]: it is longer than the function reads.
    fn check_reads_whole(&self, _password: &str) -> Result<(), Error> {
        Ok(())
    }

    /// Whether a different password certainly has the same tag, because of the way the function treats a NUL.
    fn is_ambiguous(&self, _password: &str) -> bool {
        false
    }

    /// Computes the tag of `password`: `length` bytes, if the function can vary its length. `secret` is for functions that
    /// [take one](Kdf::takes_secret), and empty if there is none.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: the scratch memory could not be allocated.
    /// - [`ErrorCode::PasswordTooLong`]: a function that runs over the password in every round would take too long.
    fn tag(&self, password: &str, secret: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error>;
}

/// Functions that differ only in cost, so that their costs say which is stronger.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(not(feature = "schemes"), expect(dead_code, reason = "one ranking for both modules"))]
pub(super) enum Family {
    Argon2d,
    Argon2i,
    Argon2id,
    Bcrypt,
    /// Nobody should make new hashes with it.
    Obsolete,
    Pbkdf2Sha1,
    Pbkdf2Sha256,
    Pbkdf2Sha512,
    Scrypt,
}

impl Family {
    /// How families compare at recommended costs. Functions that need memory come first, then those that gain less from
    /// special hardware.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Argon2id => 6,
            Self::Scrypt => 5,
            Self::Argon2i | Self::Argon2d => 4,
            Self::Bcrypt => 3,
            Self::Pbkdf2Sha512 => 2,
            Self::Pbkdf2Sha256 => 1,
            Self::Pbkdf2Sha1 | Self::Obsolete => 0,
        }
    }

    /// The scheme whose recommended costs are the measure for this family.
    pub(super) const fn benchmark(self) -> Scheme {
        match self {
            Self::Argon2id | Self::Argon2i | Self::Argon2d | Self::Obsolete => Scheme::Argon2id,
            Self::Scrypt => Scheme::Scrypt,
            Self::Bcrypt => Scheme::Bcrypt,
            Self::Pbkdf2Sha512 => Scheme::Pbkdf2Sha512,
            Self::Pbkdf2Sha256 | Self::Pbkdf2Sha1 => Scheme::Pbkdf2Sha256,
        }
    }
}

/// The thousandths of `limit` that `work` is, rounded up.
pub(super) const fn thousandths(work: u64, limit: u64) -> u64 {
    work.saturating_mul(1000).div_ceil(if limit == 0 { 1 } else { limit })
}

/// The error for a password that would take more than twice the limit, in a function that runs over the password in each round.
pub(super) fn too_long() -> Error {
    let message = "password is too long to be checked within the option \"limits.shaCryptRounds\"";
    Error::new(ErrorCode::PasswordTooLong, message)
}

/// The error for parameters that a crate refuses. The checks before it let none of those through.
pub(super) fn not_computed() -> Error {
    Error::new(ErrorCode::Internal, "the password hash could not be computed")
}
