//! The schemes of stored hashes, by the names that PHC strings give them.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::{Error, ErrorCode};

/// How a stored hash was made.
///
/// ```
/// use countersign::password::Scheme;
///
/// assert_eq!("argon2id".parse::<Scheme>()?, Scheme::Argon2id);
/// assert_eq!(Scheme::Argon2id.name(), "argon2id");
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Scheme {
    /// Argon2 with memory access that depends on the password: fastest, and open to timing of the cache. Only for
    /// stored hashes.
    Argon2d,
    /// Argon2 with memory access that does not depend on the password: weaker against trade-offs of memory for time.
    /// Only for stored hashes.
    Argon2i,
    /// Argon2 with half a pass of the second kind and the rest of the first: what RFC 9106 §4 wants supported, and the
    /// scheme of new hashes.
    Argon2id,
}

impl Scheme {
    /// Every scheme that can be checked.
    pub const ALL: &'static [Self] = &[Self::Argon2d, Self::Argon2i, Self::Argon2id];

    /// The name in a PHC string and in a policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Argon2d => "argon2d",
            Self::Argon2i => "argon2i",
            Self::Argon2id => "argon2id",
        }
    }
}

impl FromStr for Scheme {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a scheme. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|scheme| scheme.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "not a known scheme"))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer).unwrap_or_default();
        name.parse().map_err(|_| de::Error::custom("expected a known scheme"))
    }
}
