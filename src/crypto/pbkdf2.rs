//! PBKDF2 with HMAC (RFC 8018 §5.2).

use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

/// The pseudorandom function of a derivation (RFC 8018 appendix B.1).
#[derive(Clone, Copy)]
pub(crate) enum Prf {
    HmacSha1,
    HmacSha256,
    HmacSha384,
    HmacSha512,
}

/// Derives a key of `length` bytes from a password.
pub(crate) fn derive(prf: Prf, password: &[u8], salt: &[u8], iterations: u32, length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; length]);
    match prf {
        Prf::HmacSha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut key),
        Prf::HmacSha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut key),
        Prf::HmacSha384 => pbkdf2_hmac::<Sha384>(password, salt, iterations, &mut key),
        Prf::HmacSha512 => pbkdf2_hmac::<Sha512>(password, salt, iterations, &mut key),
    }
    key
}
