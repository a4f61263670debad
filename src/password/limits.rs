//! How much a check may cost, however the stored hash came to be: the ceilings of a policy.

use super::policy::LimitsOptions;
use crate::{Error, ErrorCode};

/// The most that is spent on one password: made only by [`Limits::new`], so always within the ranges below.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(not(feature = "schemes"), allow(dead_code, reason = "one policy for both modules"))]
pub(super) struct Limits {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
    pub(super) scrypt_memory_kib: u32,
    pub(super) bcrypt_cost: u32,
    pub(super) pbkdf2_iterations: u32,
    pub(super) sha_crypt_rounds: u32,
    pub(super) password_bytes: u32,
}

/// A limit's name, its default, and the range it may be set to.
struct Limit {
    name: &'static str,
    default: u32,
    least: u32,
    most: u32,
}

/// 4 GiB, and where pointers have 32 bits, as in WebAssembly, all that can be had in one piece: less than 2 GiB.
const MOST_MEMORY_KIB: u32 = if cfg!(target_pointer_width = "32") { 2_097_151 } else { 4_194_304 };

/// 64 MiB: the second choice of RFC 9106 §4, and half of the 128 MB that a Cloudflare Worker has. At least what Argon2
/// needs for one lane.
const MEMORY_KIB: Limit = Limit { name: "memoryKib", default: 65_536, least: 8, most: MOST_MEMORY_KIB };

/// Three times what OWASP's setting with the least memory asks for, and the most that libraries use by default: at
/// 64 MiB still about a second. At most what RFC 9106 §3.1 allows.
const PASSES: Limit = Limit { name: "passes", default: 16, least: 1, most: u32::MAX };

/// Twice the most that libraries use by default, and of scrypt's parallelism more than OWASP's most. At most what RFC
/// 9106 §3.1 allows.
const LANES: Limit = Limit { name: "lanes", default: 16, least: 1, most: 0x00ff_ffff };

/// As for Argon2: 128 MiB, as OWASP's first choice takes, is all that a Worker has.
const SCRYPT_MEMORY_KIB: Limit = Limit { name: "scryptMemoryKib", default: 65_536, least: 1, most: MOST_MEMORY_KIB };

/// Four times the work of what libraries use by default (12), about a second. 31 is all that bcrypt can write.
const BCRYPT_COST: Limit = Limit { name: "bcryptCost", default: 14, least: 4, most: 31 };

/// Twice what Django asks for, which raises its number with each version: about a second.
const PBKDF2_ITERATIONS: Limit = Limit { name: "pbkdf2Iterations", default: 3_000_000, least: 1, most: u32::MAX };

/// Above passlib's default of 656,000, the most that software uses by itself. At most what the format can write.
const SHA_CRYPT_ROUNDS: Limit = Limit { name: "shaCryptRounds", default: 1_000_000, least: 1000, most: 999_999_999 };

/// Far beyond any passphrase (NIST SP 800-63B-4 §3.1.1.2 wants at least 64 characters accepted), and nothing beside
/// the cost of Argon2.
const PASSWORD_BYTES: Limit = Limit { name: "passwordBytes", default: 4096, least: 1, most: 65_536 };

impl Limits {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: a limit outside its range.
    pub(super) fn new(options: &LimitsOptions) -> Result<Self, Error> {
        Ok(Self {
            memory_kib: MEMORY_KIB.set(options.memory_kib)?,
            passes: PASSES.set(options.passes)?,
            lanes: LANES.set(options.lanes)?,
            scrypt_memory_kib: SCRYPT_MEMORY_KIB.set(options.scrypt_memory_kib)?,
            bcrypt_cost: BCRYPT_COST.set(options.bcrypt_cost)?,
            pbkdf2_iterations: PBKDF2_ITERATIONS.set(options.pbkdf2_iterations)?,
            sha_crypt_rounds: SHA_CRYPT_ROUNDS.set(options.sha_crypt_rounds)?,
            password_bytes: PASSWORD_BYTES.set(options.password_bytes)?,
        })
    }

    /// No limits but those of the formats, for reading what will not be computed.
    pub(super) const fn none() -> Self {
        Self {
            memory_kib: u32::MAX,
            passes: u32::MAX,
            lanes: u32::MAX,
            scrypt_memory_kib: u32::MAX,
            bcrypt_cost: u32::MAX,
            pbkdf2_iterations: u32::MAX,
            sha_crypt_rounds: u32::MAX,
            password_bytes: u32::MAX,
        }
    }

    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: more bytes of UTF-8 than the limit.
    pub(super) fn check_length(&self, password: &str) -> Result<(), Error> {
        if (self.password_bytes as usize) < password.len() {
            let message = "password is longer than the option \"limits.passwordBytes\" allows";
            return Err(Error::new(ErrorCode::PasswordTooLong, message));
        }
        Ok(())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_kib: MEMORY_KIB.default,
            passes: PASSES.default,
            lanes: LANES.default,
            scrypt_memory_kib: SCRYPT_MEMORY_KIB.default,
            bcrypt_cost: BCRYPT_COST.default,
            pbkdf2_iterations: PBKDF2_ITERATIONS.default,
            sha_crypt_rounds: SHA_CRYPT_ROUNDS.default,
            password_bytes: PASSWORD_BYTES.default,
        }
    }
}

impl Limit {
    fn set(&self, given: Option<u64>) -> Result<u32, Error> {
        let Some(given) = given else { return Ok(self.default) };
        u32::try_from(given).ok().filter(|limit| self.least <= *limit && *limit <= self.most).ok_or_else(|| {
            let Self { name, least, most, .. } = self;
            Error::new(ErrorCode::OptionInvalid, format!("option \"limits.{name}\" is not between {least} and {most}"))
        })
    }
}
