//! How much a check may cost, however the stored hash came to be: the ceilings of a policy.

use super::policy::LimitsOptions;
use crate::{Error, ErrorCode};

/// The most that is spent on one password: made only by [`Limits::new`], so always within the ranges below.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Limits {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    password_bytes: u32,
}

/// A limit's name, its default, and the range it may be set to.
struct Limit {
    name: &'static str,
    default: u32,
    least: u32,
    most: u32,
}

/// 64 MiB: the second choice of RFC 9106 §4, and half of the 128 MB that a Cloudflare Worker has. At most 4 GiB, all
/// that 32-bit WebAssembly can address; at least what Argon2 needs for one lane.
const MEMORY_KIB: Limit = Limit { name: "limits.memoryKib", default: 65_536, least: 8, most: 4_194_304 };

/// Three times what OWASP's setting with the least memory asks for, and the most that libraries use by default: at
/// 64 MiB still about a second. At most what RFC 9106 §3.1 allows.
const PASSES: Limit = Limit { name: "limits.passes", default: 16, least: 1, most: u32::MAX };

/// Twice the most that libraries use by default. At most what RFC 9106 §3.1 allows.
const LANES: Limit = Limit { name: "limits.lanes", default: 16, least: 1, most: 0x00ff_ffff };

/// Far beyond any passphrase (NIST SP 800-63B-4 §3.1.1.2 wants at least 64 characters accepted), and nothing beside
/// the cost of Argon2.
const PASSWORD_BYTES: Limit = Limit { name: "limits.passwordBytes", default: 4096, least: 1, most: 65_536 };

impl Limits {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: a limit outside its range.
    pub(super) fn new(options: &LimitsOptions) -> Result<Self, Error> {
        Ok(Self {
            memory_kib: MEMORY_KIB.set(options.memory_kib)?,
            passes: PASSES.set(options.passes)?,
            lanes: LANES.set(options.lanes)?,
            password_bytes: PASSWORD_BYTES.set(options.password_bytes)?,
        })
    }

    pub(super) const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    pub(super) const fn passes(&self) -> u32 {
        self.passes
    }

    pub(super) const fn lanes(&self) -> u32 {
        self.lanes
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
            password_bytes: PASSWORD_BYTES.default,
        }
    }
}

impl Limit {
    fn set(&self, given: Option<u64>) -> Result<u32, Error> {
        let Some(given) = given else { return Ok(self.default) };
        u32::try_from(given).ok().filter(|limit| self.least <= *limit && *limit <= self.most).ok_or_else(|| {
            let Self { name, least, most, .. } = self;
            Error::new(ErrorCode::OptionInvalid, format!("option \"{name}\" is not between {least} and {most}"))
        })
    }
}
