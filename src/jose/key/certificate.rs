//! Imports the public key of a certificate.

use super::Key;
use crate::jose::algorithm::Algorithm;
use crate::jose::certificate::subject_public_key_info;
use crate::jose::document::read_spki;
use crate::jose::key_options::KeyOptions;
use crate::jose::material::Material;
use crate::jose::pem;
use crate::{Error, ErrorCode};

impl Key {
    /// Imports the public key of a certificate in DER, **without checking its signature, dates or names**.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: it is not a certificate, or its key does not fit the algorithm.
    /// - [`ErrorCode::KeyTooWeak`]: the RSA key is shorter than 2048 bits.
    /// - [`ErrorCode::OptionInvalid`]: an option is not allowed here.
    pub fn from_unverified_certificate(
        certificate: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        let info = subject_public_key_info(certificate).map_err(|_| invalid("not an X.509 certificate in DER"))?;
        let public = read_spki(&info).map_err(|fault| fault.against(algorithm))?;
        Self::from_material(Material::Public(public), algorithm, options)
    }

    /// Like [`Key::from_unverified_certificate`], for exactly one PEM block labeled `CERTIFICATE`.
    ///
    /// # Errors
    /// Those of [`Key::from_unverified_certificate`].
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
