//! RSAES-OAEP (RFC 7518 §4.3, RFC 8017 §7.1).

use rsa::traits::PublicKeyParts;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::random::random_bytes;
use super::rsa::{RsaPublic, RsaSecret};
use crate::{Error, ErrorCode};

/// The hash of the padding, which MGF1 uses too.
///
/// SHA-1 is enough here: OAEP does not need a hash without collisions (RFC 8017 appendix B.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OaepHash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// The length of a ciphertext for this key in bytes, which is the length of its modulus.
pub(crate) fn length(secret: &RsaSecret) -> usize {
    secret.key().size()
}

/// Encrypts a content encryption key.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn encrypt(public: &RsaPublic, hash: OaepHash, key: &[u8]) -> Result<Vec<u8>, Error> {
    expect_random_numbers()?;
    let public = public.key();
    let encrypted = match hash {
        OaepHash::Sha1 => public.oaep_encrypt::<Sha1>(key),
        OaepHash::Sha256 => public.oaep_encrypt::<Sha256>(key),
        OaepHash::Sha384 => public.oaep_encrypt::<Sha384>(key),
        OaepHash::Sha512 => public.oaep_encrypt::<Sha512>(key),
    };
    encrypted.map_err(|_| Error::new(ErrorCode::Internal, "encrypting failed"))
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
pub(crate) fn decrypt(
    secret: &RsaSecret,
    hash: OaepHash,
    encrypted: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    expect_random_numbers()?;
    let secret = secret.key();
    let decrypted = match hash {
        OaepHash::Sha1 => secret.oaep_decrypt::<Sha1>(encrypted),
        OaepHash::Sha256 => secret.oaep_decrypt::<Sha256>(encrypted),
        OaepHash::Sha384 => secret.oaep_decrypt::<Sha384>(encrypted),
        OaepHash::Sha512 => secret.oaep_decrypt::<Sha512>(encrypted),
    };
    Ok(decrypted.map(Zeroizing::new).ok())
}

/// Fails early with the usual message on a platform without random numbers.
fn expect_random_numbers() -> Result<(), Error> {
    random_bytes(1).map(drop)
}
