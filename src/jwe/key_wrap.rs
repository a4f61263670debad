//! AES key wrap (RFC 3394), which keeps the key of the content under another key.

use aes::cipher::KeyInit;
use aes_kw::{KwAes128, KwAes256};
use zeroize::Zeroizing;

use super::algorithm::Wrap;

/// What wrapping adds, in bytes.
pub(super) const OVERHEAD: usize = 8;

impl Wrap {
    /// The wrapped key. Nothing if a length is wrong, which no caller here lets happen.
    pub(super) fn wrap(self, wrapping_key: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; key.len().checked_add(OVERHEAD)?];
        match self {
            Self::Aes128 => KwAes128::new_from_slice(wrapping_key).ok()?.wrap_key(key, &mut wrapped).ok()?,
            Self::Aes256 => KwAes256::new_from_slice(wrapping_key).ok()?.wrap_key(key, &mut wrapped).ok()?,
        };
        Some(wrapped)
    }

    /// The key within, if it was wrapped with this one.
    pub(super) fn unwrap(self, wrapping_key: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut key = Zeroizing::new(vec![0; wrapped.len().checked_sub(OVERHEAD)?]);
        match self {
            Self::Aes128 => KwAes128::new_from_slice(wrapping_key).ok()?.unwrap_key(wrapped, &mut key).ok()?,
            Self::Aes256 => KwAes256::new_from_slice(wrapping_key).ok()?.unwrap_key(wrapped, &mut key).ok()?,
        };
        Some(key)
    }
}
