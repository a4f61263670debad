//! The Concat KDF (NIST SP 800-56A §5.8.1), which derives a key from the shared secret of a key agreement.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The context that the derived key is bound to. Both sides must use the same.
pub(crate) struct KdfContext<'a> {
    /// The name of the algorithm that the key is for.
    pub(crate) algorithm: &'a str,
    /// The length of the key in bytes.
    pub(crate) key_length: usize,
    /// `PartyUInfo`, the sender.
    pub(crate) apu: &'a [u8],
    /// `PartyVInfo`, the recipient.
    pub(crate) apv: &'a [u8],
}

/// Derives a key with SHA-256, as RFC 7518 §4.6.2 uses the function. The crate `concat-kdf` depends on an older version of
/// the hash crates.
pub(crate) fn derive(shared: &[u8], context: &KdfContext<'_>) -> Zeroizing<Vec<u8>> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    let bits = u32::try_from(context.key_length.saturating_mul(8)).unwrap_or(u32::MAX).to_be_bytes();
    // Allocated at its final size: a buffer that grows leaves copies of the key in memory.
    let mut key = Zeroizing::new(Vec::with_capacity(context.key_length.saturating_add(32)));
    let mut counter = 0_u32;
    while key.len() < context.key_length {
        counter = counter.saturating_add(1);
        let mut hash = Sha256::new().chain_update(counter.to_be_bytes()).chain_update(shared);
        for part in [context.algorithm.as_bytes(), context.apu, context.apv] {
            hash = hash.chain_update(length(part)).chain_update(part);
        }
        key.extend_from_slice(&Zeroizing::new(<[u8; 32]>::from(hash.chain_update(bits).finalize()))[..]);
    }
    key.truncate(context.key_length);
    key
}
