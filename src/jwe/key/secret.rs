//! Imports encryption keys from secrets and from passwords.

use zeroize::Zeroizing;

use super::EncryptionKey;
use super::material::{Material, Password, wrong_kind};
use super::options::{KeyOptions, PasswordOptions};
use super::usage::Usage;
use crate::jwe::algorithm::{Algorithm, Family};
use crate::jwe::pbes2::checked_iterations;
use crate::{Error, ErrorCode};

/// The maximum length of a password, in bytes. Nobody types more: a longer input is probably passed by mistake.
const MAX_PASSWORD_BYTES: usize = 1024;

impl EncryptionKey {
    /// Imports a secret, which should be random bytes. Its length must be 16 bytes for `A128KW` and `A128GCMKW`, 24 for
    /// `A192KW` and `A192GCMKW`, and 32 for `A256KW` and `A256GCMKW`. For `dir`, it must be as long as the key of the
    /// content encryption: 16, 24 or 32 bytes for GCM, and 32, 48 or 64 for CBC.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the secret has another length, or the algorithm does not use secrets.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, Encryption, KeyOptions};
    ///
    /// let alg = Algorithm::Dir(Encryption::A256CbcHs512);
    /// assert!(EncryptionKey::from_secret(&[7; 64], alg, &KeyOptions::default()).is_ok());
    /// assert!(EncryptionKey::from_secret(&[7; 65], alg, &KeyOptions::default()).is_err());
    /// ```
    pub fn from_secret(secret: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        Self::from_secret_bytes(Zeroizing::new(secret.to_vec()), algorithm, options.kid.clone(), Usage::ANY)
    }

    /// Like [`EncryptionKey::from_secret`], but takes ownership of the bytes.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::from_secret`].
    pub(super) fn from_secret_bytes(
        secret: Zeroizing<Vec<u8>>,
        algorithm: Algorithm,
        kid: Option<String>,
        usage: Usage,
    ) -> Result<Self, Error> {
        let length = algorithm.secret_length().ok_or_else(|| wrong_kind("a secret", algorithm))?;
        if secret.len() == length {
            return Ok(Self::new(algorithm, kid, Material::Secret(secret), usage));
        }
        let with = algorithm.encryption().map(|encryption| format!(" with {encryption}")).unwrap_or_default();
        Err(invalid(format!("{algorithm}{with} needs a secret of exactly {length} bytes")))
    }

    /// Makes a key from a password, for `PBES2-HS256+A128KW` and `PBES2-HS512+A256KW`.
    ///
    /// Use a password only if a person has to remember it. Anyone who has a token can try passwords offline, and
    /// deriving the key takes time for every token.
    ///
    /// The password is not normalized: RFC 7518 §4.8.1.1 leaves Unicode normalization to the application.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyTooWeak`]: the password is empty.
    /// - [`ErrorCode::KeyInvalid`]: the password is longer than 1024 bytes, or the algorithm does not use passwords.
    /// - [`ErrorCode::OptionInvalid`]: `iterations` is out of range.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, PasswordOptions};
    ///
    /// let options = PasswordOptions::default();
    /// let key = EncryptionKey::from_password(b"correct horse", Algorithm::Pbes2Hs512A256Kw, &options)?;
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_password(password: &[u8], algorithm: Algorithm, options: &PasswordOptions) -> Result<Self, Error> {
        let Family::Pbes2(hash, _) = algorithm.family() else {
            return Err(wrong_kind("a password", algorithm));
        };
        if password.is_empty() {
            return Err(Error::new(ErrorCode::KeyTooWeak, "password is empty"));
        }
        if MAX_PASSWORD_BYTES < password.len() {
            return Err(invalid(format!("password is longer than {MAX_PASSWORD_BYTES} bytes")));
        }
        let iterations = match options.iterations {
            Some(iterations) => checked_iterations("iterations", iterations)?,
            None => hash.iterations(),
        };
        let material = Material::Password(Password { text: Zeroizing::new(password.to_vec()), iterations });
        Ok(Self::new(algorithm, options.kid.clone(), material, Usage::ANY))
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
