//! RSAES-OAEP with SHA-256 (RFC 7518 §4.3, RFC 8017 §7.1).

use rsa::traits::PublicKeyParts;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::random::random_bytes;
use super::rsa::{RsaPublic, RsaSecret};
use crate::{Error, ErrorCode};

/// The length of a ciphertext for this key in bytes, which is the length of its modulus.
pub(crate) fn length(secret: &RsaSecret) -> usize {
    secret.key().size()
}

/// Encrypts a content encryption key.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn encrypt(public: &RsaPublic, key: &[u8]) -> Result<Vec<u8>, Error> {
    expect_random_numbers()?;
    public.key().oaep_encrypt::<Sha256>(key).map_err(|_| Error::new(ErrorCode::Internal, "encrypting failed"))
}

/// Decrypts a content encryption key. Returns `None` for every padding error, so that callers cannot tell them apart.
/// Blinding keeps the time independent of the key.
///
/// The crate does not check the first byte of the padded block, which RFC 8017 §7.1.2 requires to be zero. This does
/// not weaken anything: whoever can produce such a block can produce a valid one, and a byte that is never checked
/// gives Manger's attack (CRYPTO 2001) no oracle.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn decrypt(secret: &RsaSecret, encrypted: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    expect_random_numbers()?;
    Ok(secret.key().oaep_decrypt::<Sha256>(encrypted).map(Zeroizing::new).ok())
}

/// Fails early with the usual message on a platform without random numbers.
fn expect_random_numbers() -> Result<(), Error> {
    random_bytes(1).map(drop)
}
