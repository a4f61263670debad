//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2).

mod numbers;

use serde::de::{self, IntoDeserializer};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::base64url;
use crate::crypto::curve::Curve;
use crate::options::{OptionError, Value, from_values, some, some_texts, values};
use crate::{Error, ErrorCode};

/// A JWK, with the members that this crate reads and writes. Other members are ignored (RFC 7517 §4).
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
#[derive(Clone, Default, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Jwk {
    /// The key type: `"oct"`, `"EC"`, `"OKP"` or `"RSA"`.
    #[serde(default, deserialize_with = "some")]
    pub kty: Option<String>,
    /// The curve of an EC or OKP key, such as `"P-256"` or `"Ed25519"`.
    #[serde(default, deserialize_with = "some")]
    pub crv: Option<String>,
    /// The public key of an OKP key, or the x coordinate of an EC key, in base64url like all numbers here.
    #[serde(default, deserialize_with = "some")]
    pub x: Option<String>,
    /// The y coordinate of an EC key.
    #[serde(default, deserialize_with = "some")]
    pub y: Option<String>,
    /// The modulus of an RSA key.
    #[serde(default, deserialize_with = "some")]
    pub n: Option<String>,
    /// The public exponent of an RSA key.
    #[serde(default, deserialize_with = "some")]
    pub e: Option<String>,
    /// The private key of an EC or OKP key, or the private exponent of an RSA key.
    #[serde(default, deserialize_with = "some")]
    pub d: Option<String>,
    /// The first prime of an RSA key.
    #[serde(default, deserialize_with = "some")]
    pub p: Option<String>,
    /// The second prime of an RSA key.
    #[serde(default, deserialize_with = "some")]
    pub q: Option<String>,
    /// `d` modulo `p` - 1.
    #[serde(default, deserialize_with = "some")]
    pub dp: Option<String>,
    /// `d` modulo `q` - 1.
    #[serde(default, deserialize_with = "some")]
    pub dq: Option<String>,
    /// The inverse of `q` modulo `p`.
    #[serde(default, deserialize_with = "some")]
    pub qi: Option<String>,
    /// Whether the RSA key has more than two primes (RFC 7518 §6.3.2), which is not supported for private keys.
    #[serde(default, deserialize_with = "present")]
    pub oth: bool,
    /// The secret of an oct key.
    #[serde(default, deserialize_with = "some")]
    pub k: Option<String>,
    /// The algorithm that the key is for.
    #[serde(default, deserialize_with = "some")]
    pub alg: Option<String>,
    /// The key's identifier.
    #[serde(default, deserialize_with = "some")]
    pub kid: Option<String>,
    /// What the key is for: `"sig"` for signatures, `"enc"` for encryption.
    #[serde(default, deserialize_with = "some", rename = "use")]
    pub use_: Option<String>,
    /// The operations that the key is for.
    #[serde(default, deserialize_with = "some_texts")]
    pub key_ops: Option<Vec<String>>,
    /// A certificate chain for the key. Kept for export, never checked.
    #[serde(default, deserialize_with = "some_texts")]
    pub x5c: Option<Vec<String>>,
    /// The SHA-1 thumbprint of the certificate. Kept for export, never checked.
    #[serde(default, deserialize_with = "some")]
    pub x5t: Option<String>,
    /// The SHA-256 thumbprint of the certificate. Kept for export, never checked.
    #[serde(default, deserialize_with = "some", rename = "x5t#S256")]
    pub x5t_s256: Option<String>,
}

/// `true` for a member with any value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    de::IgnoredAny::deserialize(deserializer).map(|_| true)
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
            Some("oct" | "OKP" | "EC" | "RSA") => Ok(()),
            Some(_) => Err(invalid("JWK member \"kty\" is not a supported key type")),
            None => Err(missing("kty")),
        }
    }

    /// Like [`Jwk::from_members`], from values.
    ///
    /// # Errors
    /// Those of [`Jwk::from_members`].
    pub(crate) fn from_values(members: Vec<(String, Value)>) -> Result<Self, Error> {
        from_values(members).map_err(|error| match error {
            OptionError::Message(_) | OptionError::Unknown(_) => invalid("JWK cannot be read"),
            OptionError::Wrong { name, expected } => invalid(format!("JWK member \"{name}\" is not {expected}")),
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

pub(crate) fn curve(name: &str) -> Result<Curve, Error> {
    let found = Curve::ALL.into_iter().find(|curve| curve.name() == name);
    found.ok_or_else(|| invalid("JWK member \"crv\" is not a supported curve of its \"kty\""))
}

/// The bytes of a base64url member.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: missing, or not canonical base64url.
pub(crate) fn bytes(name: &str, text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = text.ok_or_else(|| missing(name))?;
    base64url::decode_secret(text)
        .map(Zeroizing::new)
        .ok_or_else(|| invalid(format!("JWK member \"{name}\" is not canonical base64url")))
}

pub(crate) fn missing(name: &str) -> Error {
    invalid(format!("JWK has no \"{name}\""))
}

pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
