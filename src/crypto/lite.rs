//! The keys of the small npm module, in place of those that compute. Public keys are checked as strictly, and `WebCrypto`
//! computes with them. Private keys are refused: those of `WebCrypto` itself sign.
//!
//! The types have the names and the functions of those that compute, so that the code above is the same for both.

#[cfg(not(feature = "jwt"))]
pub(crate) mod ecdsa;
#[cfg(not(feature = "jwt"))]
pub(crate) mod ed25519;
mod points;
mod residue;
#[cfg(not(feature = "jwt"))]
pub(crate) mod rsa;

#[cfg(not(feature = "jwt"))]
use signature::{Error as SignatureError, Verifier};

#[cfg(not(feature = "jwt"))]
use super::PUBLIC_KEYS_ONLY;
#[cfg(not(feature = "jwt"))]
use crate::{Error, ErrorCode};

/// Stands where the arithmetic would be. It is only asked if `WebCrypto` has not been, so it accepts nothing.
#[cfg(not(feature = "jwt"))]
pub(crate) struct NoArithmetic;

#[cfg(not(feature = "jwt"))]
impl Verifier<Vec<u8>> for NoArithmetic {
    fn verify(&self, _: &[u8], _: &Vec<u8>) -> Result<(), SignatureError> {
        Err(SignatureError::new())
    }
}

/// The error for a private key.
#[cfg(not(feature = "jwt"))]
pub(crate) fn no_private_keys() -> Error {
    let message = if cfg!(feature = "secrets") {
        "countersign/lite reads no private keys: use Key.fromCryptoKey, or countersign/jwt"
    } else {
        PUBLIC_KEYS_ONLY
    };
    Error::new(ErrorCode::KeyInvalid, message)
}
