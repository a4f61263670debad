//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), in and out.

use serde::de::{self, IntoDeserializer};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Key, KeyOptions, Material, Usage, wrong_kind};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::base64url;
use crate::jwt::provider::{Ed25519Public, Ed25519Secret};
use crate::options::{Fault, read_members, some, some_texts};
use crate::{Error, ErrorCode};

/// The members of a JWK that this crate reads and writes. Others are ignored (RFC 7517 §4).
///
/// Its texts are wiped when it is dropped: a private key or secret may be among them.
///
/// ```
/// use countersign::jwt::{Algorithm, Jwk, Key, KeyOptions};
///
/// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
/// let text = serde_json::to_string(&key.to_jwk(false)?).unwrap();
/// let jwk: Jwk = serde_json::from_str(&text).unwrap();
/// assert_eq!(Key::from_jwk(&jwk, None, &KeyOptions::default())?.algorithm(), Algorithm::EdDsa);
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Default, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Jwk {
    /// The key type: `"oct"` or `"OKP"`.
    #[serde(default, deserialize_with = "some")]
    pub kty: Option<String>,
    /// The curve of an OKP key: `"Ed25519"`.
    #[serde(default, deserialize_with = "some")]
    pub crv: Option<String>,
    /// The public key of an OKP key, in base64url.
    #[serde(default, deserialize_with = "some")]
    pub x: Option<String>,
    /// The private key of an OKP key, in base64url.
    #[serde(default, deserialize_with = "some")]
    pub d: Option<String>,
    /// The secret of an oct key, in base64url.
    #[serde(default, deserialize_with = "some")]
    pub k: Option<String>,
    /// The algorithm the key is meant for.
    #[serde(default, deserialize_with = "some")]
    pub alg: Option<String>,
    /// The key's identifier.
    #[serde(default, deserialize_with = "some")]
    pub kid: Option<String>,
    /// What the key is for: `"sig"` is the only use we have.
    #[serde(default, deserialize_with = "some", rename = "use")]
    pub use_: Option<String>,
    /// The operations the key is for.
    #[serde(default, deserialize_with = "some_texts")]
    pub key_ops: Option<Vec<String>>,
}

impl Serialize for Jwk {
    /// The members that are there, and no others: a member that is `null` is not the same as none.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = [
            ("kty", &self.kty),
            ("crv", &self.crv),
            ("x", &self.x),
            ("d", &self.d),
            ("k", &self.k),
            ("alg", &self.alg),
            ("kid", &self.kid),
            ("use", &self.use_),
        ];
        let mut members = serializer.serialize_map(None)?;
        for (name, text) in texts {
            if let Some(text) = text {
                members.serialize_entry(name, text)?;
            }
        }
        if let Some(operations) = &self.key_ops {
            members.serialize_entry("key_ops", operations)?;
        }
        members.end()
    }
}

impl core::fmt::Debug for Jwk {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Jwk").field("kty", &self.kty).field("crv", &self.crv).finish_non_exhaustive()
    }
}

impl Jwk {
    /// Reads a JWK from its members, from any source that serde can read.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: a member of the wrong type.
    pub fn from_members<'de, V, E>(members: impl IntoIterator<Item = (String, V)>) -> Result<Self, Error>
    where
        V: IntoDeserializer<'de, E>,
        E: de::Error,
    {
        read_members(members).map_err(|fault| match fault {
            Fault::Unknown(_) => invalid("JWK cannot be read"),
            Fault::Wrong { name, expected } => invalid(format!("JWK member \"{name}\" is not {expected}")),
        })
    }
}

impl Key {
    /// A key from a JWK. Its algorithm is the JWK's, else the one given, else the one that the curve leaves.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: a missing or ill-formed member, a `kty` or `crv` of another kind, an `alg` that
    ///   contradicts the one given, or parts that do not belong together.
    /// - [`ErrorCode::KeyTooWeak`]: a secret shorter than its digest.
    /// - [`ErrorCode::KeyUsage`]: `use` or `key_ops` leaves the key no job.
    /// - [`ErrorCode::OptionInvalid`]: `allow_short` is for [`Key::from_secret`] only.
    pub fn from_jwk(jwk: &Jwk, algorithm: Option<Algorithm>, options: &KeyOptions) -> Result<Self, Error> {
        if options.allow_short.is_some() {
            return Err(Error::new(ErrorCode::OptionInvalid, "option \"allowShort\" is for secrets only"));
        }
        match jwk.kty.as_deref() {
            None => return Err(missing("kty")),
            Some("oct" | "OKP" | "EC" | "RSA") => {}
            Some(_) => return Err(unsupported()),
        }
        let algorithm = algorithm_of(jwk, algorithm)?;
        let usage = usage_of(jwk)?;
        let kid = options.kid.clone().or_else(|| jwk.kid.clone());
        match (jwk.kty.as_deref(), algorithm.family()) {
            (Some("oct"), Family::Hmac(_)) => {
                let secret = member("k", jwk.k.as_deref())?;
                let options = KeyOptions { allow_short: None, kid };
                Self::from_secret_bytes(secret, algorithm, &options, usage)
            }
            (Some("OKP"), Family::Ed25519) => Self::new(algorithm, kid, octet_key_pair(jwk)?, usage),
            (Some("oct"), _) => Err(wrong_kind("a secret", algorithm)),
            (Some("OKP"), _) => Err(wrong_kind("an OKP key", algorithm)),
            (Some("EC"), _) => Err(wrong_kind("an EC key", algorithm)),
            (Some("RSA"), _) => Err(wrong_kind("an RSA key", algorithm)),
            _ => Err(unsupported()),
        }
    }

    /// The key as a JWK with `kty`, `alg` and, where there is one, `kid`: its public half, or all of it.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the public half of a secret, or the private half of a public key.
    pub fn to_jwk(&self, private: bool) -> Result<Jwk, Error> {
        let mut jwk = Jwk::default();
        jwk.alg = Some(self.algorithm().name().into());
        jwk.kid = self.kid().map(Into::into);
        match self.material() {
            Material::Secret(_) if !private => return Err(super::usage("a secret has no public half")),
            Material::Ed25519Public(_) if private => return Err(super::usage("a public key has no private half")),
            Material::Ed25519Private(secret) => {
                jwk.set_octet_key_pair(secret.public_bytes());
                jwk.d = private.then(|| base64url::encode_secret(secret.seed()));
            }
            Material::Ed25519Public(public) => jwk.set_octet_key_pair(public.to_bytes()),
            Material::Secret(secret) => {
                jwk.kty = Some("oct".into());
                jwk.k = Some(base64url::encode_secret(secret));
            }
        }
        Ok(jwk)
    }
}

impl Jwk {
    fn set_octet_key_pair(&mut self, public: [u8; 32]) {
        self.kty = Some("OKP".into());
        self.crv = Some("Ed25519".into());
        self.x = Some(base64url::encode(&public));
    }
}

fn algorithm_of(jwk: &Jwk, given: Option<Algorithm>) -> Result<Algorithm, Error> {
    let named = match &jwk.alg {
        Some(name) => Some(name.parse().map_err(|_| invalid("JWK member \"alg\" is not a supported algorithm"))?),
        None => None,
    };
    match (named, given) {
        // RFC 9864 §2.2: two names of one algorithm are no contradiction; the caller's choice of name stands.
        (Some(named), Some(given)) if named == given || given.answers_to(Algorithm::name(named)) => Ok(given),
        (Some(_), Some(_)) => Err(invalid("JWK member \"alg\" is not the algorithm asked for")),
        (Some(algorithm), None) | (None, Some(algorithm)) => Ok(algorithm),
        (None, None) if jwk.crv.as_deref() == Some("Ed25519") => Ok(Algorithm::EdDsa),
        (None, None) if matches!(jwk.kty.as_deref(), Some("EC" | "RSA")) => Err(unsupported()),
        (None, None) => Err(invalid("JWK has no \"alg\": give option \"alg\"")),
    }
}

/// RFC 7517 §4.2 and §4.3.
fn usage_of(jwk: &Jwk) -> Result<Usage, Error> {
    let for_signatures = jwk.use_.as_deref().is_none_or(|purpose| purpose == "sig");
    let names = |operation: &str| match &jwk.key_ops {
        Some(operations) => operations.iter().any(|own| own == operation),
        None => true,
    };
    let usage = Usage { sign: for_signatures && names("sign"), verify: for_signatures && names("verify") };
    if !usage.sign && !usage.verify {
        return Err(super::usage("JWK member \"use\" or \"key_ops\" forbids both signing and verifying"));
    }
    Ok(usage)
}

fn octet_key_pair(jwk: &Jwk) -> Result<Material, Error> {
    match jwk.crv.as_deref() {
        Some("Ed25519") => {}
        Some(_) => return Err(invalid("JWK member \"crv\" is not Ed25519")),
        None => return Err(missing("crv")),
    }
    let public = Ed25519Public::from_bytes(&member("x", jwk.x.as_deref())?)?;
    match jwk.d.as_deref() {
        None => Ok(Material::Ed25519Public(public)),
        Some(d) => {
            let secret = Ed25519Secret::from_seed(&member("d", Some(d))?)?;
            // Signing with one key under another's name gives the private key away (RUSTSEC-2022-0093).
            if secret.owns_public(&public.to_bytes()) {
                Ok(Material::Ed25519Private(secret))
            } else {
                Err(invalid("JWK members \"x\" and \"d\" do not belong together"))
            }
        }
    }
}

/// The bytes of a base64url member.
fn member(name: &str, text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = text.ok_or_else(|| missing(name))?;
    base64url::decode_secret(text)
        .map(Zeroizing::new)
        .ok_or_else(|| invalid(format!("JWK member \"{name}\" is not canonical base64url")))
}

fn unsupported() -> Error {
    invalid("JWK member \"kty\" is not a supported key type")
}

fn missing(name: &str) -> Error {
    invalid(format!("JWK has no \"{name}\""))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
