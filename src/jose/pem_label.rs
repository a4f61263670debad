//! Recognizes DER documents that are not plain keys, for better error messages.

use super::certificate::is_certificate;
use super::encrypted_document::EncryptedDocument;

/// The PEM label for a DER document that is a certificate or an encrypted key.
pub(crate) fn label_of(der: &[u8]) -> Option<&'static str> {
    if is_certificate(der) {
        Some("CERTIFICATE")
    } else if EncryptedDocument::parse(der).is_ok() {
        Some("ENCRYPTED PRIVATE KEY")
    } else {
        None
    }
}
