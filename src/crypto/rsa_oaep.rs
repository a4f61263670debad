//! RSAES-OAEP with SHA-256 (RFC 7518 §4.3, RFC 8017 §7.1).

use rsa::traits::PublicKeyParts;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::random::random_bytes;
use super::rsa::{RsaPublic, RsaSecret};
use crate::{Error, ErrorCode};

/// How long what was encrypted for this key is, in bytes: as long as its modulus.
pub(crate) fn length(secret: &RsaSecret) -> usize {
    secret.key().size()
}

/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn encrypt(public: &RsaPublic, key: &[u8]) -> Result<Vec<u8>, Error> {
    expect_random_numbers()?;
    public.key().oaep_encrypt::<Sha256>(key).map_err(|_| Error::new(ErrorCode::Internal, "encrypting failed"))
}

/// The key within; nothing where the padding is wrong, whichever part of it. Blinded, as its time must not tell the key.
///
/// The crate passes over the first byte of the padded block, which RFC 8017 §7.1.2 wants to be zero. Who can make such a
/// block can make a right one as well; and what is not looked at tells Manger's attack nothing.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn decrypt(secret: &RsaSecret, encrypted: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    expect_random_numbers()?;
    Ok(secret.key().oaep_decrypt::<Sha256>(encrypted).map(Zeroizing::new).ok())
}

/// Asked first, so that a platform without random numbers says so in the usual words.
fn expect_random_numbers() -> Result<(), Error> {
    random_bytes(1).map(drop)
}
