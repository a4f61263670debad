//! ECDH-ES (RFC 7518 §4.6, RFC 8037 §3.2): key agreement with an ephemeral key pair.

use core::fmt;
use core::str::FromStr;

use zeroize::Zeroizing;

use super::header::{coordinate, invalid_ephemeral_key};
use crate::crypto::concat_kdf::{KdfContext, derive};
use crate::crypto::curve::Curve as EcCurve;
use crate::crypto::ecdsa::{EcPublic, EcSecret};
use crate::crypto::x25519::{X25519Private, X25519Public};
use crate::jose::base64url;
use crate::jose::json::{Json, Object};
use crate::{Error, ErrorCode};

/// A curve for key agreement.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Curve {
    /// P-256 (FIPS 186-5). Supported by every library.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
    /// X25519 (RFC 8037). The default for new keys: it is the fastest, and any 32 bytes are a valid private key.
    #[default]
    X25519,
}

const ALL: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::X25519];

/// A private key, wiped when dropped.
#[derive(Clone)]
pub(super) enum Private {
    Ec(EcSecret),
    X25519(X25519Private),
}

/// A public key: a point on its curve that is not of small order.
#[derive(Clone)]
pub(super) enum Public {
    Ec(EcPublic),
    X25519(X25519Public),
}

impl Curve {
    /// The `crv` value, such as `"X25519"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::X25519 => "X25519",
        }
    }

    /// The curve, if it is one of NIST.
    const fn ec(self) -> Option<EcCurve> {
        match self {
            Self::P256 => Some(EcCurve::P256),
            Self::P384 => Some(EcCurve::P384),
            Self::P521 => Some(EcCurve::P521),
            Self::X25519 => None,
        }
    }

    /// The length of a shared secret, in bytes.
    pub(super) const fn length(self) -> usize {
        match self.ec() {
            Some(ec) => ec.field_len(),
            None => 32,
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

    /// Parses a `crv` value.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: no supported curve has this name.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = ALL.into_iter().find(|curve| curve.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "option \"crv\" is not a supported curve"))
    }
}

impl Public {
    /// The `crv` value.
    pub(super) fn curve(&self) -> &'static str {
        match self {
            Self::Ec(public) => public.curve().name(),
            Self::X25519(_) => Curve::X25519.name(),
        }
    }

    /// Reads the key in an `epk` header, which must be on this curve.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `epk` is not a public key of the curve.
    pub(super) fn read(curve: Curve, epk: &Object<'_>) -> Result<Self, Error> {
        let says = |name: &str, wanted: &str| matches!(epk.get(name), Some(Json::Text(text)) if text == wanted);
        let x = || coordinate(epk, "x");
        match curve.ec() {
            Some(ec) if says("kty", "EC") && says("crv", ec.name()) => {
                EcPublic::from_coordinates(ec, &x()?, &coordinate(epk, "y")?).map(Self::Ec).ok()
            }
            None if says("kty", "OKP") && says("crv", "X25519") => X25519Public::from_bytes(&x()?).map(Self::X25519),
            _ => None,
        }
        .ok_or_else(invalid_ephemeral_key)
    }

    /// The key as an uncompressed point, or as the 32 bytes of X25519.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Ec(public) => public.point(),
            Self::X25519(public) => public.to_bytes().to_vec(),
        }
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

    /// Generates a private key on the same curve.
    fn ephemeral(&self) -> Result<Private, Error> {
        match self {
            Self::Ec(public) => EcSecret::generate(public.curve()).map(Private::Ec),
            Self::X25519(_) => X25519Private::generate().map(Private::X25519),
        }
    }
}

impl Private {
    /// Generates a private key.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(super) fn generate(curve: Curve) -> Result<Self, Error> {
        match curve {
            Curve::P256 => EcSecret::generate(EcCurve::P256).map(Self::Ec),
            Curve::P384 => EcSecret::generate(EcCurve::P384).map(Self::Ec),
            Curve::P521 => EcSecret::generate(EcCurve::P521).map(Self::Ec),
            Curve::X25519 => X25519Private::generate().map(Self::X25519),
        }
    }

    fn curve(&self) -> Curve {
        match self {
            Self::Ec(private) => match private.curve() {
                EcCurve::P256 => Curve::P256,
                EcCurve::P384 => Curve::P384,
                EcCurve::P521 => Curve::P521,
            },
            Self::X25519(_) => Curve::X25519,
        }
    }

    pub(super) fn public(&self) -> Public {
        match self {
            Self::Ec(private) => Public::Ec(private.public()),
            Self::X25519(private) => Public::X25519(private.public()),
        }
    }

    /// The shared secret, or `None` if the public key is on another curve or of small order.
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
            (Self::Ec(EcSecret::P521(private)), Public::Ec(EcPublic::P521(public))) => {
                let shared = p521::ecdh::diffie_hellman(private.secret().to_nonzero_scalar(), public.as_affine());
                Some(Zeroizing::new(shared.raw_secret_bytes().to_vec()))
            }
            (Self::X25519(private), Public::X25519(public)) => private.agree(public),
            _ => None,
        }
    }
}

/// Agrees on a key with the owner of `public`. Returns the key and the value of the `epk` header.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(super) fn agree_as_sender(
    public: &Public,
    context: &KdfContext<'_>,
) -> Result<(Zeroizing<Vec<u8>>, String), Error> {
    let ephemeral = public.ephemeral()?;
    // Cannot fail: importing a public key of small order is refused.
    let shared = ephemeral.agree(public).ok_or_else(|| Error::new(ErrorCode::Internal, "key agreement failed"))?;
    Ok((derive(&shared, context), ephemeral.public().to_json()))
}

/// Agrees on the same key as the sender of a token with this `epk` header.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: `epk` is not a public key of the same curve.
pub(super) fn agree_as_recipient(
    epk: &Object<'_>,
    private: &Private,
    context: &KdfContext<'_>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let shared = private.agree(&Public::read(private.curve(), epk)?).ok_or_else(invalid_ephemeral_key)?;
    Ok(derive(&shared, context))
}
