//! How an encryption key is made.

use crate::jwe::agreement::Curve;

/// How a key is made: its name.
///
/// ```
/// use countersign::jwe::{Algorithm, EncryptionKey, KeyOptions};
///
/// let options = KeyOptions { kid: Some("2026-11".into()) };
/// assert_eq!(EncryptionKey::from_secret(&[7; 16], Algorithm::A128Kw, &options)?.kid(), Some("2026-11"));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeyOptions {
    /// The key's identifier, written into headers and matched against theirs (RFC 7516 §4.1.6).
    pub kid: Option<String>,
}

/// What a new key shall be like.
///
/// ```
/// use countersign::jwe::{Curve, GenerateOptions};
///
/// let options = GenerateOptions { crv: Some(Curve::P256), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GenerateOptions {
    /// The curve, for `ECDH-ES` and its kin; X25519 by default.
    pub crv: Option<Curve>,
    /// The key's identifier.
    pub kid: Option<String>,
    /// Bits of the modulus, for `RSA-OAEP-256`: 3072 by default, a multiple of 8 between 2048 and 8192.
    pub modulus_length: Option<usize>,
}

/// How a key is made of a password.
///
/// ```
/// use countersign::jwe::PasswordOptions;
///
/// let options = PasswordOptions { iterations: Some(1_000_000), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PasswordOptions {
    /// How often the password is hashed for a token that this key makes: 600000 times by default with SHA-256, 210000
    /// with SHA-512; at least 1000 and at most 10000000.
    pub iterations: Option<usize>,
    /// The key's identifier.
    pub kid: Option<String>,
}
