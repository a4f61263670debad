//! ECDH-ES (RFC 7518 §4.6, RFC 8037 §3.2): a key agreed on with an ephemeral key pair.

use core::fmt;
use core::str::FromStr;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::header::{coordinate, ill_formed_key};
use crate::crypto::curve::Curve as EcCurve;
use crate::crypto::ecdsa::{EcPublic, EcSecret};
use crate::crypto::x25519::{X25519Private, X25519Public};
use crate::jose::base64url;
use crate::jose::json::{Json, Object};
use crate::{Error, ErrorCode};

/// A curve for the key agreement.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Curve {
    /// P-256 (FIPS 186-5), which every library has.
    P256,
    /// P-384.
    P384,
    /// X25519 (RFC 8037), what is generated when nobody says: the fastest, and every 32 bytes are a private key.
    #[default]
    X25519,
}

const ALL: [Curve; 3] = [Curve::P256, Curve::P384, Curve::X25519];

/// A private key, wiped when it is dropped.
pub(super) enum Private {
    Ec(EcSecret),
    X25519(X25519Private),
}

/// A public key: a point of its curve, and not one that gives every private key the same answer.
#[derive(Clone)]
pub(super) enum Public {
    Ec(EcPublic),
    X25519(X25519Public),
}

impl Curve {
    /// The `crv` value: `"X25519"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::X25519 => "X25519",
        }
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
        let found = ALL.into_iter().find(|curve| curve.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "option \"crv\" is not a supported curve"))
    }
}

impl Public {
    /// The key in an `epk` header, which must be on the same curve as this one.
    fn read(&self, epk: &Object<'_>) -> Result<Self, Error> {
        let says = |name: &str, wanted: &str| matches!(epk.get(name), Some(Json::Text(text)) if text == wanted);
        let x = || coordinate(epk, "x");
        match self {
            Self::Ec(own) if says("kty", "EC") && says("crv", own.curve().name()) => {
                EcPublic::from_coordinates(own.curve(), &x()?, &coordinate(epk, "y")?).map(Self::Ec).ok()
            }
            Self::X25519(_) if says("kty", "OKP") && says("crv", "X25519") => {
                X25519Public::from_bytes(&x()?).map(Self::X25519)
            }
            _ => None,
        }
        .ok_or_else(ill_formed_key)
    }

    /// The value of an `epk` header.
    fn to_json(&self) -> String {
        match self {
            Self::Ec(public) => {
                let ((x, y), crv) = (public.coordinates(), public.curve().name());
                let (x, y) = (base64url::encode(&x), base64url::encode(&y));
                format!("{{\"kty\":\"EC\",\"crv\":\"{crv}\",\"x\":\"{x}\",\"y\":\"{y}\"}}")
            }
            Self::X25519(public) => {
                let x = base64url::encode(&public.to_bytes());
                format!("{{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"{x}\"}}")
            }
        }
    }

    /// A new private key on the same curve.
    fn ephemeral(&self) -> Result<Private, Error> {
        match self {
            Self::Ec(public) => EcSecret::generate(public.curve()).map(Private::Ec),
            Self::X25519(_) => X25519Private::generate().map(Private::X25519),
        }
    }
}

impl Private {
    /// A new private key.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(super) fn generate(curve: Curve) -> Result<Self, Error> {
        match curve {
            Curve::P256 => EcSecret::generate(EcCurve::P256).map(Self::Ec),
            Curve::P384 => EcSecret::generate(EcCurve::P384).map(Self::Ec),
            Curve::X25519 => X25519Private::generate().map(Self::X25519),
        }
    }

    pub(super) fn public(&self) -> Public {
        match self {
            Self::Ec(private) => Public::Ec(private.public()),
            Self::X25519(private) => Public::X25519(private.public()),
        }
    }

    /// What both sides come to; nothing where the point is on another curve, or of small order.
    fn agree(&self, public: &Public) -> Option<Zeroizing<Vec<u8>>> {
        match (self, public) {
            (Self::Ec(EcSecret::P256(private)), Public::Ec(EcPublic::P256(public))) => {
                let shared = p256::ecdh::diffie_hellman(private.secret().to_nonzero_scalar(), public.as_affine());
                Some(Zeroizing::new(shared.raw_secret_bytes().to_vec()))
            }
            (Self::Ec(EcSecret::P384(private)), Public::Ec(EcPublic::P384(public))) => {
                let shared = p384::ecdh::diffie_hellman(private.secret().to_nonzero_scalar(), public.as_affine());
                Some(Zeroizing::new(shared.raw_secret_bytes().to_vec()))
            }
            (Self::X25519(private), Public::X25519(public)) => private.agree(public),
            _ => None,
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
    let ephemeral = public.ephemeral()?;
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
    let shared = private.agree(&private.public().read(epk)?).ok_or_else(ill_formed_key)?;
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
