//! Passwords stretched to wrapping keys: PBES2 (RFC 7518 §4.8, RFC 8018 §5.2).

use hmac::EagerHash;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Stretch};
use crate::crypto::aes_key_wrap::Wrap;
use crate::{Error, ErrorCode};

/// RFC 7518 §4.8.1.2: fewer are not worth the name, whoever asks for them.
pub(super) const MIN_ITERATIONS: u32 = 1_000;

/// How many iterations a token may ask for unless the caller says otherwise, or makes tokens with more: whoever sends
/// one decides how long checking it takes.
pub(super) const MAX_ITERATIONS: u32 = 600_000;

/// The most that can be asked for.
const LARGEST_MAX_ITERATIONS: u32 = 10_000_000;

/// Bytes of a new salt: twice what RFC 8018 §4.1 wants at least.
pub(super) const SALT_BYTES: usize = 16;

/// A number of iterations that may be asked for.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: out of bounds.
pub(super) fn bounded(option: &str, iterations: usize) -> Result<u32, Error> {
    let within = u32::try_from(iterations).ok().filter(|own| (MIN_ITERATIONS..=LARGEST_MAX_ITERATIONS).contains(own));
    within.ok_or_else(|| {
        let message = format!("option \"{option}\" is not between {MIN_ITERATIONS} and {LARGEST_MAX_ITERATIONS}");
        Error::new(ErrorCode::OptionInvalid, message)
    })
}

impl Stretch {
    /// How many iterations are made when nobody says: OWASP's recommendation for each digest.
    pub(super) const fn iterations(self) -> u32 {
        match self {
            Self::Sha256 => 600_000,
            Self::Sha512 => 210_000,
        }
    }
}

/// The wrapping key for a password. What is hashed with it is the algorithm's name, a zero and the salt, so that one salt
/// is not the same for two algorithms (RFC 7518 §4.8.1.1).
pub(super) fn stretch(
    (stretch, wrap): (Stretch, Wrap),
    algorithm: Algorithm,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
) -> Zeroizing<Vec<u8>> {
    let salt = [algorithm.name().as_bytes(), &[0], salt].concat();
    let length = wrap.key_length();
    match stretch {
        Stretch::Sha256 => derive::<Sha256>(password, &salt, iterations, length),
        Stretch::Sha512 => derive::<Sha512>(password, &salt, iterations, length),
    }
}

fn derive<H: EagerHash>(password: &[u8], salt: &[u8], iterations: u32, length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; length]);
    pbkdf2::pbkdf2_hmac::<H>(password, salt, iterations, &mut key);
    key
}
