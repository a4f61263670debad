//! Imports and exports keys as PEM and DER.

use zeroize::Zeroizing;

use super::Key;
use crate::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::document::{self, KeyForm};
use crate::jose::key_options::KeyOptions;
use crate::jose::material::Material;
use crate::jose::pem::{self, unreadable};
use crate::jose::pem_label::label_of;
use crate::jose::usage::Usage;

impl Key {
    /// Imports a key from one PEM block: `PRIVATE KEY` (PKCS#8), `PUBLIC KEY` (SPKI), `RSA PRIVATE KEY` or
    /// `RSA PUBLIC KEY` (PKCS#1), or `EC PRIVATE KEY` (SEC 1).
    ///
    /// Line breaks may be missing or written as `\n`, and the text may be the base64 of a PEM, as in environment variables.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): the text is not exactly one such block or is
    ///   malformed; the numbers are invalid or do not match; or the key does not fit the algorithm.
    /// - [`ErrorCode::KeyTooWeak`](crate::ErrorCode::KeyTooWeak): an RSA key is shorter than 2048 bits.
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): an option is not allowed here.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let pem = Key::generate(Algorithm::Es256, &KeyOptions::default())?.to_pem(false)?;
    /// let key = Key::from_pem(&pem, Algorithm::Es256, &KeyOptions::default())?;
    /// assert_eq!(key.to_pem(false)?, pem);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_pem(text: &str, algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let (label, der) = pem::open(text)?;
        let form = KeyForm::ALL.into_iter().find(|form| form.label() == label).ok_or_else(|| unreadable(&label))?;
        let material = document::read(form, &der).map_err(|fault| fault.against(algorithm))?;
        Self::from_material(material, algorithm, options)
    }

    /// Imports a key from a DER document: PKCS#8, SPKI, PKCS#1 or SEC 1. The format is detected.
    ///
    /// # Errors
    /// Those of [`Key::from_pem`].
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyForm, KeyOptions};
    ///
    /// let der = Key::generate(Algorithm::Es256, &KeyOptions::default())?.to_der(KeyForm::Sec1)?;
    /// assert!(Key::from_der(&der, Algorithm::Es256, &KeyOptions::default()).is_ok());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_der(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let material = document::read_any(der)
            .map_err(|fault| label_of(der).map_or_else(|| fault.against(algorithm), unreadable))?;
        Self::from_material(material, algorithm, options)
    }

    pub(super) fn from_material(material: Material, algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        options.expect_import()?;
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
    }

    /// Exports the key as PEM with LF line endings: the public key as SPKI or, with `private`, the private key as
    /// PKCS#8.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret, or `private` is true for a public
    ///   key.
    pub fn to_pem(&self, private: bool) -> Result<String, Error> {
        self.to_pem_form(if private { KeyForm::Pkcs8 } else { KeyForm::Spki })
    }

    /// Exports the key as PEM in the given format.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret, or the format does not exist for
    ///   this key.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyForm, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::Es384, &KeyOptions::default())?;
    /// assert!(key.to_pem_form(KeyForm::Sec1)?.starts_with("-----BEGIN EC PRIVATE KEY-----"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn to_pem_form(&self, form: KeyForm) -> Result<String, Error> {
        Ok(pem::close(form.label(), &self.to_der(form)?))
    }

    /// Exports the key as DER in the given format.
    ///
    /// # Errors
    /// Those of [`Key::to_pem_form`].
    pub fn to_der(&self, form: KeyForm) -> Result<Zeroizing<Vec<u8>>, Error> {
        document::write(form, self.material())
    }
}
