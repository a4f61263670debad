//! Imports and exports private keys that are encrypted with a passphrase.

use zeroize::Zeroizing;

use super::Key;
use crate::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::document::{self, KeyForm};
use crate::jose::encrypted::{decrypted, document_of_pem, encrypted, not_encrypted, pem_of};
use crate::jose::key_options::KeyOptions;

impl Key {
    /// Imports a private key from a PEM block labeled `ENCRYPTED PRIVATE KEY`.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): the passphrase is wrong; the key is not encrypted
    ///   with PBES2, PBKDF2 (HMAC with SHA-1, -256, -384 or -512) and AES-CBC; or it asks for more than 2,000,000 iterations.
    /// - Those of [`Key::from_pem`].
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::Es256, &KeyOptions::default())?;
    /// let pem = key.to_encrypted_pem(b"correct horse battery staple")?;
    /// let again = Key::from_encrypted_pem(&pem, b"correct horse battery staple", Algorithm::Es256, &KeyOptions::default())?;
    /// assert_eq!(again.to_pem(true)?, key.to_pem(true)?);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_encrypted_pem(
        text: &str,
        passphrase: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        Self::from_encrypted_der(&document_of_pem(text)?, passphrase, algorithm, options)
    }

    /// Imports a private key from encrypted PKCS#8 in DER.
    ///
    /// # Errors
    /// Those of [`Key::from_encrypted_pem`].
    pub fn from_encrypted_der(
        der: &[u8],
        passphrase: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        let Some(key) = decrypted(der, passphrase)? else {
            return Err(match document::read_any(der) {
                Ok(_) => not_encrypted(),
                Err(fault) => fault.against(algorithm),
            });
        };
        let material = document::read(KeyForm::Pkcs8, &key).map_err(|fault| fault.against(algorithm))?;
        Self::from_material(material, algorithm, options)
    }

    /// Exports the private key as encrypted PEM: PBES2 with 600,000 iterations of PBKDF2-HMAC-SHA-256 and AES-256-CBC.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret or a public key.
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): the passphrase is empty.
    /// - [`ErrorCode::Internal`](crate::ErrorCode::Internal): the platform has no random source.
    pub fn to_encrypted_pem(&self, passphrase: &[u8]) -> Result<String, Error> {
        self.to_encrypted_der(passphrase).map(|der| pem_of(&der))
    }

    /// Like [`Key::to_encrypted_pem`], in DER.
    ///
    /// # Errors
    /// Those of [`Key::to_encrypted_pem`].
    pub fn to_encrypted_der(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        encrypted(|| self.to_der(KeyForm::Pkcs8), passphrase)
    }
}
