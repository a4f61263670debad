//! Private keys encrypted with a passphrase: encrypted PKCS#8 (RFC 5958 §3).

mod pbes2;

use zeroize::Zeroizing;

use super::document::{self, KeyForm};
use super::encrypted_document::EncryptedDocument;
use super::pem::{self, unreadable};
use crate::crypto::random::random_bytes;
use crate::{Error, ErrorCode};

const LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// The encrypted document in a PEM block.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: the text is malformed, or is not exactly one block labeled `ENCRYPTED PRIVATE KEY`.
pub(crate) fn document_of_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (label, der) = pem::open(text)?;
    match label.as_str() {
        LABEL => Ok(der),
        label if KeyForm::ALL.iter().any(|form| form.label() == label) => Err(not_encrypted()),
        label => Err(unreadable(label)),
    }
}

/// The PEM block for an encrypted document.
pub(crate) fn pem_of(der: &[u8]) -> String {
    pem::close(LABEL, der)
}

/// Decrypts an encrypted PKCS#8 document. Returns `None` if `der` is another kind of document.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: the encryption is not supported, asks for too many iterations, or the passphrase is
///   wrong.
pub(crate) fn decrypted(der: &[u8], passphrase: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let Ok(document) = EncryptedDocument::parse(der) else { return Ok(None) };
    let key = pbes2::decrypt(&document.algorithm, document.data, passphrase)?;
    // One of 256 wrong passphrases leaves valid padding by chance.
    if document::has_form(KeyForm::Pkcs8, &key) { Ok(Some(key)) } else { Err(pbes2::other_passphrase()) }
}

/// Encrypts a PKCS#8 document. Does not call `pkcs8` if the passphrase is empty.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: the passphrase is empty.
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

pub(crate) fn not_encrypted() -> Error {
    invalid("the private key is not encrypted: leave out the passphrase")
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
