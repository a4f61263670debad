//! What a key may be used for: its type, and the operations that a JWK allows.

use crate::{Error, ErrorCode};

/// The operations that a JWK's `use` and `key_ops` allow.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) sign: bool,
    pub(crate) verify: bool,
}

impl Usage {
    pub(crate) const ANY: Self = Self { sign: true, verify: true };
}

/// Whether a key is private, public or a shared secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyType {
    /// Signs, and verifies with its public key.
    Private,
    /// Verifies only.
    Public,
    /// A shared HMAC secret, which signs and verifies.
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

/// The error for an operation that a key cannot do or must not be used for.
pub(crate) fn usage_error(message: &str) -> Error {
    Error::new(ErrorCode::KeyUsage, message)
}

/// The error for the export of a key that is not in this process.
pub(crate) fn kept_elsewhere() -> Error {
    usage_error("this key is kept elsewhere and cannot be exported")
}

/// The error for the use of a public half that is not known.
pub(crate) fn no_public_half() -> Error {
    usage_error("the public half of this key is not known: pass it as \"publicKey\" with the key")
}
