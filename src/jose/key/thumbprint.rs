//! JWK thumbprints (RFC 7638): identifiers that are computed from the key.

use core::str::FromStr;

use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::Key;
use crate::crypto::platform::PlatformPublic;
use crate::jose::base64url;
use crate::jose::jwk::Jwk;
use crate::jose::material::Material;
use crate::jose::usage::no_public_half;
use crate::{Error, ErrorCode};

/// The hash for a thumbprint.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ThumbprintHash {
    /// SHA-256, the usual choice.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl FromStr for ThumbprintHash {
    type Err = Error;

    /// Parses the name of a hash.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the name is not `"sha256"`, `"sha384"` or `"sha512"`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "sha256" => Ok(Self::Sha256),
            "sha384" => Ok(Self::Sha384),
            "sha512" => Ok(Self::Sha512),
            _ => Err(Error::new(ErrorCode::OptionInvalid, "option \"hash\" is not sha256, sha384 or sha512")),
        }
    }
}

impl Key {
    /// The thumbprint (RFC 7638) in base64url. A private key and its public key have the same thumbprint.
    ///
    /// The thumbprint of a secret is a hash of the secret. Do not publish it unless the secret is random (RFC 7638 §7).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key is kept elsewhere, and its public half is not known.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, ThumbprintHash};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert_eq!(key.thumbprint(ThumbprintHash::Sha256)?, key.public_key()?.thumbprint(ThumbprintHash::Sha256)?);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn thumbprint(&self, hash: ThumbprintHash) -> Result<String, Error> {
        Ok(match self.material() {
            Material::Private(private) => of_public(&Jwk::from_public(&private.public()?), hash),
            Material::Public(public) | Material::Elsewhere(Some(public)) => of_public(&Jwk::from_public(public), hash),
            Material::Secret(secret) => of_secret(secret, hash),
            Material::Elsewhere(None) => return Err(no_public_half()),
        })
    }

    /// Whether both have the same key material, or secrets that HMAC cannot tell apart. Ignores `kid` and algorithm.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.shares_with(other)
            || self.makes_macs_of(other)
            || matches!((self.identity(), other.identity()), (Ok(own), Ok(others)) if own == others)
    }

    /// Whether both are secrets with the same MACs: HMAC replaces a long secret by its hash (RFC 2104 §2).
    fn makes_macs_of(&self, other: &Self) -> bool {
        match (self.material(), self.signer(), other.material(), other.verifier()) {
            (Material::Secret(_), Ok(signer), Material::Secret(_), Ok(verifier)) => {
                signer.try_sign(&[]).is_ok_and(|mac| verifier.verify(&[], &mac).is_ok())
            }
            _ => false,
        }
    }

    /// What only the same key has. HMAC pads a secret with zero bytes (RFC 2104 §2), so those at its end do not count.
    ///
    /// # Errors
    /// Those of [`Key::thumbprint`].
    pub(crate) fn identity(&self) -> Result<String, Error> {
        let hash = ThumbprintHash::Sha256;
        match self.material() {
            // Without SHA-2: the document says which key it is as well.
            Material::Public(public) if !cfg!(feature = "secrets") => {
                Ok(public.spki().unwrap_or_default().iter().copied().map(char::from).collect())
            }
            _ if !cfg!(feature = "secrets") => Err(no_public_half()),
            Material::Secret(secret) => {
                let end = secret.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
                Ok(of_secret(secret.get(..end).unwrap_or_default(), hash))
            }
            _ => self.thumbprint(hash),
        }
    }
}

/// The thumbprint of a public key: of its required members as JSON, in lexicographic order without white space (RFC 7638
/// §3.2, RFC 8037 §2, RFC 9964 §6).
pub(crate) fn of_public(public: &Jwk, hash: ThumbprintHash) -> String {
    let is_akp = public.pub_.is_some();
    let members = object([
        ("alg", public.alg.as_deref().filter(|_| is_akp)),
        ("crv", public.crv.as_deref()),
        ("e", public.e.as_deref()),
        ("kty", public.kty.as_deref()),
        ("n", public.n.as_deref()),
        ("pub", public.pub_.as_deref()),
        ("x", public.x.as_deref()),
        ("y", public.y.as_deref()),
    ]);
    digest(&members, hash)
}

/// Like [`of_public`], of a secret.
pub(crate) fn of_secret(secret: &[u8], hash: ThumbprintHash) -> String {
    let k = Zeroizing::new(base64url::encode_secret(secret));
    digest(&object([("k", Some(k.as_str())), ("kty", Some("oct"))]), hash)
}

fn digest(members: &str, hash: ThumbprintHash) -> String {
    base64url::encode(&match hash {
        ThumbprintHash::Sha256 => Sha256::digest(members.as_bytes()).to_vec(),
        ThumbprintHash::Sha384 => Sha384::digest(members.as_bytes()).to_vec(),
        ThumbprintHash::Sha512 => Sha512::digest(members.as_bytes()).to_vec(),
    })
}

/// A JSON object of the members that are present. None of the texts needs escaping.
fn object<const N: usize>(members: [(&str, Option<&str>); N]) -> Zeroizing<String> {
    let lengths = members.iter().map(|(name, value)| value.map_or(0, |value| name.len().saturating_add(value.len())));
    // Allocated at its final size: a text that grows leaves copies of the secret in memory.
    let length = lengths.fold(N.saturating_mul(8), usize::saturating_add);
    let mut text = Zeroizing::new(String::with_capacity(length));
    for (name, value) in members {
        let Some(value) = value else { continue };
        for part in [if text.is_empty() { "{\"" } else { ",\"" }, name, "\":\"", value, "\""] {
            text.push_str(part);
        }
    }
    text.push('}');
    text
}
