//! Keys as PEM and DER, in and out.

use zeroize::Zeroizing;

use super::certificate::is_certificate;
use super::document::{self, KeyForm};
use super::encrypted::is_encrypted;
use super::{Key, KeyOptions, Usage, armor};
use crate::jwt::algorithm::Algorithm;
use crate::{Error, ErrorCode};

impl Key {
    /// A key from one PEM block: `PRIVATE KEY` (PKCS#8), `PUBLIC KEY` (SPKI), `RSA PRIVATE KEY` and `RSA PUBLIC KEY`
    /// (PKCS#1), or `EC PRIVATE KEY` (SEC 1).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not exactly one block of these, not well-formed, numbers that are not valid or do not
    ///   belong together, or a key of another kind than the algorithm wants.
    /// - [`ErrorCode::KeyTooWeak`]: an RSA key under 2048 bits.
    /// - [`ErrorCode::OptionInvalid`]: an option that is not for this.
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
        let (label, der) = armor::open(text)?;
        let form = KeyForm::ALL.into_iter().find(|form| form.label() == label).ok_or_else(|| unreadable(label))?;
        let material = document::read(form, &der).map_err(|fault| fault.against(algorithm))?;
        Self::from_material(material, algorithm, options)
    }

    /// A key from a document in DER, whose form its content tells: PKCS#8, SPKI, PKCS#1 or SEC 1.
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

    pub(super) fn from_material(
        material: super::Material,
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        options.expect_import()?;
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
    }

    /// The key as PEM: SPKI of the public half, or PKCS#8 with the private one. Lines end with LF.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret, which has no PEM form, or the private half of a public key.
    pub fn to_pem(&self, private: bool) -> Result<String, Error> {
        self.to_pem_form(if private { KeyForm::Pkcs8 } else { KeyForm::Spki })
    }

    /// The key as PEM in a form of your choice.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: those of [`Key::to_pem`], or a form that this kind of key does not have.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyForm, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::Es384, &KeyOptions::default())?;
    /// assert!(key.to_pem_form(KeyForm::Sec1)?.starts_with("-----BEGIN EC PRIVATE KEY-----"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn to_pem_form(&self, form: KeyForm) -> Result<String, Error> {
        Ok(armor::close(form.label(), &self.to_der(form)?))
    }

    /// The key as DER in a form of your choice.
    ///
    /// # Errors
    /// Those of [`Key::to_pem_form`].
    pub fn to_der(&self, form: KeyForm) -> Result<Zeroizing<Vec<u8>>, Error> {
        document::write(form, self.material())
    }
}

/// The label that a document would have as a PEM block, if it is one that holds no key we read here.
pub(crate) fn label_of(der: &[u8]) -> Option<&'static str> {
    if is_certificate(der) {
        Some("CERTIFICATE")
    } else if is_encrypted(der) {
        Some("ENCRYPTED PRIVATE KEY")
    } else {
        None
    }
}

/// The error for a block that holds no key we read here.
pub(crate) fn unreadable(label: &str) -> Error {
    let message = match label {
        "CERTIFICATE" => "this is a certificate: fromUnverifiedCertificate takes its key, and checks nothing of it",
        "ENCRYPTED PRIVATE KEY" => "this is an encrypted private key; it wants a passphrase",
        "OPENSSH PRIVATE KEY" => "this is an OpenSSH key; a PRIVATE KEY is wanted",
        _ => "PEM label is not that of a key",
    };
    Error::new(ErrorCode::KeyInvalid, message)
}
