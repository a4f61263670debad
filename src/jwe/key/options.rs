//! The options for importing and generating encryption keys.

use crate::jwe::agreement::Curve;

/// Options for importing a key.
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
    /// The key's identifier (RFC 7516 §4.1.6). It is written into headers and selects one of several keys.
    pub kid: Option<String>,
}

/// Options for generating a key.
///
/// ```
/// use countersign::jwe::{Curve, GenerateOptions};
///
/// let options = GenerateOptions { crv: Some(Curve::P256), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GenerateOptions {
    /// The curve, for `ECDH-ES` algorithms. The default is X25519.
    pub crv: Option<Curve>,
    /// The key's identifier.
    pub kid: Option<String>,
    /// The length of the RSA key in bits, for `RSA-OAEP-256`: a multiple of 8 from 2048 to 8192. The default is 3072.
    pub modulus_length: Option<usize>,
}

/// Options for a key from a password.
///
/// ```
/// use countersign::jwe::PasswordOptions;
///
/// let options = PasswordOptions { iterations: Some(1_000_000), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PasswordOptions {
    /// The PBKDF2 iterations for new tokens, from 1000 to 10000000. The default is 600000 with SHA-256 and 210000 with
    /// SHA-512.
    pub iterations: Option<usize>,
    /// The key's identifier.
    pub kid: Option<String>,
}
