//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 9964 §3).

mod numbers;

use serde::de::{self, IntoDeserializer};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::base64url;
use super::distinct_names::Names;
use crate::crypto::curve::Curve;
use crate::options::{Value, values};
use crate::{Error, ErrorCode};

/// A JWK, with the members that this crate reads and writes. Other members are ignored (RFC 7517 §4), and a member that
/// is `null` counts as absent.
///
/// All texts are wiped when the JWK is dropped, because it may contain a private key or a secret.
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
#[derive(Clone, Default, Zeroize, ZeroizeOnDrop)]
pub struct Jwk {
    /// The key type: `"oct"`, `"EC"`, `"OKP"`, `"RSA"` or `"AKP"`.
    pub kty: Option<String>,
    /// The curve of an EC or OKP key, such as `"P-256"` or `"Ed25519"`.
    pub crv: Option<String>,
    /// The public key of an OKP key, or the x coordinate of an EC key, in base64url like all numbers here.
    pub x: Option<String>,
    /// The y coordinate of an EC key.
    pub y: Option<String>,
    /// The modulus of an RSA key.
    pub n: Option<String>,
    /// The public exponent of an RSA key.
    pub e: Option<String>,
    /// The private key of an EC or OKP key, or the private exponent of an RSA key.
    pub d: Option<String>,
    /// The first prime of an RSA key.
    pub p: Option<String>,
    /// The second prime of an RSA key.
    pub q: Option<String>,
    /// `d` modulo `p` - 1.
    pub dp: Option<String>,
    /// `d` modulo `q` - 1.
    pub dq: Option<String>,
    /// The inverse of `q` modulo `p`.
    pub qi: Option<String>,
    /// Whether the RSA key has more than two primes (RFC 7518 §6.3.2), which is not supported for private keys.
    pub oth: bool,
    /// The secret of an oct key.
    pub k: Option<String>,
    /// The public key of an AKP key.
    pub pub_: Option<String>,
    /// The private key of an AKP key: the seed of an ML-DSA key.
    pub priv_: Option<String>,
    /// The algorithm that the key is for.
    pub alg: Option<String>,
    /// The key's identifier.
    pub kid: Option<String>,
    /// What the key is for: `"sig"` for signatures, `"enc"` for encryption.
    pub use_: Option<String>,
    /// The operations that the key is for.
    pub key_ops: Option<Vec<String>>,
    /// A certificate chain for the key. Kept for export, never checked.
    pub x5c: Option<Vec<String>>,
    /// The SHA-1 thumbprint of the certificate. Kept for export, never checked.
    pub x5t: Option<String>,
    /// The SHA-256 thumbprint of the certificate. Kept for export, never checked.
    pub x5t_s256: Option<String>,
}

impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Value::Object(members) = Value::deserialize(deserializer)? else {
            return Err(de::Error::custom("JWK is not an object"));
        };
        if Names::distinct(members.iter().map(|(name, _)| name.as_str())).is_none() {
            return Err(de::Error::custom("JWK repeats a member name"));
        }
        Self::from_values(members).map_err(de::Error::custom)
    }
}

impl Serialize for Jwk {
    /// Writes only the members that are present, and none as `null`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = [
            ("kty", &self.kty),
            ("crv", &self.crv),
            ("x", &self.x),
            ("y", &self.y),
            ("n", &self.n),
            ("e", &self.e),
            ("d", &self.d),
            ("p", &self.p),
            ("q", &self.q),
            ("dp", &self.dp),
            ("dq", &self.dq),
            ("qi", &self.qi),
            ("k", &self.k),
            ("pub", &self.pub_),
            ("priv", &self.priv_),
            ("alg", &self.alg),
            ("kid", &self.kid),
            ("use", &self.use_),
            ("x5t", &self.x5t),
            ("x5t#S256", &self.x5t_s256),
        ];
        let mut members = serializer.serialize_map(None)?;
        for (name, text) in texts {
            if let Some(text) = text {
                members.serialize_entry(name, text)?;
            }
        }
        for (name, list) in [("key_ops", &self.key_ops), ("x5c", &self.x5c)] {
            if let Some(list) = list {
                members.serialize_entry(name, list)?;
            }
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
    /// - [`ErrorCode::KeyInvalid`]: a member has the wrong type.
    pub fn from_members<'de, V, E>(members: impl IntoIterator<Item = (String, V)>) -> Result<Self, Error>
    where
        V: IntoDeserializer<'de, E>,
        E: de::Error,
    {
        Self::from_values(values(members))
    }

    /// Checks that `kty` is one of the supported types.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: `kty` is missing or not supported.
    pub(crate) fn expect_supported_type(&self) -> Result<(), Error> {
        match self.kty.as_deref() {
            Some("oct" | "OKP" | "EC" | "RSA" | "AKP") => Ok(()),
            Some("RSA-HSM" | "EC-HSM" | "oct-HSM") => {
                Err(invalid("JWK member \"kty\" is one of Azure Key Vault: pass it without \"-HSM\""))
            }
            Some(_) => Err(invalid("JWK member \"kty\" is not a supported key type")),
            None => Err(missing("kty")),
        }
    }

    /// The error for a JWK that names no algorithm, and has no default.
    pub(crate) fn without_alg(&self) -> Error {
        match self.crv.as_deref() {
            Some(name @ ("Ed448" | "X448")) => {
                invalid(format!("this is a key on the curve {name}, which is not supported"))
            }
            _ => invalid("JWK has no \"alg\": pass the option \"alg\""),
        }
    }

    /// Checks that `key_ops` names no operation twice and none that `use` excludes (RFC 7517 §4.3).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: it does.
    pub(crate) fn expect_consistent_usage(&self) -> Result<(), Error> {
        let operations = || self.key_ops.iter().flatten().map(String::as_str);
        if Names::distinct(operations()).is_none() {
            return Err(invalid("JWK member \"key_ops\" names an operation twice"));
        }
        let is_for = |purpose: &str, operation: &str| match operation {
            "sign" | "verify" => purpose != "enc",
            "encrypt" | "decrypt" | "wrapKey" | "unwrapKey" | "deriveKey" | "deriveBits" => purpose == "enc",
            _ => true,
        };
        match self.use_.as_deref() {
            Some(purpose) if !operations().all(|operation| is_for(purpose, operation)) => {
                Err(invalid("JWK members \"use\" and \"key_ops\" contradict each other"))
            }
            _ => Ok(()),
        }
    }

    /// Like [`Jwk::from_members`], from values. Written by hand, because the code that serde derives takes 3 KB of the
    /// wasm module.
    ///
    /// # Errors
    /// Those of [`Jwk::from_members`].
    pub(crate) fn from_values(members: Vec<(String, Value)>) -> Result<Self, Error> {
        let mut jwk = Self::default();
        for (name, value) in members {
            let wrong = |expected: &str| invalid(["JWK member \"", &name, "\" is not ", expected].concat());
            match (name.as_str(), value) {
                (_, Value::Null) => {}
                ("oth", _) => jwk.oth = true,
                // Only kept for export, so an ill-typed one is ignored.
                ("x5c", value) => jwk.x5c = value.into_texts(),
                ("x5t", value) => jwk.x5t = value.into_text(),
                ("x5t#S256", value) => jwk.x5t_s256 = value.into_text(),
                ("key_ops", value) => {
                    jwk.key_ops = Some(value.into_texts().ok_or_else(|| wrong("an array of strings"))?);
                }
                (name, value) => {
                    if let Some(member) = jwk.text_member(name) {
                        *member = Some(value.into_text().ok_or_else(|| wrong("a string"))?);
                    }
                }
            }
        }
        Ok(jwk)
    }

    fn text_member(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "kty" => &mut self.kty,
            "crv" => &mut self.crv,
            "x" => &mut self.x,
            "y" => &mut self.y,
            "n" => &mut self.n,
            "e" => &mut self.e,
            "d" => &mut self.d,
            "p" => &mut self.p,
            "q" => &mut self.q,
            "dp" => &mut self.dp,
            "dq" => &mut self.dq,
            "qi" => &mut self.qi,
            "k" => &mut self.k,
            "pub" => &mut self.pub_,
            "priv" => &mut self.priv_,
            "alg" => &mut self.alg,
            "kid" => &mut self.kid,
            "use" => &mut self.use_,
            _ => return None,
        })
    }
}

/// The certificate members of a JWK. They are kept with the key and its public key.
#[derive(Clone, Default)]
pub(crate) struct Certificates {
    pub(crate) x5c: Option<Vec<String>>,
    pub(crate) x5t: Option<String>,
    pub(crate) x5t_s256: Option<String>,
}

impl Certificates {
    pub(crate) fn of(jwk: &Jwk) -> Self {
        Self { x5c: jwk.x5c.clone(), x5t: jwk.x5t.clone(), x5t_s256: jwk.x5t_s256.clone() }
    }

    pub(crate) fn write(&self, jwk: &mut Jwk) {
        jwk.x5c.clone_from(&self.x5c);
        jwk.x5t.clone_from(&self.x5t);
        jwk.x5t_s256.clone_from(&self.x5t_s256);
    }
}

pub(crate) fn curve(name: &str) -> Result<Curve, Error> {
    let found = Curve::ALL.into_iter().find(|curve| curve.name() == name);
    found.ok_or_else(|| invalid("JWK member \"crv\" is not a supported curve of its \"kty\""))
}

/// The bytes of a base64url member. Some software writes it with padding or in standard base64.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: missing, or not canonical base64url or base64.
pub(crate) fn bytes(name: &str, text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = text.ok_or_else(|| missing(name))?;
    base64url::decode_any_secret(text.as_bytes())
        .ok_or_else(|| invalid(format!("JWK member \"{name}\" is not canonical base64url")))
}

pub(crate) fn missing(name: &str) -> Error {
    invalid(format!("JWK has no \"{name}\""))
}

pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
