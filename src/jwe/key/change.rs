//! The same key under another identifier or for another algorithm, and what kind of key it is.

use super::EncryptionKey;
use super::material::{Material, PrivateKey, PublicKey, wrong_kind};
use crate::Error;
use crate::jose::material as signing;
use crate::jwe::agreement::Curve;
use crate::jwe::algorithm::{Algorithm, Family};

impl EncryptionKey {
    /// The same key under another identifier, or without one.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions};
    ///
    /// let key = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?;
    /// assert_eq!(key.with_kid(Some("2026-11".into())).kid(), Some("2026-11"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[must_use]
    pub fn with_kid(&self, kid: Option<String>) -> Self {
        Self::new(self.0.algorithm, kid, self.0.material.clone(), self.0.usage)
    }

    /// The same key material for another algorithm, such as `ECDH-ES+A256KW` in place of `ECDH-ES`. The other key stays
    /// as it is.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): the kind of key, or the length of the secret, does not
    ///   fit the algorithm.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions};
    ///
    /// let key = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?;
    /// assert!(key.with_algorithm(Algorithm::EcdhEsA256Kw).is_ok());
    /// assert!(key.with_algorithm(Algorithm::A256Kw).is_err());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn with_algorithm(&self, algorithm: Algorithm) -> Result<Self, Error> {
        let (kid, usage) = (self.0.kid.clone(), self.0.usage);
        let material = match (&self.0.material, algorithm.family()) {
            (Material::Secret(secret), _) => return Self::from_secret_bytes(secret.clone(), algorithm, kid, usage),
            (Material::Elsewhere(_), _) if algorithm == self.0.algorithm => return Ok(self.clone()),
            (Material::Elsewhere(_), _) => return Err(wrong_kind("a key that is kept elsewhere", algorithm)),
            (Material::Password(password), Family::Pbes2(..)) => Material::Password(password.clone()),
            (Material::Password(_), _) => return Err(wrong_kind("a password", algorithm)),
            (Material::Private(private), _) => match private.to_signing() {
                Some(private) => Material::from_signing(signing::Material::Private(private), algorithm)?,
                None => self.x25519_for(algorithm)?,
            },
            (Material::Public(public), _) => match public.to_signing() {
                Some(public) => Material::from_signing(signing::Material::Public(public), algorithm)?,
                None => self.x25519_for(algorithm)?,
            },
        };
        Ok(Self::new(algorithm, kid, material, usage))
    }

    fn x25519_for(&self, algorithm: Algorithm) -> Result<Material, Error> {
        if algorithm.agrees() { Ok(self.0.material.clone()) } else { Err(wrong_kind("an X25519 key", algorithm)) }
    }

    /// The curve of a key for `ECDH-ES`, such as `"X25519"`.
    #[must_use]
    pub fn curve(&self) -> Option<&'static str> {
        match &self.0.material {
            Material::Private(PrivateKey::Agreement(private)) => Some(private.public().curve()),
            Material::Public(public) => match &**public {
                PublicKey::Agreement(public) => Some(public.curve()),
                PublicKey::Rsa(_) => None,
            },
            Material::Elsewhere(key) => key.curve.map(Curve::name),
            _ => None,
        }
    }

    /// The length of an RSA key's modulus, in bits.
    #[must_use]
    pub fn modulus_length(&self) -> Option<usize> {
        match &self.0.material {
            Material::Private(PrivateKey::Rsa(private)) => Some(private.public().bits()),
            Material::Public(public) => match &**public {
                PublicKey::Rsa(public) => Some(public.bits()),
                PublicKey::Agreement(_) => None,
            },
            Material::Elsewhere(_) => self.public_key().ok()?.modulus_length(),
            _ => None,
        }
    }
}
