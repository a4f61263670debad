//! What a document in DER would be called in PEM, where it holds no key we read.

use super::certificate::is_certificate;
use super::encrypted::is_encrypted;

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
