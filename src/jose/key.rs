//! A key for signing or verifying: parsed once, bound to one algorithm, wiped when its last clone is dropped.

mod certificate;
mod encrypted;
mod generate;
mod jwk;
mod pem;
mod secret;
pub(crate) mod thumbprint;

use core::fmt;
use std::sync::Arc;

use super::algorithm::{Algorithm, Family};
use super::jwk::Certificates;
use super::material::{Material, wrong_kind};
use super::usage::{KeyType, Usage, usage_error};
use crate::Error;
use crate::crypto::hmac::{hmac_signer, hmac_verifier};
use crate::crypto::signature::{BoxedSigner, BoxedVerifier};

/// A key with the one algorithm that it may be used with (RFC 8725 §3.1).
///
/// Cloning is cheap: clones share the key material, which is wiped when the last one is dropped. Making a key also
/// prepares everything that signing and verifying need.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, KeyType};
///
/// let key = Key::from_secret(&[7; 32], Algorithm::Hs256, &KeyOptions::default())?;
/// assert_eq!(key.key_type(), KeyType::Secret);
/// assert_eq!(format!("{key:?}"), "Key(HS256)");
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone)]
pub struct Key(Arc<Inner>);

struct Inner {
    algorithm: Algorithm,
    kid: Option<String>,
    material: Material,
    usage: Usage,
    certificates: Certificates,
    signer: Option<BoxedSigner>,
    verifier: BoxedVerifier,
}

impl Key {
    pub(crate) fn new(
        algorithm: Algorithm,
        kid: Option<String>,
        material: Material,
        usage: Usage,
    ) -> Result<Self, Error> {
        let (signer, verifier) = match (&material, algorithm.family()) {
            (Material::Private(private), _) => {
                (Some(private.signer(algorithm)?), private.public()?.verifier(algorithm)?)
            }
            (Material::Public(public), _) => (None, public.verifier(algorithm)?),
            (Material::Secret(secret), Family::Hmac(digest)) => {
                (Some(hmac_signer(digest, secret)?), hmac_verifier(digest, secret)?)
            }
            (Material::Secret(_), _) => return Err(wrong_kind("a secret", algorithm)),
        };
        let certificates = Certificates::default();
        Ok(Self(Arc::new(Inner { algorithm, kid, material, usage, certificates, signer, verifier })))
    }

    /// Adds the certificates from a JWK to a key that has no clones yet.
    fn with_certificates(mut self, certificates: Certificates) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.certificates = certificates;
        }
        self
    }

    fn certificates(&self) -> &Certificates {
        &self.0.certificates
    }

    /// The algorithm that this key is bound to.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.0.algorithm
    }

    /// The key's identifier, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// Whether this is a private key, a public key or a secret.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self.0.material {
            Material::Private(_) => KeyType::Private,
            Material::Public(_) => KeyType::Public,
            Material::Secret(_) => KeyType::Secret,
        }
    }

    /// The public key, with the same algorithm and `kid`. For a public key, the key itself.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret, which has no public half.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, KeyType};
    ///
    /// let key = Key::generate(Algorithm::Ed25519, &KeyOptions::default())?;
    /// assert_eq!(key.public_key()?.key_type(), KeyType::Public);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn public_key(&self) -> Result<Self, Error> {
        let public = match &self.0.material {
            Material::Private(private) => private.public()?,
            Material::Public(_) => return Ok(self.clone()),
            Material::Secret(_) => return Err(usage_error("a secret has no public half")),
        };
        let key = Self::new(self.0.algorithm, self.0.kid.clone(), Material::Public(public), Usage::ANY)?;
        Ok(key.with_certificates(self.0.certificates.clone()))
    }

    /// Whether the two keys are clones of each other.
    fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn material(&self) -> &Material {
        &self.0.material
    }

    /// The signer of this key.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is public, or its JWK forbids signing.
    pub(crate) fn signer(&self) -> Result<&BoxedSigner, Error> {
        match &self.0.signer {
            _ if !self.0.usage.sign => Err(usage_error("the key's \"use\" or \"key_ops\" forbids signing")),
            Some(signer) => Ok(signer),
            None => Err(usage_error("a public key cannot sign")),
        }
    }

    /// The verifier of this key.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key's JWK forbids verifying.
    pub(crate) fn verifier(&self) -> Result<&BoxedVerifier, Error> {
        if self.0.usage.verify {
            Ok(&self.0.verifier)
        } else {
            Err(usage_error("the key's \"use\" or \"key_ops\" forbids verifying"))
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({})", self.0.algorithm)
    }
}
