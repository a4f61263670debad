//! The option `prehash`: what stored bcrypt hashes are of, if not of the password.

use core::str::FromStr;

use crate::{Error, ErrorCode};

/// What stored bcrypt hashes are of, if the software that made them hashed a digest of the password.
///
/// ```
/// use countersign::password::{PasswordHasher, Policy, Prehash};
///
/// let hasher = PasswordHasher::new(&Policy { prehash: Some(Prehash::Sha256Hex), ..Default::default() })?;
/// let meteor = "$2b$04$9JqqT0Wlq5u14n5gpxcRyugP9XvlL6cg7IZmOy7NSqEQr05Qh6kj.";
/// assert!(hasher.verify("correct horse battery staple", Some(meteor))?.ok);
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Prehash {
    /// `"sha256-hex"`: SHA-256 in lower-case hexadecimal, as Meteor hashes it.
    Sha256Hex,
    /// `"sha384-base64"`: SHA-384 in base64, as BCrypt.Net's `EnhancedHashPassword` hashes it.
    Sha384Base64,
}

impl Prehash {
    const ALL: &'static [Self] = &[Self::Sha256Hex, Self::Sha384Base64];

    /// The name in a policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256Hex => "sha256-hex",
            Self::Sha384Base64 => "sha384-base64",
        }
    }
}

impl FromStr for Prehash {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not `"sha256-hex"` or `"sha384-base64"`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|prehash| prehash.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "not \"sha256-hex\" or \"sha384-base64\""))
    }
}
