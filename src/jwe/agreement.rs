//! ECDH-ES (RFC 7518 §4.6, RFC 8037 §3.2): a key agreed on with an ephemeral key pair.

mod x25519;

use core::fmt;
use core::str::FromStr;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use self::x25519::{X25519Private, X25519Public};
use super::header::{coordinate, ill_formed_key};
use crate::jwt::base64url;
use crate::jwt::json::{Json, Object};
use crate::{Error, ErrorCode};

/// A curve for the key agreement.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Curve {
    /// X25519 (RFC 8037), what is generated when nobody says: the fastest, and every 32 bytes are a private key.
    #[default]
    X25519,
}

const ALL: [Curve; 1] = [Curve::X25519];

/// A private key, wiped when it is dropped.
pub(super) enum Private {
    X25519(X25519Private),
}

/// A public key: a point of its curve, and not one that gives every private key the same answer.
#[derive(Clone)]
pub(super) enum Public {
    X25519(X25519Public),
}

/// A point as it stands in a JWK.
#[derive(Eq, PartialEq)]
pub(super) struct Coordinates {
    pub(super) x: Vec<u8>,
    pub(super) y: Option<Vec<u8>>,
}

impl Curve {
    /// The `crv` value: `"X25519"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X25519 => "X25519",
        }
    }

    /// The `kty` value of a key on this curve.
    pub(super) const fn key_type(self) -> &'static str {
        match self {
            Self::X25519 => "OKP",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|curve| curve.name() == name)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Curve {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a supported curve.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::named(name).ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "option \"crv\" is not a supported curve"))
    }
}

impl Public {
    /// The public key at these coordinates, if they are one.
    pub(super) fn from_coordinates(curve: Curve, point: &Coordinates) -> Option<Self> {
        match curve {
            Curve::X25519 if point.y.is_none() => X25519Public::from_bytes(&point.x).map(Self::X25519),
            Curve::X25519 => None,
        }
    }

    pub(super) fn curve(&self) -> Curve {
        match self {
            Self::X25519(_) => Curve::X25519,
        }
    }

    pub(super) fn coordinates(&self) -> Coordinates {
        match self {
            Self::X25519(public) => Coordinates { x: public.to_bytes().to_vec(), y: None },
        }
    }

    /// The value of an `epk` header.
    fn to_json(&self) -> String {
        let (curve, point) = (self.curve(), self.coordinates());
        let x = base64url::encode(&point.x);
        let y = point.y.map(|y| format!(",\"y\":\"{}\"", base64url::encode(&y))).unwrap_or_default();
        format!("{{\"kty\":\"{}\",\"crv\":\"{curve}\",\"x\":\"{x}\"{y}}}", curve.key_type())
    }
}

impl Private {
    /// A new private key.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(super) fn generate(curve: Curve) -> Result<Self, Error> {
        match curve {
            Curve::X25519 => X25519Private::generate().map(Self::X25519),
        }
    }

    /// The private key of these bytes, if they are one of the curve.
    pub(super) fn from_bytes(curve: Curve, bytes: &[u8]) -> Option<Self> {
        match curve {
            Curve::X25519 => X25519Private::from_bytes(bytes).map(Self::X25519),
        }
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::X25519(private) => private.to_bytes(),
        }
    }

    pub(super) fn public(&self) -> Public {
        match self {
            Self::X25519(private) => Public::X25519(private.public()),
        }
    }

    /// What both sides come to; nothing where the point is on another curve, or of small order.
    fn agree(&self, public: &Public) -> Option<Zeroizing<Vec<u8>>> {
        match (self, public) {
            (Self::X25519(private), Public::X25519(public)) => private.agree(public),
        }
    }
}

/// What an agreement is about: it goes into the key, so that both sides must mean the same.
pub(super) struct Purpose<'a> {
    /// `enc` where what is agreed on encrypts the content, `alg` where it wraps the key of the content.
    pub(super) algorithm: &'a str,
    pub(super) key_length: usize,
    pub(super) apu: &'a [u8],
    pub(super) apv: &'a [u8],
}

/// A key agreed on with the owner of `public`, and the `epk` header that tells them how.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(super) fn agree_anew(public: &Public, purpose: &Purpose<'_>) -> Result<(Zeroizing<Vec<u8>>, String), Error> {
    let ephemeral = Private::generate(public.curve())?;
    // A public key of small order is refused when it is imported.
    let shared = ephemeral.agree(public).ok_or_else(|| Error::new(ErrorCode::Internal, "key agreement failed"))?;
    Ok((derive(&shared, purpose), ephemeral.public().to_json()))
}

/// The key that whoever made the token agreed on with the owner of `private`.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: `epk` is not a public key of the same curve.
pub(super) fn agree_with(
    epk: &Object<'_>,
    private: &Private,
    purpose: &Purpose<'_>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let curve = private.public().curve();
    let says = |name: &str, wanted: &str| matches!(epk.get(name), Some(Json::Text(text)) if text == wanted);
    if !says("kty", curve.key_type()) || !says("crv", curve.name()) {
        return Err(ill_formed_key());
    }
    let x = coordinate(epk, "x")?.ok_or_else(ill_formed_key)?;
    let point = Coordinates { x, y: coordinate(epk, "y")? };
    let public = Public::from_coordinates(curve, &point).ok_or_else(ill_formed_key)?;
    let shared = private.agree(&public).ok_or_else(ill_formed_key)?;
    Ok(derive(&shared, purpose))
}

/// The Concat KDF with SHA-256 (NIST SP 800-56A §5.8.1), as RFC 7518 §4.6.2 uses it. The crate `concat-kdf` is of an
/// earlier generation of hashes.
fn derive(shared: &[u8], purpose: &Purpose<'_>) -> Zeroizing<Vec<u8>> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    let bits = u32::try_from(purpose.key_length.saturating_mul(8)).unwrap_or(u32::MAX).to_be_bytes();
    // All of its room at once: a buffer that grows leaves copies behind.
    let mut key = Zeroizing::new(Vec::with_capacity(purpose.key_length.saturating_add(32)));
    let mut counter = 0_u32;
    while key.len() < purpose.key_length {
        counter = counter.saturating_add(1);
        let mut hash = Sha256::new().chain_update(counter.to_be_bytes()).chain_update(shared);
        for part in [purpose.algorithm.as_bytes(), purpose.apu, purpose.apv] {
            hash = hash.chain_update(length(part)).chain_update(part);
        }
        key.extend_from_slice(&Zeroizing::new(<[u8; 32]>::from(hash.chain_update(bits).finalize()))[..]);
    }
    key.truncate(purpose.key_length);
    key
}
