//! PBES2: derives wrapping keys from passwords with PBKDF2 (RFC 7518 §4.8, RFC 8018 §5.2).

use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Pbkdf2Hash};
use crate::crypto::aes_key_wrap::Wrap;
use crate::crypto::pbkdf2::{Prf, derive};
use crate::{Error, ErrorCode};

/// The minimum number of iterations (RFC 7518 §4.8.1.2).
pub(super) const MIN_ITERATIONS: u32 = 1_000;

/// The most iterations that a token may ask for by default. The limit exists because the sender of a token decides how
/// long decrypting it takes.
pub(super) const MAX_ITERATIONS: u32 = 600_000;

/// The largest number of iterations that an option may set.
const LARGEST_MAX_ITERATIONS: u32 = 10_000_000;

/// The length of a new salt, in bytes: twice the minimum of RFC 8018 §4.1.
pub(super) const SALT_BYTES: usize = 16;

/// Checks a number of iterations from an option.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: the number is out of range.
pub(super) fn checked_iterations(option: &str, iterations: usize) -> Result<u32, Error> {
    let within = u32::try_from(iterations).ok().filter(|own| (MIN_ITERATIONS..=LARGEST_MAX_ITERATIONS).contains(own));
    within.ok_or_else(|| {
        let message = format!("option \"{option}\" is not between {MIN_ITERATIONS} and {LARGEST_MAX_ITERATIONS}");
        Error::new(ErrorCode::OptionInvalid, message)
    })
}

impl Pbkdf2Hash {
    /// The default number of iterations: OWASP's recommendation for each hash (Password Storage Cheat Sheet). SHA-384 takes as
    /// long as SHA-512.
    pub(super) const fn iterations(self) -> u32 {
        match self {
            Self::Sha256 => 600_000,
            Self::Sha384 | Self::Sha512 => 210_000,
        }
    }
}

/// Derives the wrapping key from a password. The salt is prefixed with the algorithm's name and a zero byte, so that
/// two algorithms never derive the same key (RFC 7518 §4.8.1.1).
pub(super) fn derive_wrapping_key(
    (hash, wrap): (Pbkdf2Hash, Wrap),
    algorithm: Algorithm,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
) -> Zeroizing<Vec<u8>> {
    let salt = [algorithm.name().as_bytes(), &[0], salt].concat();
    let length = wrap.key_length();
    let prf = match hash {
        Pbkdf2Hash::Sha256 => Prf::HmacSha256,
        Pbkdf2Hash::Sha384 => Prf::HmacSha384,
        Pbkdf2Hash::Sha512 => Prf::HmacSha512,
    };
    derive(prf, password, &salt, iterations, length)
}
