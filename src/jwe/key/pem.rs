//! Imports and exports encryption keys as PEM and DER.

use zeroize::Zeroizing;

use super::EncryptionKey;
use super::material::{Material, PrivateKey, PublicKey, against, wrong_kind};
use super::options::KeyOptions;
use super::usage::Usage;
use super::x25519;
use crate::jose::document::{self, DocumentError, KeyForm};
use crate::jose::encrypted;
use crate::jose::material as signing;
use crate::jose::pem::{self, unreadable};
use crate::jose::pem_label::label_of;
use crate::jose::usage::{kept_elsewhere, usage_error};
use crate::jwe::agreement::{Private, Public};
use crate::jwe::algorithm::Algorithm;
use crate::{Error, ErrorCode};

impl EncryptionKey {
    /// Imports a key from one PEM block: `PRIVATE KEY` (PKCS#8), `PUBLIC KEY` (SPKI), `RSA PRIVATE KEY` or
    /// `RSA PUBLIC KEY` (PKCS#1), or `EC PRIVATE KEY` (SEC 1).
    ///
    /// Line breaks may be missing or written as `\n`, and the text may be the base64 of a PEM, as in environment variables.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the text is not exactly one such block or is malformed; the numbers are invalid or
    ///   do not match; or the key does not fit the algorithm.
    /// - [`ErrorCode::KeyTooWeak`]: an RSA key is shorter than 2048 bits.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions, KeyOptions};
    /// use countersign::jwt::KeyForm;
    ///
    /// let pem = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?.to_pem(KeyForm::Spki)?;
    /// let key = EncryptionKey::from_pem(&pem, Algorithm::EcdhEs, &KeyOptions::default())?;
    /// assert_eq!(key.to_pem(KeyForm::Spki)?, pem);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_pem(text: &str, algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let (label, der) = pem::open(text)?;
        let form = KeyForm::ALL.into_iter().find(|form| form.label() == label).ok_or_else(|| unreadable(&label))?;
        // The document must have the format that its label names, also for an X25519 key.
        let own = if document::has_form(form, &der) { x25519::from_document(&der)? } else { None };
        Self::from_document(own, algorithm, options, || document::read(form, &der))
    }

    /// Imports a key from a DER document: PKCS#8, SPKI, PKCS#1 or SEC 1. The format is detected.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::from_pem`].
    pub fn from_der(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        Self::from_document(x25519::from_document(der)?, algorithm, options, || {
            document::read_any(der).map_err(|fault| label_of(der).map(unreadable).map_or(fault, DocumentError::Invalid))
        })
    }

    /// Imports a private key from a PEM block labeled `ENCRYPTED PRIVATE KEY`.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the passphrase is wrong; the key is not encrypted with PBES2, PBKDF2 (HMAC with
    ///   SHA-1, -256, -384 or -512) and AES-CBC; or it asks for more than 2,000,000 iterations.
    /// - Those of [`EncryptionKey::from_pem`].
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions, KeyOptions};
    /// use countersign::jwt::KeyForm;
    ///
    /// let key = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?;
    /// let pem = key.to_encrypted_pem(b"correct horse battery staple")?;
    /// let (alg, options) = (Algorithm::EcdhEs, KeyOptions::default());
    /// let again = EncryptionKey::from_encrypted_pem(&pem, b"correct horse battery staple", alg, &options)?;
    /// assert_eq!(again.to_pem(KeyForm::Pkcs8)?, key.to_pem(KeyForm::Pkcs8)?);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_encrypted_pem(
        text: &str,
        passphrase: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        Self::from_encrypted_der(&encrypted::document_of_pem(text)?, passphrase, algorithm, options)
    }

    /// Imports a private key from encrypted PKCS#8 in DER.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::from_encrypted_pem`].
    pub fn from_encrypted_der(
        der: &[u8],
        passphrase: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        match encrypted::decrypted(der, passphrase)? {
            Some(key) => Self::from_der(&key, algorithm, options),
            None => Self::from_der(der, algorithm, options).and(Err(encrypted::not_encrypted())),
        }
    }

    pub(super) fn from_document(
        own: Option<Material>,
        algorithm: Algorithm,
        options: &KeyOptions,
        read: impl FnOnce() -> Result<signing::Material, DocumentError>,
    ) -> Result<Self, Error> {
        let material = match own {
            Some(material) if algorithm.agrees() => material,
            Some(_) => return Err(wrong_kind("an X25519 key", algorithm)),
            None => Material::from_signing(read().map_err(|fault| against(fault, algorithm))?, algorithm)?,
        };
        Ok(Self::new(algorithm, options.kid.clone(), material, Usage::ANY))
    }

    /// Exports the key as PEM in the given format, with LF line endings.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key is a secret or a password, or the format does not exist for this key.
    pub fn to_pem(&self, form: KeyForm) -> Result<String, Error> {
        Ok(pem::close(form.label(), &self.to_der(form)?))
    }

    /// Exports the key as DER in the given format.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::to_pem`].
    pub fn to_der(&self, form: KeyForm) -> Result<Zeroizing<Vec<u8>>, Error> {
        let material = match &self.0.material {
            Material::Elsewhere(_) if !matches!(form, KeyForm::Spki | KeyForm::Pkcs1Public) => {
                return Err(kept_elsewhere());
            }
            Material::Elsewhere(_) => return self.public_key()?.to_der(form),
            Material::Password(_) | Material::Secret(_) => return Err(usage_error("a secret has no PEM or DER form")),
            Material::Private(PrivateKey::Agreement(Private::X25519(own))) => {
                return x25519::to_document(form, Some(own), &own.public());
            }
            Material::Private(own) => own.to_signing().map(signing::Material::Private),
            Material::Public(public) => match &**public {
                PublicKey::Agreement(Public::X25519(public)) => return x25519::to_document(form, None, public),
                public => public.to_signing().map(signing::Material::Public),
            },
        };
        document::write(form, &material.ok_or_else(unwritable)?)
    }

    /// Exports the private key as encrypted PEM: PBES2 with 600,000 iterations of PBKDF2-HMAC-SHA-256 and AES-256-CBC.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key is a secret, a password or a public key.
    /// - [`ErrorCode::OptionInvalid`]: the passphrase is empty.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub fn to_encrypted_pem(&self, passphrase: &[u8]) -> Result<String, Error> {
        self.to_encrypted_der(passphrase).map(|der| encrypted::pem_of(&der))
    }

    /// Like [`EncryptionKey::to_encrypted_pem`], in DER.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::to_encrypted_pem`].
    pub fn to_encrypted_der(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        encrypted::encrypted(|| self.to_der(KeyForm::Pkcs8), passphrase)
    }
}

fn unwritable() -> Error {
    Error::new(ErrorCode::Internal, "key cannot be written")
}
