//! Private keys under a passphrase: encrypted PKCS#8 (RFC 5958 §3).

mod pbes2;

use zeroize::Zeroizing;

use super::der::{AlgorithmIdentifier, OCTET_STRING, Parsed, document as der_document};
use super::document::{self, KeyForm};
use super::{Key, KeyOptions, armor, pem, random_bytes};
use crate::jwt::algorithm::Algorithm;
use crate::{Error, ErrorCode};

const LABEL: &str = "ENCRYPTED PRIVATE KEY";

impl Key {
    /// A private key from a PEM block `ENCRYPTED PRIVATE KEY`.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: those of [`Key::from_pem`]; another encryption than PBES2 with PBKDF2 (HMAC with SHA-2)
    ///   and AES-CBC; more than 2,000,000 rounds; another passphrase.
    /// - [`ErrorCode::KeyTooWeak`], [`ErrorCode::OptionInvalid`]: those of [`Key::from_pem`].
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

    /// A private key from encrypted PKCS#8 in DER.
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

    /// The private key as PEM under a passphrase: PBES2 with 600,000 rounds of PBKDF2 (HMAC-SHA-256) and AES-256-CBC.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret, or a public key.
    /// - [`ErrorCode::OptionInvalid`]: an empty passphrase.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub fn to_encrypted_pem(&self, passphrase: &[u8]) -> Result<String, Error> {
        self.to_encrypted_der(passphrase).map(|der| pem_of(&der))
    }

    /// As [`Key::to_encrypted_pem`], in DER.
    ///
    /// # Errors
    /// Those of [`Key::to_encrypted_pem`].
    pub fn to_encrypted_der(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        encrypted(|| self.to_der(KeyForm::Pkcs8), passphrase)
    }
}

/// The encrypted document in a PEM block.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: not exactly one block of that label, or not well-formed.
pub(crate) fn document_of_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    match armor::open(text)? {
        (LABEL, der) => Ok(der),
        (label, _) if KeyForm::ALL.iter().any(|form| form.label() == label) => Err(not_encrypted()),
        (label, _) => Err(pem::unreadable(label)),
    }
}

/// The PEM block of an encrypted document.
pub(crate) fn pem_of(der: &[u8]) -> String {
    armor::close(LABEL, der)
}

/// The PKCS#8 document in an encrypted one; nothing where `der` is another document.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: another encryption than ours, too many rounds, or another passphrase.
pub(crate) fn decrypted(der: &[u8], passphrase: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let Ok(document) = Encrypted::parse(der) else { return Ok(None) };
    let key = pbes2::decrypt(&document.algorithm, document.data, passphrase)?;
    // Of 256 wrong passphrases one leaves a padding that is right.
    if document::has_form(KeyForm::Pkcs8, &key) { Ok(Some(key)) } else { Err(other_passphrase()) }
}

/// The encrypted document of a PKCS#8 document, which is not written where there is no passphrase for it.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: an empty passphrase.
/// - [`ErrorCode::Internal`]: the platform has no random source.
/// - Those of `pkcs8`.
pub(crate) fn encrypted(
    pkcs8: impl FnOnce() -> Result<Zeroizing<Vec<u8>>, Error>,
    passphrase: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    if passphrase.is_empty() {
        return Err(Error::new(ErrorCode::OptionInvalid, "option \"passphrase\" is empty"));
    }
    let key = pkcs8()?;
    let salt = random_bytes(16)?;
    let mut iv = [0; 16];
    iv.copy_from_slice(&random_bytes(16)?);
    pbes2::encrypt(&key, passphrase, &salt, &iv).ok_or_else(|| Error::new(ErrorCode::Internal, "key cannot be written"))
}

/// Whether a document in DER is an encrypted key, whatever encrypts it: an algorithm, and bytes.
pub(crate) fn is_encrypted(der: &[u8]) -> bool {
    Encrypted::parse(der).is_ok()
}

/// `EncryptedPrivateKeyInfo` (RFC 5958 §3).
struct Encrypted<'d> {
    algorithm: AlgorithmIdentifier<'d>,
    data: &'d [u8],
}

impl<'d> Encrypted<'d> {
    fn parse(der: &'d [u8]) -> Parsed<Self> {
        der_document(der, |fields| {
            Ok(Self { algorithm: AlgorithmIdentifier::read(fields)?, data: fields.take(OCTET_STRING)? })
        })
    }
}

fn other_passphrase() -> Error {
    invalid("the encrypted key does not open with this passphrase")
}

pub(crate) fn not_encrypted() -> Error {
    invalid("the private key is not encrypted; give no passphrase")
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
