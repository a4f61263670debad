//! JWK thumbprints (RFC 7638): a name for a key that follows from the key.

use core::str::FromStr;

use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::{Key, Material};
use crate::jwt::base64url;
use crate::{Error, ErrorCode};

/// The digest of a thumbprint.
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

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not `"sha256"`, `"sha384"` or `"sha512"`.
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
    /// The thumbprint of RFC 7638, in base64url: the same for a private key and its public half.
    ///
    /// Of a secret it is a digest of the secret itself: do not publish it unless the secret is random (§7).
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, ThumbprintHash};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert_eq!(key.thumbprint(ThumbprintHash::Sha256), key.public_key()?.thumbprint(ThumbprintHash::Sha256));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[must_use]
    pub fn thumbprint(&self, hash: ThumbprintHash) -> String {
        let members = self.required_members();
        base64url::encode(&match hash {
            ThumbprintHash::Sha256 => Sha256::digest(members.as_bytes()).to_vec(),
            ThumbprintHash::Sha384 => Sha384::digest(members.as_bytes()).to_vec(),
            ThumbprintHash::Sha512 => Sha512::digest(members.as_bytes()).to_vec(),
        })
    }

    /// The required members in lexicographic order without white space (RFC 7638 §3.2, RFC 8037 §2).
    fn required_members(&self) -> Zeroizing<String> {
        let octet_key_pair = |public: [u8; 32]| {
            let x = base64url::encode(&public);
            Zeroizing::new(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#))
        };
        match self.material() {
            Material::Ed25519Private(secret) => octet_key_pair(secret.public_bytes()),
            Material::Ed25519Public(public) => octet_key_pair(public.to_bytes()),
            Material::Secret(secret) => {
                let k = Zeroizing::new(base64url::encode_secret(secret));
                // All of its room at once: a text that grows leaves copies behind.
                let mut members = Zeroizing::new(String::with_capacity(k.len().saturating_add(32)));
                for part in [r#"{"k":""#, k.as_str(), r#"","kty":"oct"}"#] {
                    members.push_str(part);
                }
                members
            }
        }
    }
}
