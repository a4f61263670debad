//! AES key wrap (RFC 3394): encrypts a content encryption key under another key.

use aes::cipher::KeyInit;
use aes_kw::{KwAes128, KwAes192, KwAes256};
use zeroize::Zeroizing;

/// How much longer a wrapped key is, in bytes.
pub(crate) const OVERHEAD: usize = 8;

/// AES key wrap with a key of 128, 192 or 256 bits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wrap {
    Aes128,
    Aes192,
    Aes256,
}

impl Wrap {
    /// The length of the wrapping key in bytes.
    pub(crate) const fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// The wrapped key, or `None` if a length is wrong. No caller passes a wrong length.
    pub(crate) fn wrap(self, wrapping_key: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; key.len().checked_add(OVERHEAD)?];
        match self {
            Self::Aes128 => KwAes128::new_from_slice(wrapping_key).ok()?.wrap_key(key, &mut wrapped).ok()?,
            Self::Aes192 => KwAes192::new_from_slice(wrapping_key).ok()?.wrap_key(key, &mut wrapped).ok()?,
            Self::Aes256 => KwAes256::new_from_slice(wrapping_key).ok()?.wrap_key(key, &mut wrapped).ok()?,
        };
        Some(wrapped)
    }

    /// The unwrapped key, or `None` if it was wrapped with another key.
    pub(crate) fn unwrap(self, wrapping_key: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut key = Zeroizing::new(vec![0; wrapped.len().checked_sub(OVERHEAD)?]);
        match self {
            Self::Aes128 => KwAes128::new_from_slice(wrapping_key).ok()?.unwrap_key(wrapped, &mut key).ok()?,
            Self::Aes192 => KwAes192::new_from_slice(wrapping_key).ok()?.unwrap_key(wrapped, &mut key).ok()?,
            Self::Aes256 => KwAes256::new_from_slice(wrapping_key).ok()?.unwrap_key(wrapped, &mut key).ok()?,
        };
        Some(key)
    }
}
