//! ECDSA on the NIST curves (FIPS 186-5, RFC 7518 §3.4): signatures are r and s side by side, each as long as the field.

use ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::{Error as SignatureError, Signer, Verifier};
use zeroize::Zeroizing;

use super::{BoxedSigner, BoxedVerifier};
use crate::jwt::algorithm::Curve;
use crate::jwt::key::random_bytes;
use crate::{Error, ErrorCode};

/// A public key: a point of its curve other than the one at infinity.
#[derive(Clone)]
pub(crate) enum EcPublic {
    P256(p256::PublicKey),
    P384(p384::PublicKey),
    P521(p521::PublicKey),
}

impl EcPublic {
    /// From its coordinates, each exactly as long as the field.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: coordinates of another length, or of no point of the curve.
    pub(crate) fn from_coordinates(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, Error> {
        if x.len() != curve.field_len() || y.len() != curve.field_len() {
            let (curve, length) = (curve.name(), curve.field_len());
            return Err(invalid(format!("a coordinate of a {curve} key is {length} bytes")));
        }
        Self::from_point(curve, &[&[4], x, y].concat())
    }

    /// From a point in uncompressed or compressed form (SEC 1 §2.3.3, RFC 5480 §2.2). Written again, it is uncompressed.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: another form, or no point of the curve.
    pub(crate) fn from_point(curve: Curve, point: &[u8]) -> Result<Self, Error> {
        if !matches!(point.first(), Some(2..=4)) {
            return Err(invalid("the point of an EC key is neither in uncompressed nor in compressed form"));
        }
        match curve {
            Curve::P256 => p256::PublicKey::from_sec1_bytes(point).map(Self::P256).ok(),
            Curve::P384 => p384::PublicKey::from_sec1_bytes(point).map(Self::P384).ok(),
            Curve::P521 => p521::PublicKey::from_sec1_bytes(point).map(Self::P521).ok(),
        }
        .ok_or_else(|| invalid(format!("the public key is not a point of {}", curve.name())))
    }

    pub(crate) fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
            Self::P521(_) => Curve::P521,
        }
    }

    /// The uncompressed point.
    pub(crate) fn point(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => key.to_sec1_bytes().into_vec(),
            Self::P384(key) => key.to_sec1_bytes().into_vec(),
            Self::P521(key) => key.to_sec1_bytes().into_vec(),
        }
    }

    /// Its coordinates, each as long as the field.
    pub(crate) fn coordinates(&self) -> (Vec<u8>, Vec<u8>) {
        let point = self.point();
        let coordinates = point.get(1..).unwrap_or_default();
        let (x, y) = coordinates.split_at_checked(self.curve().field_len()).unwrap_or_default();
        (x.to_vec(), y.to_vec())
    }

    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        Box::new(EcVerifier(self))
    }
}

/// A private key: a number from 1 up to the order of the curve, wiped when dropped.
#[derive(Clone)]
pub(crate) enum EcSecret {
    P256(Box<p256::SecretKey>),
    P384(Box<p384::SecretKey>),
    P521(Box<p521::SecretKey>),
}

impl EcSecret {
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not exactly as long as the field, or out of range.
    pub(crate) fn from_bytes(curve: Curve, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != curve.field_len() {
            return Err(invalid(format!("a {} private key is {} bytes", curve.name(), curve.field_len())));
        }
        Self::try_from_bytes(curve, bytes)
            .ok_or_else(|| invalid(format!("the private key is out of the range of {}", curve.name())))
    }

    /// A new key.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(crate) fn generate(curve: Curve) -> Result<Self, Error> {
        // FIPS 186-5 §A.2.2: candidates are drawn until one is in range. Of P-521's 528 bits, 521 count.
        loop {
            let mut candidate = random_bytes(curve.field_len())?;
            if let (Curve::P521, Some(first)) = (curve, candidate.first_mut()) {
                *first &= 1;
            }
            if let Some(secret) = Self::try_from_bytes(curve, &candidate) {
                return Ok(secret);
            }
        }
    }

    fn try_from_bytes(curve: Curve, bytes: &[u8]) -> Option<Self> {
        match curve {
            Curve::P256 => p256::SecretKey::from_slice(bytes).ok().map(Box::new).map(Self::P256),
            Curve::P384 => p384::SecretKey::from_slice(bytes).ok().map(Box::new).map(Self::P384),
            Curve::P521 => p521::SecretKey::from_slice(bytes).ok().map(Box::new).map(Self::P521),
        }
    }

    pub(crate) fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
            Self::P521(_) => Curve::P521,
        }
    }

    /// The number, as long as the field.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::P256(key) => Zeroizing::new(Zeroizing::new(key.to_bytes()).to_vec()),
            Self::P384(key) => Zeroizing::new(Zeroizing::new(key.to_bytes()).to_vec()),
            Self::P521(key) => Zeroizing::new(Zeroizing::new(key.to_bytes()).to_vec()),
        }
    }

    pub(crate) fn public(&self) -> EcPublic {
        match self {
            Self::P256(key) => EcPublic::P256(key.public_key()),
            Self::P384(key) => EcPublic::P384(key.public_key()),
            Self::P521(key) => EcPublic::P521(key.public_key()),
        }
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        match self {
            Self::P256(key) => Box::new(EcSigner::P256(ecdsa::SigningKey::from(&*key))),
            Self::P384(key) => Box::new(EcSigner::P384(ecdsa::SigningKey::from(&*key))),
            Self::P521(key) => Box::new(EcSigner::P521(ecdsa::SigningKey::from(&*key))),
        }
    }
}

/// Signs with the nonce of RFC 6979, which needs no random numbers.
enum EcSigner {
    P256(ecdsa::SigningKey<NistP256>),
    P384(ecdsa::SigningKey<NistP384>),
    P521(ecdsa::SigningKey<NistP521>),
}

impl Signer<Vec<u8>> for EcSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        match self {
            Self::P256(key) => {
                key.sign_prehash(&Sha256::digest(message)).map(|signature: p256::ecdsa::Signature| signature.to_vec())
            }
            Self::P384(key) => {
                key.sign_prehash(&Sha384::digest(message)).map(|signature: p384::ecdsa::Signature| signature.to_vec())
            }
            Self::P521(key) => {
                key.sign_prehash(&Sha512::digest(message)).map(|signature: p521::ecdsa::Signature| signature.to_vec())
            }
        }
        .map_err(|_| SignatureError::new())
    }
}

struct EcVerifier(EcPublic);

impl Verifier<Vec<u8>> for EcVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        // The crate refuses another length, and r or s outside [1, n-1].
        match &self.0 {
            EcPublic::P256(key) => p256::ecdsa::Signature::from_slice(signature).and_then(|signature| {
                ecdsa::VerifyingKey::from(key).verify_prehash(&Sha256::digest(message), &signature)
            }),
            EcPublic::P384(key) => p384::ecdsa::Signature::from_slice(signature).and_then(|signature| {
                ecdsa::VerifyingKey::from(key).verify_prehash(&Sha384::digest(message), &signature)
            }),
            EcPublic::P521(key) => p521::ecdsa::Signature::from_slice(signature).and_then(|signature| {
                ecdsa::VerifyingKey::from(key).verify_prehash(&Sha512::digest(message), &signature)
            }),
        }
        .map_err(|_| SignatureError::new())
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
