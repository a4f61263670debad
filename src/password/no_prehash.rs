//! Replaces `prehash.rs` in the Argon2 module, where every format hashes the password itself.

use zeroize::Zeroizing;

use super::prehash_option::Prehash;
use crate::{Error, ErrorCode};

/// What is done to a password before the key derivation function: nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum PreHash {
    None,
}

impl From<Prehash> for PreHash {
    fn from(_: Prehash) -> Self {
        Self::None
    }
}

/// As in `prehash.rs`.
type Variant = (Zeroizing<String>, bool);

#[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the interface of prehash.rs")]
impl PreHash {
    pub(super) fn apply(&self, _: &str) -> Result<Option<Zeroizing<String>>, Error> {
        Ok(None)
    }

    pub(super) const fn is_digest(&self) -> bool {
        false
    }

    pub(super) const fn normalizes(&self) -> bool {
        false
    }

    pub(super) fn variants(&self, _: &str) -> Result<[Option<Variant>; 2], Error> {
        Ok([None, None])
    }

    pub(super) const fn may_be_escaped(&self, _: &str) -> bool {
        false
    }

    pub(super) fn keeps(&self, _: &str) -> Result<bool, Error> {
        Ok(true)
    }
}

/// Never called: Argon2 takes the pepper itself.
pub(super) fn peppered(_: &[u8], _: Option<&str>, _: &str) -> Result<Zeroizing<String>, Error> {
    Err(Error::new(ErrorCode::Internal, "the pepper could not be applied"))
}
