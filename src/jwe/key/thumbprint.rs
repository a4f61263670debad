//! JWK thumbprints (RFC 7638) of encryption keys.

use super::EncryptionKey;
use super::jwk::public_jwk;
use super::material::Material;
use crate::Error;
use crate::jose::key::thumbprint::{ThumbprintHash, of_public, of_secret};
use crate::jose::usage::usage_error;

impl EncryptionKey {
    /// The thumbprint (RFC 7638) in base64url. A private key and its public key have the same thumbprint.
    ///
    /// The thumbprint of a secret is a hash of the secret. Do not publish it unless the secret is random (RFC 7638 §7).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a password, which has no JWK form.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions};
    /// use countersign::jwt::ThumbprintHash::Sha256;
    ///
    /// let key = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?;
    /// assert_eq!(key.thumbprint(Sha256)?, key.public_key()?.thumbprint(Sha256)?);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn thumbprint(&self, hash: ThumbprintHash) -> Result<String, Error> {
        match &self.0.material {
            Material::Password(_) => Err(usage_error("a password has no JWK form")),
            Material::Private(private) => Ok(of_public(&public_jwk(&private.public()), hash)),
            Material::Public(public) => Ok(of_public(&public_jwk(public), hash)),
            Material::Secret(secret) => Ok(of_secret(secret, hash)),
            Material::Elsewhere(key) => Ok(of_public(&public_jwk(key.public()?), hash)),
        }
    }
}
