//! Imports the public key of a certificate.

use super::EncryptionKey;
use super::options::KeyOptions;
use crate::jose::certificate::subject_public_key_info;
use crate::jose::document::{Spki, read_spki};
use crate::jose::material as signing;
use crate::jose::pem;
use crate::jwe::algorithm::Algorithm;
use crate::{Error, ErrorCode};

impl EncryptionKey {
    /// Imports the public key of a certificate in DER, **without checking its signature, dates or names**.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: it is not a certificate, or its key does not fit the algorithm.
    /// - [`ErrorCode::KeyTooWeak`]: the RSA key is shorter than 2048 bits.
    pub fn from_unverified_certificate(
        certificate: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        let info: Spki<'_> =
            subject_public_key_info(certificate).map_err(|_| invalid("not an X.509 certificate in DER"))?;
        Self::from_document(super::x25519::from_spki(&info)?, algorithm, options, || {
            read_spki(&info).map(signing::Material::Public)
        })
    }

    /// Like [`EncryptionKey::from_unverified_certificate`], for exactly one PEM block labeled `CERTIFICATE`.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::from_unverified_certificate`].
    pub fn from_unverified_certificate_pem(
        text: &str,
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        Self::from_unverified_certificate(&pem::open_certificate(text)?, algorithm, options)
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
