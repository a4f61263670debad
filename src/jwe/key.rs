//! A key for encrypting or decrypting: parsed once, bound to one algorithm, wiped when its last clone is dropped.

mod certificate;
mod change;
mod elsewhere;
mod generate;
mod jwk;
pub(super) mod material;
pub(super) mod options;
mod pem;
mod secret;
mod thumbprint;
pub(super) mod usage;
mod x25519;

use core::fmt;
use std::sync::Arc;

use self::material::Material;
use self::usage::Usage;
use super::algorithm::{Algorithm, Family};
use crate::Error;
use crate::jose::usage::{KeyType, usage_error};

/// A key with the one key management algorithm that it may be used with (RFC 8725 §3.1).
///
/// This is a different type than [`jwt::Key`](crate::jwt::Key), because a key should not be used both for signing and
/// for encryption. Cloning is cheap: clones share the key material, which is wiped when the last one is dropped.
///
/// ```
/// use countersign::jwe::{Algorithm, EncryptionKey, KeyOptions};
/// use countersign::jwt::KeyType;
///
/// let key = EncryptionKey::from_secret(&[7; 32], Algorithm::A256Kw, &KeyOptions::default())?;
/// assert_eq!(key.key_type(), KeyType::Secret);
/// assert_eq!(format!("{key:?}"), "EncryptionKey(A256KW)");
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey(Arc<Inner>);

struct Inner {
    algorithm: Algorithm,
    kid: Option<String>,
    material: Material,
    usage: Usage,
}

impl EncryptionKey {
    fn new(algorithm: Algorithm, kid: Option<String>, material: Material, usage: Usage) -> Self {
        Self(Arc::new(Inner { algorithm, kid, material, usage }))
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

    /// Whether this is a private key, a public key or a secret. A password counts as a secret.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self.0.material {
            Material::Private(_) => KeyType::Private,
            Material::Public(_) => KeyType::Public,
            Material::Elsewhere(_) if !matches!(self.0.algorithm.family(), Family::AesKw(_)) => KeyType::Private,
            Material::Password(_) | Material::Secret(_) | Material::Elsewhere(_) => KeyType::Secret,
        }
    }

    /// The public key, with the same algorithm and `kid`, for encrypting. For a public key, the key itself.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret or a password, which has no public
    ///   half.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions};
    /// use countersign::jwt::KeyType;
    ///
    /// let key = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?;
    /// assert_eq!(key.public_key()?.key_type(), KeyType::Public);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn public_key(&self) -> Result<Self, Error> {
        let public = match &self.0.material {
            Material::Private(private) => private.public(),
            Material::Public(_) => return Ok(self.clone()),
            Material::Elsewhere(key) => key.public()?.clone(),
            Material::Password(_) | Material::Secret(_) => return Err(usage_error("a secret has no public half")),
        };
        Ok(Self::new(self.0.algorithm, self.0.kid.clone(), Material::Public(Box::new(public)), Usage::ANY))
    }

    /// Whether this is a password, which takes long to use.
    pub(super) fn is_password(&self) -> bool {
        matches!(self.0.material, Material::Password(_))
    }

    /// The material for encrypting.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key's JWK forbids encrypting.
    pub(super) fn to_encrypt(&self) -> Result<&Material, Error> {
        if self.0.usage.encrypt {
            Ok(&self.0.material)
        } else {
            Err(usage_error("the key's \"key_ops\" forbids encrypting"))
        }
    }

    /// The material for decrypting.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is public, or its JWK forbids decrypting.
    pub(super) fn to_decrypt(&self) -> Result<&Material, Error> {
        match &self.0.material {
            Material::Public(_) => Err(usage_error("a public key cannot decrypt")),
            _ if !self.0.usage.decrypt => Err(usage_error("the key's \"key_ops\" forbids decrypting")),
            material => Ok(material),
        }
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EncryptionKey({})", self.0.algorithm)
    }
}
