//! The public key in an X.509 certificate (RFC 5280 §4.1), and nothing else of it: whoever takes a key from a certificate has
//! decided elsewhere to trust it.

use super::document::Spki;
use crate::crypto::der::{AlgorithmIdentifier, INTEGER, Parsed, Reader, document};

/// Whether a document in DER is a certificate.
pub(crate) fn is_certificate(der: &[u8]) -> bool {
    subject_public_key_info(der).is_ok()
}

/// The field of that name, all others passed over.
pub(crate) fn subject_public_key_info(certificate: &[u8]) -> Parsed<Spki<'_>> {
    document(certificate, |fields| {
        let info = fields.sequence(|fields| {
            // The version, which may be absent; the serial number, which may be negative in spite of the RFC.
            fields.explicit(0, Reader::small_integer)?;
            fields.take(INTEGER)?;
            AlgorithmIdentifier::read(fields)?;
            // Issuer, validity, subject.
            for _ in 0..3 {
                fields.sequence(pass_over)?;
            }
            let info = fields.sequence(Spki::fields)?;
            pass_over(fields)?;
            Ok(info)
        })?;
        AlgorithmIdentifier::read(fields)?;
        fields.bit_string()?;
        Ok(info)
    })
}

fn pass_over(fields: &mut Reader<'_>) -> Parsed<()> {
    while !fields.is_empty() {
        fields.element()?;
    }
    Ok(())
}
