//! A key: parsed once, bound to one algorithm, wiped when its last owner is dropped.

pub(crate) mod armor;
mod certificate;
pub(crate) mod der;
pub(crate) mod document;
pub(crate) mod encrypted;
mod generate;
mod jwk;
pub(crate) mod material;
pub(crate) mod pem;
mod secret;
mod thumbprint;

use core::fmt;
use std::sync::Arc;

use self::jwk::Certificates;
use self::material::{Material, wrong_kind};
use super::algorithm::{Algorithm, Family};
use super::provider::{self, BoxedSigner, BoxedVerifier};
use crate::options::{some, some_size};
use crate::{Error, ErrorCode};
use serde::Deserialize;

pub use document::KeyForm;
pub(crate) use generate::random_bytes;
pub use jwk::Jwk;
pub use thumbprint::ThumbprintHash;

/// A key and the one algorithm it may be used with (RFC 8725 §3.1).
///
/// Cloning is cheap and shares the material, which is wiped when the last clone is dropped. Everything that signing or
/// checking can prepare from a key is prepared when it is made.
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

/// Which jobs a JWK's `use` and `key_ops` leave a key.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) sign: bool,
    pub(crate) verify: bool,
}

impl Usage {
    pub(crate) const ANY: Self = Self { sign: true, verify: true };
}

/// Which half of a key is held.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyType {
    /// Signs, and checks with the public half it contains.
    Private,
    /// Checks only.
    Public,
    /// Signs and checks: a shared HMAC secret.
    Secret,
}

impl KeyType {
    /// `"private"`, `"public"` or `"secret"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
            Self::Secret => "secret",
        }
    }
}

/// How a key is made: its name, and the one exception for short secrets.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions};
///
/// let options = KeyOptions { kid: Some("2026-11".into()), ..Default::default() };
/// assert_eq!(Key::generate(Algorithm::Hs256, &options)?.kid(), Some("2026-11"));
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyOptions {
    /// Takes an HMAC secret shorter than the digest, for the time of a migration; never an empty one. Only for
    /// [`Key::from_secret`].
    #[serde(deserialize_with = "some")]
    pub allow_short: Option<bool>,
    /// The key's identifier, written into headers and matched against theirs (RFC 7515 §4.1.4).
    #[serde(deserialize_with = "some")]
    pub kid: Option<String>,
    /// The bits of a new RSA key: 2048 by default, at most 8192, a multiple of 8. Only for [`Key::generate`].
    #[serde(deserialize_with = "some_size")]
    pub modulus_length: Option<usize>,
}

impl KeyOptions {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option that is not for the import of a key.
    fn expect_import(&self) -> Result<(), Error> {
        if self.allow_short.is_some() {
            return Err(misplaced("allowShort", "secrets"));
        }
        match self.modulus_length {
            Some(_) => Err(misplaced("modulusLength", "new keys")),
            None => Ok(()),
        }
    }
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
                (Some(provider::hmac_signer(digest, secret)?), provider::hmac_verifier(digest, secret)?)
            }
            (Material::Secret(_), _) => return Err(wrong_kind("a secret", algorithm)),
        };
        let certificates = Certificates::default();
        Ok(Self(Arc::new(Inner { algorithm, kid, material, usage, certificates, signer, verifier })))
    }

    /// The same key, just made, with what a JWK said of its certificates.
    fn certified(mut self, certificates: Certificates) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.certificates = certificates;
        }
        self
    }

    fn certificates(&self) -> &Certificates {
        &self.0.certificates
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

    /// Which half of the key this is.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self.0.material {
            Material::Private(_) => KeyType::Private,
            Material::Public(_) => KeyType::Public,
            Material::Secret(_) => KeyType::Secret,
        }
    }

    /// The public half, with the same algorithm and `kid`; of a public key, the key itself.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret has no public half.
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
            Material::Secret(_) => return Err(usage("a secret has no public half")),
        };
        let key = Self::new(self.0.algorithm, self.0.kid.clone(), Material::Public(public), Usage::ANY)?;
        Ok(key.certified(self.0.certificates.clone()))
    }

    /// Whether the two are one key, by whatever name and algorithm.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let print = |key: &Self| key.thumbprint(ThumbprintHash::Sha256);
        Arc::ptr_eq(&self.0, &other.0) || print(self) == print(other)
    }

    pub(crate) fn material(&self) -> &Material {
        &self.0.material
    }

    /// The signer, if this key may sign.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a public key, or one whose JWK forbids signing.
    pub(crate) fn signer(&self) -> Result<&BoxedSigner, Error> {
        match &self.0.signer {
            _ if !self.0.usage.sign => Err(usage("the key's \"use\" or \"key_ops\" forbids signing")),
            Some(signer) => Ok(signer),
            None => Err(usage("a public key cannot sign")),
        }
    }

    /// The verifier, if this key may verify.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the JWK forbids verifying.
    pub(crate) fn verifier(&self) -> Result<&BoxedVerifier, Error> {
        if self.0.usage.verify {
            Ok(&self.0.verifier)
        } else {
            Err(usage("the key's \"use\" or \"key_ops\" forbids verifying"))
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({})", self.0.algorithm)
    }
}

fn misplaced(option: &str, place: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, format!("option \"{option}\" is for {place} only"))
}

fn usage(message: &str) -> Error {
    Error::new(ErrorCode::KeyUsage, message)
}
