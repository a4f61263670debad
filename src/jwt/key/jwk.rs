//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), in and out.

mod numbers;

use serde::de::{self, IntoDeserializer};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Key, KeyOptions, Usage};
use crate::jwt::algorithm::{Algorithm, Curve};
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
    /// The key type: `"oct"`, `"EC"`, `"OKP"` or `"RSA"`.
    #[serde(default, deserialize_with = "some")]
    pub kty: Option<String>,
    /// The curve of an EC or OKP key: `"P-256"`, `"Ed25519"`.
    #[serde(default, deserialize_with = "some")]
    pub crv: Option<String>,
    /// The public key of an OKP key, or the first coordinate of an EC key, in base64url.
    #[serde(default, deserialize_with = "some")]
    pub x: Option<String>,
    /// The second coordinate of an EC key.
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
    /// Whether the RSA key has further primes, which a private key here must not (RFC 7518 §6.3.2).
    #[serde(default, deserialize_with = "present")]
    pub oth: bool,
    /// The secret of an oct key.
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
    /// A chain of certificates for the key: carried along, and never looked at.
    #[serde(default, deserialize_with = "some_texts")]
    pub x5c: Option<Vec<String>>,
    /// The SHA-1 thumbprint of its certificate: carried along, and never looked at.
    #[serde(default, deserialize_with = "some")]
    pub x5t: Option<String>,
    /// The SHA-256 thumbprint of its certificate: carried along, and never looked at.
    #[serde(default, deserialize_with = "some", rename = "x5t#S256")]
    pub x5t_s256: Option<String>,
}

/// That a member is there, whatever it is.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    de::IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl Serialize for Jwk {
    /// The members that are there, and no others: a member that is `null` is not the same as none.
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
    /// - [`ErrorCode::KeyInvalid`]: a member of the wrong type.
    pub fn from_members<'de, V, E>(members: impl IntoIterator<Item = (String, V)>) -> Result<Self, Error>
    where
        V: IntoDeserializer<'de, E>,
        E: de::Error,
    {
        read_members(members).map_err(|fault| match fault {
            Fault::Said(_) | Fault::Unknown(_) => invalid("JWK cannot be read"),
            Fault::Wrong { name, expected } => invalid(format!("JWK member \"{name}\" is not {expected}")),
        })
    }
}

/// What a JWK says of certificates for its key; it goes where the key's public half goes.
#[derive(Clone, Default)]
pub(super) struct Certificates {
    x5c: Option<Vec<String>>,
    x5t: Option<String>,
    x5t_s256: Option<String>,
}

impl Key {
    /// A key from a JWK. Its algorithm is the JWK's, else the one given, else the one that the curve leaves.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: a missing or ill-formed member, a `kty` or `crv` of another kind, an `alg` that
    ///   contradicts the one given, or parts that do not belong together.
    /// - [`ErrorCode::KeyTooWeak`]: a secret shorter than its digest, or an RSA key under 2048 bits.
    /// - [`ErrorCode::KeyUsage`]: `use` or `key_ops` leaves the key no job.
    /// - [`ErrorCode::OptionInvalid`]: an option that is not for this.
    pub fn from_jwk(jwk: &Jwk, algorithm: Option<Algorithm>, options: &KeyOptions) -> Result<Self, Error> {
        options.expect_import()?;
        match jwk.kty.as_deref() {
            None => return Err(missing("kty")),
            Some("oct" | "OKP" | "EC" | "RSA") => {}
            Some(_) => return Err(unsupported()),
        }
        let algorithm = algorithm_of(jwk, algorithm)?;
        let usage = usage_of(jwk)?;
        let kid = options.kid.clone().or_else(|| jwk.kid.clone());
        if jwk.kty.as_deref() == Some("oct") {
            let secret = jwk.secret()?;
            return Self::from_secret_bytes(secret, algorithm, &KeyOptions { kid, ..Default::default() }, usage);
        }
        let material = jwk.key_pair().map_err(|fault| fault.against(algorithm))?;
        let certificates = Certificates { x5c: jwk.x5c.clone(), x5t: jwk.x5t.clone(), x5t_s256: jwk.x5t_s256.clone() };
        Ok(Self::new(algorithm, kid, material, usage)?.certified(certificates))
    }

    /// The key as a JWK with `kty`, `alg` and, where there is one, `kid`: its public half, or all of it.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the public half of a secret, or the private half of a public key.
    pub fn to_jwk(&self, private: bool) -> Result<Jwk, Error> {
        let mut jwk = Jwk::from_material(self.material(), private)?;
        jwk.alg = Some(self.algorithm().name().into());
        jwk.kid = self.kid().map(Into::into);
        let certificates = self.certificates();
        jwk.x5c.clone_from(&certificates.x5c);
        jwk.x5t.clone_from(&certificates.x5t);
        jwk.x5t_s256.clone_from(&certificates.x5t_s256);
        Ok(jwk)
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
        (None, None) => match jwk.crv.as_deref() {
            Some("Ed25519") => Ok(Algorithm::EdDsa),
            Some(name) if jwk.kty.as_deref() == Some("EC") => curve(name).map(Curve::algorithm),
            _ => Err(invalid("JWK has no \"alg\": give option \"alg\"")),
        },
    }
}

fn curve(name: &str) -> Result<Curve, Error> {
    let found = Curve::ALL.into_iter().find(|curve| curve.name() == name);
    found.ok_or_else(|| invalid("JWK member \"crv\" is not a supported curve of its \"kty\""))
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

fn unsupported() -> Error {
    invalid("JWK member \"kty\" is not a supported key type")
}

fn missing(name: &str) -> Error {
    invalid(format!("JWK has no \"{name}\""))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
