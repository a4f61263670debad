//! What an encryption key may be used for.

/// The operations that a JWK's `use` and `key_ops` allow.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) encrypt: bool,
    pub(crate) decrypt: bool,
}

impl Usage {
    pub(crate) const ANY: Self = Self { encrypt: true, decrypt: true };
}
