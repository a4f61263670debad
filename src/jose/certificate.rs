//! Extracts the public key from an X.509 certificate (RFC 5280 §4.1). Nothing else in the certificate is checked: the
//! caller must already trust it.

use super::document::Spki;
use crate::crypto::der::{AlgorithmIdentifier, INTEGER, Parsed, Reader, document};

/// Whether a DER document is a certificate.
pub(crate) fn is_certificate(der: &[u8]) -> bool {
    subject_public_key_info(der).is_ok()
}

/// The certificate's `SubjectPublicKeyInfo`. All other fields are skipped.
pub(crate) fn subject_public_key_info(certificate: &[u8]) -> Parsed<Spki<'_>> {
    document(certificate, |fields| {
        let info = fields.sequence(|fields| {
            // The version is optional. The serial number may be negative in practice, although the RFC forbids it.
            fields.explicit(0, Reader::small_integer)?;
            fields.take(INTEGER)?;
            AlgorithmIdentifier::read(fields)?;
            // Issuer, validity, subject.
            for _ in 0..3 {
                fields.sequence(skip_all)?;
            }
            let info = fields.sequence(Spki::fields)?;
            skip_all(fields)?;
            Ok(info)
        })?;
        AlgorithmIdentifier::read(fields)?;
        fields.bit_string()?;
        Ok(info)
    })
}

fn skip_all(fields: &mut Reader<'_>) -> Parsed<()> {
    while !fields.is_empty() {
        fields.element()?;
    }
    Ok(())
}
