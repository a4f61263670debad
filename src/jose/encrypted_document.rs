//! The structure of a private key that is encrypted with a passphrase.

use crate::crypto::der::{AlgorithmIdentifier, OCTET_STRING, Parsed, document};

/// `EncryptedPrivateKeyInfo` (RFC 5958 §3).
#[cfg_attr(not(feature = "jwt"), expect(dead_code, reason = "the small module only recognizes such a document"))]
pub(crate) struct EncryptedDocument<'d> {
    pub(crate) algorithm: AlgorithmIdentifier<'d>,
    pub(crate) data: &'d [u8],
}

impl<'d> EncryptedDocument<'d> {
    /// Parses a document with any algorithm.
    pub(crate) fn parse(der: &'d [u8]) -> Parsed<Self> {
        document(der, |fields| {
            Ok(Self { algorithm: AlgorithmIdentifier::read(fields)?, data: fields.take(OCTET_STRING)? })
        })
    }
}
