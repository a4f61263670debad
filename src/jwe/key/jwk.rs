//! Imports and exports encryption keys as JWKs (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use subtle::ConstantTimeEq;

use super::EncryptionKey;
use super::material::{Material, Password, PrivateKey, PublicKey, against, wrong_kind};
use super::options::KeyOptions;
use super::usage::Usage;
use super::x25519;
use crate::Error;
use crate::jose::base64url;
use crate::jose::jwk::{Jwk, invalid};
use crate::jose::material as signing;
use crate::jose::usage::{kept_elsewhere, usage_error};
use crate::jwe::agreement::{Private, Public};
use crate::jwe::algorithm::{Algorithm, Family};
use crate::jwe::encryption::Encryption;

impl EncryptionKey {
    /// Imports a key from a JWK. The algorithm is the JWK's `alg`, or else `algorithm`. In a JWK for `dir`, `alg` is
    /// the content encryption, as in RFC 7520 §5.6.
    ///
    /// # Errors
    /// - [`KeyInvalid`](crate::ErrorCode::KeyInvalid): a member is missing or malformed; `kty` or `crv` is not
    ///   supported or does not fit the algorithm; `alg` is missing or contradicts `algorithm`; a secret has the wrong
    ///   length; or private and public key do not match.
    /// - [`KeyTooWeak`](crate::ErrorCode::KeyTooWeak): an RSA key is shorter than 2048 bits.
    /// - [`KeyUsage`](crate::ErrorCode::KeyUsage): `use` is not `enc`, or `key_ops` forbids both encrypting and
    ///   decrypting.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, KeyOptions};
    /// use countersign::jwt::Jwk;
    ///
    /// let text = r#"{"kty":"oct","use":"enc","alg":"A128GCM","k":"XctOhJAkA-pD9Lh7ZgW_2A"}"#;
    /// let jwk: Jwk = serde_json::from_str(text).unwrap();
    /// let key = EncryptionKey::from_jwk(&jwk, None, &KeyOptions::default())?;
    /// assert_eq!(key.algorithm().name(), "dir");
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_jwk(jwk: &Jwk, algorithm: Option<Algorithm>, options: &KeyOptions) -> Result<Self, Error> {
        jwk.expect_supported_type()?;
        let algorithm = algorithm_of(jwk, algorithm)?;
        let usage = usage_of(jwk, algorithm)?;
        let kid = options.kid.clone().or_else(|| jwk.kid.clone());
        if jwk.kty.as_deref() == Some("oct") {
            return Self::from_secret_bytes(jwk.secret()?, algorithm, kid, usage);
        }
        let material = if jwk.kty.as_deref() == Some("OKP") && jwk.crv.as_deref() == Some("X25519") {
            if !algorithm.agrees() {
                return Err(wrong_kind("an X25519 key", algorithm));
            }
            x25519::from_jwk(jwk)?
        } else {
            let material = jwk.key_pair().map_err(|error| against(error, algorithm))?;
            Material::from_signing(material, algorithm)?
        };
        Ok(Self::new(algorithm, kid, material, usage))
    }

    /// Exports the key as a JWK with `kty`, `alg` and, if it has one, `kid`. With `private`, the JWK includes the
    /// private key or the secret.
    ///
    /// # Errors
    /// - [`KeyUsage`](crate::ErrorCode::KeyUsage): the key is a password; or `private` is false for a secret, or true
    ///   for a public key.
    pub fn to_jwk(&self, private: bool) -> Result<Jwk, Error> {
        let algorithm = self.algorithm();
        let mut jwk = match &self.0.material {
            Material::Password(_) => return Err(usage_error("a password has no JWK form")),
            Material::Elsewhere(_) if private => return Err(kept_elsewhere()),
            Material::Elsewhere(key) => public_jwk(key.public()?),
            Material::Public(_) if private => return Err(usage_error("a public key has no private half")),
            Material::Private(own) if private => private_jwk(own)?,
            Material::Private(own) => public_jwk(&own.public()),
            Material::Public(public) => public_jwk(public),
            Material::Secret(_) if !private => return Err(usage_error("a secret has no public half")),
            Material::Secret(secret) => Jwk::from_material(&signing::Material::Secret(secret.clone()), true)?,
        };
        jwk.alg = Some(algorithm.encryption().map_or(algorithm.name(), Encryption::name).into());
        jwk.kid = self.kid().map(Into::into);
        Ok(jwk)
    }
}

impl Material {
    /// Whether both are the same private key, secret or password.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Password(Password { text: own, .. }), Self::Password(Password { text: other, .. }))
            | (Self::Secret(own), Self::Secret(other)) => own.as_slice().ct_eq(other).into(),
            (Self::Private(own), Self::Private(other)) => {
                let (own, other) = (public_jwk(&own.public()), public_jwk(&other.public()));
                own.crv == other.crv && own.x == other.x && own.y == other.y && own.n == other.n && own.e == other.e
            }
            (Self::Elsewhere(own), Self::Elsewhere(other)) => own.is(other),
            _ => false,
        }
    }
}

pub(super) fn public_jwk(public: &PublicKey) -> Jwk {
    if let Some(public) = public.to_signing() {
        return Jwk::from_public(&public);
    }
    let mut jwk = Jwk::default();
    if let PublicKey::Agreement(Public::X25519(public)) = public {
        jwk.kty = Some("OKP".into());
        jwk.crv = Some("X25519".into());
        jwk.x = Some(base64url::encode(&public.to_bytes()));
    }
    jwk
}

fn private_jwk(private: &PrivateKey) -> Result<Jwk, Error> {
    if let Some(private) = private.to_signing() {
        return Jwk::from_material(&signing::Material::Private(private), true);
    }
    let mut jwk = public_jwk(&private.public());
    if let PrivateKey::Agreement(Private::X25519(private)) = private {
        jwk.d = Some(base64url::encode_secret(&private.to_bytes()));
    }
    Ok(jwk)
}

fn algorithm_of(jwk: &Jwk, given: Option<Algorithm>) -> Result<Algorithm, Error> {
    let other = || invalid("JWK member \"alg\" is not the option \"alg\"");
    match (jwk.alg.as_deref(), given) {
        (None, Some(given)) => Ok(given),
        (None, None) => Err(jwk.without_alg()),
        // The JWK says only `dir`, so the caller names the content encryption.
        (Some("dir"), Some(Algorithm::Dir(encryption))) => Ok(Algorithm::Dir(encryption)),
        (Some("dir"), Some(_)) => Err(other()),
        (Some("dir"), None) => Err(invalid("JWK member \"alg\" is \"dir\": pass the option \"enc\"")),
        (Some(name), given) => {
            let named = match Encryption::named(name) {
                Some(encryption) => Algorithm::Dir(encryption),
                None => Algorithm::named(name, None).map_err(|_| {
                    invalid("JWK member \"alg\" is not a supported key management algorithm or content encryption")
                })?,
            };
            if given.is_some_and(|given| given != named) { Err(other()) } else { Ok(named) }
        }
    }
}

/// The operations that `use` and `key_ops` allow (RFC 7517 §4.2 and §4.3).
fn usage_of(jwk: &Jwk, algorithm: Algorithm) -> Result<Usage, Error> {
    if jwk.use_.as_deref().is_some_and(|purpose| purpose != "enc") {
        return Err(usage_error("JWK member \"use\" is not \"enc\""));
    }
    let (encrypting, decrypting): (&[&str], &[&str]) = match algorithm.family() {
        Family::Dir(_) => (&["encrypt"], &["decrypt"]),
        Family::EcdhEs(_) => (&["deriveKey", "deriveBits"], &["deriveKey", "deriveBits"]),
        Family::AesGcmKw(_) | Family::AesKw(_) | Family::Pbes2(..) | Family::RsaOaep(_) => {
            (&["wrapKey", "encrypt"], &["unwrapKey", "decrypt"])
        }
    };
    jwk.expect_consistent_usage()?;
    let operations = match &jwk.key_ops {
        None => return Ok(Usage::ANY),
        // WebCrypto exports the public key of a key agreement with an empty `key_ops`.
        Some(operations) if operations.is_empty() && jwk.d.is_none() && encrypting.contains(&"deriveKey") => {
            return Ok(Usage::ANY);
        }
        Some(operations) => operations,
    };
    let names = |wanted: &[&str]| operations.iter().any(|operation| wanted.contains(&operation.as_str()));
    let left = Usage { encrypt: names(encrypting), decrypt: names(decrypting) };
    if !left.encrypt && !left.decrypt {
        return Err(usage_error("JWK member \"key_ops\" forbids both encrypting and decrypting"));
    }
    Ok(left)
}
