//! PBKDF2 with HMAC (RFC 8018 §5.2).

use pbkdf2::pbkdf2_hmac;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::digest::Digest;

/// Derives a key of `length` bytes from a password.
pub(crate) fn derive(
    digest: Digest,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; length]);
    match digest {
        Digest::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut key),
        Digest::Sha384 => pbkdf2_hmac::<Sha384>(password, salt, iterations, &mut key),
        Digest::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, iterations, &mut key),
    }
    key
}
