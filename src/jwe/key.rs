//! A key for encryption: parsed once, bound to one algorithm, wiped when its last owner is dropped.

mod generate;
mod jwk;
mod material;
mod pem;
mod secret;

use core::fmt;
use std::sync::Arc;

use super::algorithm::Algorithm;
use crate::jose::usage::KeyType;
use crate::{Error, ErrorCode};

pub use generate::GenerateOptions;
pub(super) use material::{Material, PrivateKey, PublicKey};
pub use secret::PasswordOptions;

/// A key and the one key management algorithm it may be used with (RFC 8725 §3.1).
///
/// It is not a [`jwt::Key`](crate::jwt::Key), and neither takes the place of the other: a key that signs is no key to
/// encrypt with. Cloning is cheap and shares the material, which is wiped when the last clone is dropped.
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

/// Which jobs a JWK's `use` and `key_ops` leave a key.
#[derive(Clone, Copy)]
pub(super) struct Usage {
    pub(super) encrypt: bool,
    pub(super) decrypt: bool,
}

impl Usage {
    pub(super) const ANY: Self = Self { encrypt: true, decrypt: true };
}

/// How a key is made: its name.
///
/// ```
/// use countersign::jwe::{Algorithm, EncryptionKey, KeyOptions};
///
/// let options = KeyOptions { kid: Some("2026-11".into()) };
/// assert_eq!(EncryptionKey::from_secret(&[7; 16], Algorithm::A128Kw, &options)?.kid(), Some("2026-11"));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeyOptions {
    /// The key's identifier, written into headers and matched against theirs (RFC 7516 §4.1.6).
    pub kid: Option<String>,
}

impl EncryptionKey {
    fn new(algorithm: Algorithm, kid: Option<String>, material: Material, usage: Usage) -> Self {
        Self(Arc::new(Inner { algorithm, kid, material, usage }))
    }

    /// The algorithm this key is bound to.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.0.algorithm
    }

    /// The key's identifier, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// Which half of the key this is. A password is a secret.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self.0.material {
            Material::Private(_) => KeyType::Private,
            Material::Public(_) => KeyType::Public,
            Material::Password(_) | Material::Secret(_) => KeyType::Secret,
        }
    }

    /// The public half, with the same algorithm and `kid`, to be given to whoever shall encrypt; of a public key, the
    /// key itself.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret or password has no public half.
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
            Material::Password(_) | Material::Secret(_) => return Err(usage("a secret has no public half")),
        };
        Ok(Self::new(self.0.algorithm, self.0.kid.clone(), Material::Public(Box::new(public)), Usage::ANY))
    }

    /// The material, if this key may encrypt.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the JWK forbids it.
    pub(super) fn to_encrypt(&self) -> Result<&Material, Error> {
        if self.0.usage.encrypt { Ok(&self.0.material) } else { Err(usage("the key's \"key_ops\" forbids encrypting")) }
    }

    /// The material, if this key may decrypt.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a public key, or one whose JWK forbids it.
    pub(super) fn to_decrypt(&self) -> Result<&Material, Error> {
        match &self.0.material {
            Material::Public(_) => Err(usage("a public key cannot decrypt")),
            _ if !self.0.usage.decrypt => Err(usage("the key's \"key_ops\" forbids decrypting")),
            material => Ok(material),
        }
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EncryptionKey({})", self.0.algorithm)
    }
}

fn usage(message: &str) -> Error {
    Error::new(ErrorCode::KeyUsage, message)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
