//! HMAC secrets: long enough, and not a key of another kind by mistake.

use zeroize::Zeroizing;

use super::{Key, KeyOptions, Material, Usage, wrong_kind};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::{Error, ErrorCode};

impl Key {
    /// An HMAC key from a secret of random bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyTooWeak`]: shorter than the digest (32, 48, 64 bytes; RFC 7518 §3.2) without `allow_short`, or
    ///   empty.
    /// - [`ErrorCode::KeyInvalid`]: looks like a PEM, JWK, DER or OpenSSH key. Whoever gives a public key as a secret
    ///   lets everyone sign. Also when the algorithm is not an HMAC.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let options = KeyOptions { allow_short: Some(true), ..Default::default() };
    /// assert!(Key::from_secret(b"your-secret-key", Algorithm::Hs256, &KeyOptions::default()).is_err());
    /// assert!(Key::from_secret(b"your-secret-key", Algorithm::Hs256, &options).is_ok());
    /// assert!(Key::from_secret(b"", Algorithm::Hs256, &options).is_err());
    /// ```
    pub fn from_secret(secret: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        Self::from_secret_bytes(Zeroizing::new(secret.to_vec()), algorithm, options, Usage::ANY)
    }

    /// As [`Key::from_secret`], taking over the bytes, which are wiped with the key.
    ///
    /// # Errors
    /// Those of [`Key::from_secret`].
    pub(crate) fn from_secret_bytes(
        secret: Zeroizing<Vec<u8>>,
        algorithm: Algorithm,
        options: &KeyOptions,
        usage: Usage,
    ) -> Result<Self, Error> {
        let Family::Hmac(digest) = algorithm.family() else {
            return Err(wrong_kind("a secret", algorithm));
        };
        if secret.is_empty() {
            return Err(Error::new(ErrorCode::KeyTooWeak, "secret is empty"));
        }
        if looks_like_a_key(&secret) {
            return Err(Error::new(ErrorCode::KeyInvalid, "secret looks like a PEM, JWK, DER or OpenSSH key"));
        }
        if secret.len() < digest.len() && options.allow_short != Some(true) {
            let message = format!("{algorithm} wants a secret of at least {} bytes", digest.len());
            return Err(Error::new(ErrorCode::KeyTooWeak, message));
        }
        Self::new(algorithm, options.kid.clone(), Material::Secret(secret), usage)
    }
}

/// Whether a secret is another kind of key's file, with or without junk around it: the material of the algorithm
/// confusions (CVE-2022-29217, CVE-2024-33663, CVE-2023-48223 and their bypasses).
fn looks_like_a_key(secret: &[u8]) -> bool {
    is_pem(secret) || is_jwk(secret) || is_der(secret) || is_openssh(secret)
}

/// An encapsulation boundary (RFC 7468 §2) anywhere, in the single-byte encodings or in UTF-16.
fn is_pem(secret: &[u8]) -> bool {
    contains(secret, b"-----BEGIN ") || contains(secret, b"---- BEGIN ") || {
        // All of its room at once: a vector that grows leaves copies behind.
        let mut halved = Zeroizing::new(Vec::with_capacity(secret.len()));
        halved.extend(secret.iter().copied().filter(|byte| *byte != 0));
        halved.len() < secret.len() && contains(&halved, b"-----BEGIN ")
    }
}

/// A JSON object that names a key type or holds keys. Random bytes are not JSON; a passphrase hardly so.
fn is_jwk(secret: &[u8]) -> bool {
    contains(secret, b"{")
        && [&b"\"kty\""[..], b"\"keys\"", b"\"crv\"", b"\\u006b"].iter().any(|name| contains(secret, name))
}

/// A DER SEQUENCE whose length is exactly that of the rest, and that starts as a key or certificate does: with an
/// INTEGER or a SEQUENCE. Random bytes do so once in some millions.
fn is_der(secret: &[u8]) -> bool {
    let (length, content) = match secret {
        [0x30, length @ 0..=0x7f, content @ ..] | [0x30, 0x81, length, content @ ..] => (usize::from(*length), content),
        [0x30, 0x82, high, low, content @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), content),
        _ => return false,
    };
    length == content.len() && matches!(content, [0x02 | 0x30, ..])
}

/// A line of `authorized_keys` or of a `.pub` file, or the binary form of a private key.
fn is_openssh(secret: &[u8]) -> bool {
    const TYPES: [&[u8]; 6] =
        [b"ssh-ed25519 ", b"ssh-rsa ", b"ssh-dss ", b"ecdsa-sha2-nistp", b"sk-ssh-ed25519@", b"openssh-key-v1\0"];
    TYPES.iter().any(|kind| contains(secret, kind))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
