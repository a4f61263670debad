//! A key for signing or verifying: parsed once, bound to one algorithm, wiped when its last clone is dropped.

#[cfg(feature = "jwt")]
mod certificate;
mod elsewhere;
#[cfg(feature = "jwt")]
mod encrypted;
#[cfg(feature = "jwt")]
mod generate;
mod jwk;
mod pem;
mod secret;
pub(crate) mod thumbprint;

use core::fmt;
use std::sync::Arc;

use super::algorithm::{Algorithm, Family};
use super::jwk::Certificates;
use super::key_options::KeyOptions;
use super::material::{Material, PrivateKey, PublicKey, other_algorithm, wrong_kind};
use super::usage::{KeyType, Usage, no_public_half, usage_error};
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
pub struct Key {
    kid: Option<String>,
    inner: Arc<Inner>,
}

struct Inner {
    algorithm: Algorithm,
    material: Material,
    usage: Usage,
    certificates: Certificates,
    signer: Option<BoxedSigner>,
    /// `None` for a key that is kept elsewhere and whose public half is not known.
    verifier: Option<BoxedVerifier>,
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
                (Some(private.signer(algorithm)?), Some(private.public()?.verifier(algorithm)?))
            }
            (Material::Public(public) | Material::Elsewhere(Some(public)), _) => {
                (None, Some(public.verifier(algorithm)?))
            }
            (Material::Secret(secret), Family::Hmac(digest)) if cfg!(feature = "secrets") => {
                (Some(hmac_signer(digest, secret)?), Some(hmac_verifier(digest, secret)?))
            }
            (Material::Elsewhere(None), _) => (None, None),
            (Material::Secret(_), _) => return Err(wrong_kind("a secret", algorithm)),
        };
        let certificates = Certificates::default();
        Ok(Self { kid, inner: Arc::new(Inner { algorithm, material, usage, certificates, signer, verifier }) })
    }

    /// Adds the certificates from a JWK to a key that has no clones yet.
    fn with_certificates(mut self, certificates: Certificates) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.certificates = certificates;
        }
        self
    }

    fn certificates(&self) -> &Certificates {
        &self.inner.certificates
    }

    /// The algorithm that this key is bound to.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.inner.algorithm
    }

    /// The key's identifier, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether this is a private key, a public key or a secret.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self.inner.material {
            Material::Private(_) => KeyType::Private,
            Material::Public(_) => KeyType::Public,
            Material::Elsewhere(_) if self.inner.algorithm.is_asymmetric() => KeyType::Private,
            Material::Secret(_) | Material::Elsewhere(_) => KeyType::Secret,
        }
    }

    /// The public key, with the same algorithm and `kid`. For a public key, the key itself.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret, which has no public half; or it is
    ///   kept elsewhere, and its public half is not known.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, KeyType};
    ///
    /// let key = Key::generate(Algorithm::Ed25519, &KeyOptions::default())?;
    /// assert_eq!(key.public_key()?.key_type(), KeyType::Public);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn public_key(&self) -> Result<Self, Error> {
        let public = match &self.inner.material {
            Material::Private(private) => private.public()?,
            Material::Public(_) => return Ok(self.clone()),
            Material::Elsewhere(Some(public)) => public.clone(),
            Material::Elsewhere(None) if self.key_type() == KeyType::Private => return Err(no_public_half()),
            Material::Secret(_) | Material::Elsewhere(None) => return Err(usage_error("a secret has no public half")),
        };
        let key = Self::new(self.inner.algorithm, self.kid.clone(), Material::Public(public), Usage::ANY)?;
        Ok(key.with_certificates(self.inner.certificates.clone()))
    }

    /// The same key under another identifier, or without one. Both share the key material.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, ThumbprintHash};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// let named = key.with_kid(Some(key.thumbprint(ThumbprintHash::Sha256)?));
    /// assert_eq!(named.kid().map(str::len), Some(43));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[must_use]
    pub fn with_kid(&self, kid: Option<String>) -> Self {
        Self { kid, inner: Arc::clone(&self.inner) }
    }

    /// The same key material for another algorithm, such as PS256 in place of RS256. The other key stays as it is.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): the kind of key does not fit the algorithm.
    /// - [`ErrorCode::KeyTooWeak`](crate::ErrorCode::KeyTooWeak): the secret is shorter than the digest.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert_eq!(key.with_algorithm(Algorithm::Ed25519)?.algorithm(), Algorithm::Ed25519);
    /// assert!(key.with_algorithm(Algorithm::Es256).is_err());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn with_algorithm(&self, algorithm: Algorithm) -> Result<Self, Error> {
        let (kid, usage) = (self.kid.clone(), self.inner.usage);
        match &self.inner.material {
            _ if algorithm == self.inner.algorithm => Ok(self.clone()),
            Material::Secret(secret) => {
                // No option of this function allows a short secret.
                let options = KeyOptions { kid, allow_short: Some(false), ..KeyOptions::default() };
                Self::from_secret_bytes(secret.clone(), algorithm, &options, usage)
            }
            Material::Private(private) => Self::new(algorithm, kid, Material::Private(private.clone()), usage),
            Material::Public(public) => Self::new(algorithm, kid, Material::Public(public.clone()), usage),
            Material::Elsewhere(public) if algorithm.family() == self.inner.algorithm.family() => {
                Self::new(algorithm, kid, Material::Elsewhere(public.clone()), usage)
            }
            Material::Elsewhere(_) => Err(other_algorithm(self.inner.algorithm)),
        }
        .map(|key| key.with_certificates(self.inner.certificates.clone()))
    }

    /// The curve of an EC or Ed25519 key, such as `"P-256"`.
    #[must_use]
    pub fn curve(&self) -> Option<&'static str> {
        match self.inner.algorithm.family() {
            Family::Ecdsa(curve) => Some(curve.name()),
            Family::Ed25519 => Some("Ed25519"),
            Family::Hmac(_) | Family::MlDsa(_) | Family::Rsa(..) => None,
        }
    }

    /// The length of an RSA key's modulus, in bits.
    #[must_use]
    pub fn modulus_length(&self) -> Option<usize> {
        match &self.inner.material {
            Material::Private(PrivateKey::Rsa(private)) => Some(private.public().bits()),
            Material::Public(PublicKey::Rsa(public)) | Material::Elsewhere(Some(PublicKey::Rsa(public))) => {
                Some(public.bits())
            }
            _ => None,
        }
    }

    /// Whether the two keys are clones of each other.
    fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    pub(crate) fn material(&self) -> &Material {
        &self.inner.material
    }

    /// The signer of this key.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is public, or its JWK forbids signing.
    pub(crate) fn signer(&self) -> Result<&BoxedSigner, Error> {
        match &self.inner.signer {
            _ if !self.inner.usage.sign => Err(usage_error("the key's \"use\" or \"key_ops\" forbids signing")),
            Some(signer) => Ok(signer),
            None if self.is_elsewhere() => {
                Err(usage_error("this key is kept elsewhere: use signAsync, signJwsAsync or signJwsJsonAsync"))
            }
            None => Err(usage_error("a public key cannot sign")),
        }
    }

    /// The verifier of this key.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key's JWK forbids verifying.
    pub(crate) fn verifier(&self) -> Result<&BoxedVerifier, Error> {
        match &self.inner.verifier {
            Some(verifier) if self.inner.usage.verify => Ok(verifier),
            None if self.key_type() == KeyType::Private => Err(no_public_half()),
            None => Err(usage_error("this key is kept elsewhere: use verifyAsync with this key alone")),
            Some(_) if self.key_type() == KeyType::Private => {
                Err(usage_error("the key's \"use\" or \"key_ops\" forbids verifying: use its publicKey()"))
            }
            Some(_) => Err(usage_error("the key's \"use\" or \"key_ops\" forbids verifying")),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({})", self.inner.algorithm)
    }
}
