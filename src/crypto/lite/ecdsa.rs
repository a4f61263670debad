//! Keys and signatures of ECDSA, for `WebCrypto`.

use zeroize::Zeroizing;

use super::points::{is_on_curve, is_scalar};
use super::{NoArithmetic, no_private_keys};
use crate::crypto::curve::Curve;
use crate::crypto::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

/// A public key: a point on its curve.
#[derive(Clone)]
pub(crate) struct EcPublic {
    curve: Curve,
    x: Vec<u8>,
    y: Vec<u8>,
}

impl EcPublic {
    /// Makes a key from its coordinates, each exactly as long as a field element.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: a coordinate has the wrong length, or the point is not on the curve.
    pub(crate) fn from_coordinates(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, Error> {
        if x.len() != curve.field_len() || y.len() != curve.field_len() {
            let (curve, length) = (curve.name(), curve.field_len());
            return Err(invalid(format!("a coordinate of a {curve} key must be {length} bytes")));
        }
        if !is_on_curve(curve, x, y) {
            return Err(not_a_point(curve));
        }
        Ok(Self { curve, x: x.into(), y: y.into() })
    }

    /// Makes a key from an uncompressed point (SEC 1 §2.3.3).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the point is in another form, or not on the curve.
    pub(crate) fn from_point(curve: Curve, point: &[u8]) -> Result<Self, Error> {
        let Some((4, coordinates)) = point.split_first() else { return Err(invalid(other_form(point))) };
        match coordinates.split_at_checked(curve.field_len()) {
            Some((x, y)) if y.len() == x.len() => Self::from_coordinates(curve, x, y),
            _ => Err(not_a_point(curve)),
        }
    }

    pub(crate) fn curve(&self) -> Curve {
        self.curve
    }

    /// The uncompressed point (SEC 1 §2.3.3).
    pub(crate) fn point(&self) -> Vec<u8> {
        [&[4], self.x.as_slice(), self.y.as_slice()].concat()
    }

    /// The coordinates x and y, each as long as a field element.
    pub(crate) fn coordinates(&self) -> (Vec<u8>, Vec<u8>) {
        (self.x.clone(), self.y.clone())
    }

    /// Whether the signature has the right length, with r and s in range.
    pub(crate) fn admits(&self, signature: &[u8]) -> bool {
        admits(self.curve, signature)
    }

    #[expect(clippy::unused_self, reason = "the interface of the keys that compute")]
    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        Box::new(NoArithmetic)
    }
}

/// Whether a signature on the curve has the right length, with r and s in range.
pub(crate) fn admits(curve: Curve, signature: &[u8]) -> bool {
    signature.split_at_checked(curve.field_len()).is_some_and(|(r, s)| is_scalar(curve, r) && is_scalar(curve, s))
}

fn other_form(point: &[u8]) -> &'static str {
    match point.first() {
        Some(2 | 3) => {
            "the point of an EC key is compressed: convert it with \"openssl ec -conv_form uncompressed\", a public key with \"-pubin\" too"
        }
        _ => "the point of an EC key is not in uncompressed form",
    }
}

fn not_a_point(curve: Curve) -> Error {
    invalid(format!("the public key is not a point on {}", curve.name()))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}

/// No private key can be made.
#[derive(Clone)]
pub(crate) enum EcSecret {}

impl EcSecret {
    pub(crate) fn from_bytes(_: Curve, _: &[u8]) -> Result<Self, Error> {
        Err(no_private_keys())
    }

    pub(crate) fn from_pair(_: &[u8], _: &EcPublic, _: fn() -> Error) -> Result<Self, Error> {
        Err(no_private_keys())
    }

    pub(crate) fn curve(&self) -> Curve {
        match *self {}
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        match *self {}
    }

    pub(crate) fn public(&self) -> EcPublic {
        match *self {}
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        match self {}
    }
}
