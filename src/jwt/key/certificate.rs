//! The public key in an X.509 certificate (RFC 5280 §4.1), and nothing else of it: whoever takes a key from a certificate has
//! decided elsewhere to trust it.

use super::der::{AlgorithmIdentifier, INTEGER, Parsed, Reader, document};
use super::document::{Spki, read_spki};
use super::material::Material;
use super::{Key, KeyOptions, armor};
use crate::jwt::algorithm::Algorithm;
use crate::{Error, ErrorCode};

impl Key {
    /// The public key of a certificate in DER, **whose signature, dates and names nobody checks**.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not a certificate, or with a key of another kind than the algorithm wants.
    /// - [`ErrorCode::KeyTooWeak`]: an RSA key under 2048 bits.
    /// - [`ErrorCode::OptionInvalid`]: an option that is not for this.
    pub fn from_unverified_certificate(
        certificate: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        let info = subject_public_key_info(certificate).map_err(|_| invalid("not an X.509 certificate in DER"))?;
        let public = read_spki(&info).map_err(|fault| fault.against(algorithm))?;
        Self::from_material(Material::Public(public), algorithm, options)
    }

    /// As [`Key::from_unverified_certificate`], for a certificate in PEM: one block, with the label `CERTIFICATE`.
    ///
    /// # Errors
    /// Those of [`Key::from_unverified_certificate`].
    pub fn from_unverified_certificate_pem(
        text: &str,
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        match armor::open(text)? {
            ("CERTIFICATE", der) => Self::from_unverified_certificate(&der, algorithm, options),
            _ => Err(invalid("PEM label is not CERTIFICATE")),
        }
    }
}

/// Whether a document in DER is a certificate.
pub(super) fn is_certificate(der: &[u8]) -> bool {
    subject_public_key_info(der).is_ok()
}

/// The field of that name, all others passed over.
fn subject_public_key_info(certificate: &[u8]) -> Parsed<Spki<'_>> {
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

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
