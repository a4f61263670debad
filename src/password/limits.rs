//! Limits on what one password may cost, whatever the stored hash says.

use super::whole_numbers::read_whole_numbers;
use crate::options::Value;
use crate::{Error, ErrorCode};

/// Limits on the cost of one password.
///
/// A stored hash beyond a limit is refused before any memory is allocated and before any round runs. A policy whose own
/// params are beyond a limit is refused when it is read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LimitsOptions {
    /// bcrypt's cost: 14 by default, 4 to 31. Each step doubles the time.
    pub bcrypt_cost: Option<u64>,
    /// Argon2's lanes, and scrypt's parallelism: 16 by default, 1 to 16777215.
    pub lanes: Option<u64>,
    /// Argon2's memory in KiB: 66560 (65 MiB) by default, which is half of a Cloudflare Worker's 128 MB. 8 to 4194304, or
    /// to 2097151 where pointers have 32 bits, as in WebAssembly.
    pub memory_kib: Option<u64>,
    /// Argon2's passes over that much memory: 16 by default, 1 to 4294967295. It limits the work, memory times passes: a hash of
    /// less memory may take more passes.
    pub passes: Option<u64>,
    /// The longest password, in bytes of UTF-8 before normalization: 4096 by default, 1 to 65536. The same limit applies to
    /// new hashes and to checks, so that what was hashed can be checked.
    pub password_bytes: Option<u64>,
    /// PBKDF2's iterations: 3,000,000 by default, 1 to 4294967295.
    pub pbkdf2_iterations: Option<u64>,
    /// scrypt's memory in KiB: 65536 by default, or what new hashes need if that is more. 1 to 4194304, or to 2097151 where
    /// pointers have 32 bits. It limits the table of N entries; the buffers beside the table may take an eighth more. It
    /// also limits the work: N * r * p may be four times the N * r that fits.
    pub scrypt_memory_kib: Option<u64>,
    /// The rounds of SHA-crypt (`$5$`, `$6$`): 1,000,000 by default, 1000 to 999999999. Each 128 bytes of the password count
    /// the rounds once more; a long password may take twice the limit in all.
    pub sha_crypt_rounds: Option<u64>,
}

impl LimitsOptions {
    pub(super) fn read(&mut self, value: Value, path: &str) -> Result<(), Error> {
        let fields = &mut [
            ("bcryptCost", &mut self.bcrypt_cost),
            ("lanes", &mut self.lanes),
            ("memoryKib", &mut self.memory_kib),
            ("passes", &mut self.passes),
            ("passwordBytes", &mut self.password_bytes),
            ("pbkdf2Iterations", &mut self.pbkdf2_iterations),
            ("scryptMemoryKib", &mut self.scrypt_memory_kib),
            ("shaCryptRounds", &mut self.sha_crypt_rounds),
        ];
        read_whole_numbers(value, path, fields)
    }
}

/// A policy's limits. [`Limits::new`] makes them, so that each is within its range.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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

/// 4 GiB. Where pointers have 32 bits, as in WebAssembly, one allocation is less than 2 GiB.
const MOST_MEMORY_KIB: u32 = if cfg!(target_pointer_width = "32") { 2_097_151 } else { 4_194_304 };

/// Default 65 MiB: the 64 MiB that RFC 9106 §4 recommends second, Vaultwarden's 65540 KiB, and half of the 128 MB that a
/// Cloudflare Worker has. The minimum is what Argon2 needs for one lane.
const MEMORY_KIB: Limit = Limit { name: "memoryKib", default: 66_560, least: 8, most: MOST_MEMORY_KIB };

/// Default: three times the passes of OWASP's setting with the least memory. No library's default is higher. At 64 MiB that
/// takes about a second. The maximum is that of RFC 9106 §3.1.
const PASSES: Limit = Limit { name: "passes", default: 16, least: 1, most: u32::MAX };

/// Default: twice the highest default of any library, and more than OWASP's highest parallelism of scrypt. The maximum is
/// that of RFC 9106 §3.1.
const LANES: Limit = Limit { name: "lanes", default: 16, least: 1, most: 0x00ff_ffff };

/// Default: as for Argon2. OWASP's first recommendation needs 128 MiB, which is all of a Worker's memory.
const SCRYPT_MEMORY_KIB: Limit = Limit { name: "scryptMemoryKib", default: 65_536, least: 1, most: MOST_MEMORY_KIB };

/// Default: four times the work of 12, which most libraries use by default. It takes about a second. The maximum is the
/// highest cost that bcrypt can write.
const BCRYPT_COST: Limit = Limit { name: "bcryptCost", default: 14, least: 4, most: 31 };

/// Default: about twice what Django uses, which raises its number with each version. It takes about a second.
const PBKDF2_ITERATIONS: Limit = Limit { name: "pbkdf2Iterations", default: 3_000_000, least: 1, most: u32::MAX };

/// Default: above passlib's 656,000, the highest default of any software. The maximum is the highest that the format can
/// write.
const SHA_CRYPT_ROUNDS: Limit = Limit { name: "shaCryptRounds", default: 1_000_000, least: 1000, most: 999_999_999 };

/// Default: far longer than any passphrase, at no cost beside Argon2's. NIST SP 800-63B-4 §3.1.1.2 requires that 64
/// characters are accepted.
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

    /// The limit on Argon2's memory times passes: a hash of less memory may take more passes.
    pub(super) fn argon2_work(&self) -> u64 {
        u64::from(self.memory_kib).saturating_mul(self.passes.into())
    }

    /// No limits, for parsing a hash that will not be computed.
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
