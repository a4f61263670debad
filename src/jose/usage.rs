//! What a key may be used for.

use crate::{Error, ErrorCode};

/// Which jobs a JWK's `use` and `key_ops` leave a key.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) sign: bool,
    pub(crate) verify: bool,
}

impl Usage {
    pub(crate) const ANY: Self = Self { sign: true, verify: true };
}

/// Which half of a key is held.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyType {
    /// Signs, and checks with the public half it contains.
    Private,
    /// Checks only.
    Public,
    /// Signs and checks: a shared HMAC secret.
    Secret,
}

impl KeyType {
    /// `"private"`, `"public"` or `"secret"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
            Self::Secret => "secret",
        }
    }
}

/// The error for a key that is asked to do what it cannot or must not.
pub(crate) fn usage_error(message: &str) -> Error {
    Error::new(ErrorCode::KeyUsage, message)
}
