//! The option `preset`: recommended costs by name, each with its source.

use core::str::FromStr;

use super::params::ParamsOptions;
use crate::{Error, ErrorCode};

/// A published recommendation for the costs of Argon2id.
///
/// ```
/// use countersign::password::{PasswordHasher, Policy, Preset};
///
/// let hasher = PasswordHasher::new(&Policy { preset: Some(Preset::OwaspLowMemory), ..Default::default() })?;
/// assert!(hasher.hash("correct horse battery staple")?.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Preset {
    /// `"owasp"`: 19456 KiB and 2 passes, the default. From OWASP's Password Storage Cheat Sheet.
    Owasp,
    /// `"owasp-low-memory"`: 7168 KiB and 5 passes, for where memory is scarce. The same source regards it as equally strong.
    OwaspLowMemory,
    /// `"rfc9106-low-memory"`: 64 MiB, 3 passes and 4 lanes, the second recommendation of RFC 9106 §4. Takes about 160 ms.
    Rfc9106LowMemory,
}

impl Preset {
    const ALL: &'static [Self] = &[Self::Owasp, Self::OwaspLowMemory, Self::Rfc9106LowMemory];

    /// The name in a policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owasp => "owasp",
            Self::OwaspLowMemory => "owasp-low-memory",
            Self::Rfc9106LowMemory => "rfc9106-low-memory",
        }
    }

    pub(super) fn params(self) -> ParamsOptions {
        let (memory_kib, passes, lanes) = match self {
            Self::Owasp => (19_456, 2, 1),
            Self::OwaspLowMemory => (7168, 5, 1),
            Self::Rfc9106LowMemory => (65_536, 3, 4),
        };
        ParamsOptions {
            memory_kib: Some(memory_kib),
            passes: Some(passes),
            lanes: Some(lanes),
            ..ParamsOptions::default()
        }
    }
}

impl FromStr for Preset {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a preset. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|preset| preset.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "not a known preset"))
    }
}
