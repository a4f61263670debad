//! ECDSA on the NIST curves (FIPS 186-5, RFC 7518 §3.4). A signature is r followed by s, each as long as a field
//! element.

#![expect(clippy::arithmetic_side_effects, reason = "operations on curve points and scalars cannot overflow")]

mod multiples;
mod signer;
mod table_permits;
mod verifier;

use ecdsa::Signature;
use ecdsa::elliptic_curve::point::AffineCoordinates;
use ecdsa::elliptic_curve::{PublicKey, SecretKey};
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;
use primeorder::{AffinePoint, PrimeCurveParams};
use zeroize::Zeroizing;

use self::signer::EcSigner;
use self::verifier::EcVerifier;
use super::curve::Curve;
use super::random::random_bytes;
use super::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

/// A public key: a point on its curve other than the point at infinity.
#[derive(Clone)]
pub(crate) enum EcPublic {
    P256(PublicKey<NistP256>),
    P384(PublicKey<NistP384>),
    P521(PublicKey<NistP521>),
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
        match curve {
            Curve::P256 => public_key(x, y).map(Self::P256),
            Curve::P384 => public_key(x, y).map(Self::P384),
            Curve::P521 => public_key(x, y).map(Self::P521),
        }
        .ok_or_else(|| not_a_point(curve))
    }

    /// Makes a key from an uncompressed point (SEC 1 §2.3.3), the form that RFC 5480 §2.2 requires all software to
    /// support.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the point is in another form, or not on the curve.
    pub(crate) fn from_point(curve: Curve, point: &[u8]) -> Result<Self, Error> {
        let Some((4, coordinates)) = point.split_first() else {
            return Err(invalid(match point.first() {
                Some(2 | 3) => {
                    "the point of an EC key is compressed: convert it with \"openssl ec -conv_form uncompressed\", a public key with \"-pubin\" too"
                }
                _ => "the point of an EC key is not in uncompressed form",
            }));
        };
        match coordinates.split_at_checked(curve.field_len()) {
            Some((x, y)) if y.len() == x.len() => Self::from_coordinates(curve, x, y),
            _ => Err(not_a_point(curve)),
        }
    }

    pub(crate) fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
            Self::P521(_) => Curve::P521,
        }
    }

    /// The uncompressed point (SEC 1 §2.3.3).
    pub(crate) fn point(&self) -> Vec<u8> {
        let (x, y) = self.coordinates();
        [&[4], x.as_slice(), y.as_slice()].concat()
    }

    /// The coordinates x and y, each as long as a field element.
    pub(crate) fn coordinates(&self) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::P256(key) => (key.as_affine().x().to_vec(), key.as_affine().y().to_vec()),
            Self::P384(key) => (key.as_affine().x().to_vec(), key.as_affine().y().to_vec()),
            Self::P521(key) => (key.as_affine().x().to_vec(), key.as_affine().y().to_vec()),
        }
    }

    /// Whether the signature has the right length, with r and s in range.
    pub(crate) fn admits(&self, signature: &[u8]) -> bool {
        admits(self.curve(), signature)
    }

    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        match self {
            Self::P256(key) => Box::new(EcVerifier::new(&key)),
            Self::P384(key) => Box::new(EcVerifier::new(&key)),
            Self::P521(key) => Box::new(EcVerifier::new(&key)),
        }
    }
}

/// Whether a signature on the curve has the right length, with r and s in range.
pub(crate) fn admits(curve: Curve, signature: &[u8]) -> bool {
    match curve {
        Curve::P256 => Signature::<NistP256>::from_slice(signature).is_ok(),
        Curve::P384 => Signature::<NistP384>::from_slice(signature).is_ok(),
        Curve::P521 => Signature::<NistP521>::from_slice(signature).is_ok(),
    }
}

/// Uses the coordinates and not an encoded point, which keeps the code for compressed points out of the wasm module.
fn public_key<C: PrimeCurveParams>(x: &[u8], y: &[u8]) -> Option<PublicKey<C>> {
    let point = AffinePoint::<C>::from_coordinates(x.try_into().ok()?, y.try_into().ok()?);
    PublicKey::from_affine(Option::from(point)?).ok()
}

/// A private key: a number from 1 to n-1, where n is the order of the curve. Wiped when dropped.
#[derive(Clone)]
pub(crate) enum EcSecret {
    P256(Pair<NistP256>),
    P384(Pair<NistP384>),
    P521(Pair<NistP521>),
}

impl EcSecret {
    /// Makes a key from its private number, exactly as long as a field element.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the key has the wrong length or is out of range.
    pub(crate) fn from_bytes(curve: Curve, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != curve.field_len() {
            return Err(invalid(format!("a {} private key must be {} bytes", curve.name(), curve.field_len())));
        }
        Self::try_from_bytes(curve, bytes)
            .ok_or_else(|| invalid(format!("the private key is out of range for {}", curve.name())))
    }

    /// Makes a key from its private number and its public key. Software that writes the number as an integer drops
    /// zeros at the start, or adds one as a sign, so the number may have up to two bytes too few or one too many.
    /// Without the public key, a number that was cut off could not be told from one that lacks zeros.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the number has the wrong length or is out of range, or `mismatch`, if the two do not
    ///   belong together.
    pub(crate) fn from_pair(bytes: &[u8], public: &EcPublic, mismatch: fn() -> Error) -> Result<Self, Error> {
        let length = public.curve().field_len();
        let number = if length < bytes.len() { bytes.strip_prefix(&[0]).unwrap_or(bytes) } else { bytes };
        let mut padded = Zeroizing::new(Vec::with_capacity(length));
        padded.resize(length.saturating_sub(number.len()).min(2), 0);
        padded.extend_from_slice(number);
        let secret = Self::from_bytes(public.curve(), &padded)?;
        if secret.public().point() == public.point() { Ok(secret) } else { Err(mismatch()) }
    }

    /// Generates a key.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(crate) fn generate(curve: Curve) -> Result<Self, Error> {
        // FIPS 186-5 §A.2.2: draw candidates until one is in range. P-521 keys have 521 bits in 66 bytes.
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
            Curve::P256 => Pair::from_slice(bytes).map(Self::P256),
            Curve::P384 => Pair::from_slice(bytes).map(Self::P384),
            Curve::P521 => Pair::from_slice(bytes).map(Self::P521),
        }
    }

    pub(crate) fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
            Self::P521(_) => Curve::P521,
        }
    }

    /// The private number, as long as a field element.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::P256(pair) => pair.to_bytes(),
            Self::P384(pair) => pair.to_bytes(),
            Self::P521(pair) => pair.to_bytes(),
        }
    }

    pub(crate) fn public(&self) -> EcPublic {
        match self {
            Self::P256(pair) => EcPublic::P256(pair.public),
            Self::P384(pair) => EcPublic::P384(pair.public),
            Self::P521(pair) => EcPublic::P521(pair.public),
        }
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        match self {
            Self::P256(pair) => Box::new(EcSigner::new(&pair.secret)),
            Self::P384(pair) => Box::new(EcSigner::new(&pair.secret)),
            Self::P521(pair) => Box::new(EcSigner::new(&pair.secret)),
        }
    }
}

/// A private key and its public key, which is kept because computing it takes a point multiplication.
#[derive(Clone)]
pub(crate) struct Pair<C: PrimeCurveParams> {
    // Boxed, so that moving the key leaves no copies of the number in memory.
    secret: Box<SecretKey<C>>,
    public: PublicKey<C>,
}

impl<C: PrimeCurveParams> Pair<C> {
    fn from_slice(bytes: &[u8]) -> Option<Self> {
        let secret = Box::new(SecretKey::from_slice(bytes).ok()?);
        let public = secret.public_key();
        Some(Self { secret, public })
    }

    #[cfg(feature = "jwe")]
    pub(crate) fn secret(&self) -> &SecretKey<C> {
        &self.secret
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(Zeroizing::new(self.secret.to_bytes()).to_vec())
    }
}

fn not_a_point(curve: Curve) -> Error {
    invalid(format!("the public key is not a point on {}", curve.name()))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVES: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];

    #[test]
    fn verifies_what_it_signs() {
        for curve in CURVES {
            let secret = EcSecret::generate(curve).unwrap();
            let verifier = secret.public().into_verifier();
            let signer = secret.into_signer();
            for round in 0..12 {
                let signature = signer.try_sign(&[round; 50]).unwrap();
                assert_eq!(signature.len(), 2 * curve.field_len());
                assert!(verifier.verify(&[round; 50], &signature).is_ok());
                assert!(verifier.verify(&[round; 51], &signature).is_err());
            }
        }
    }

    #[test]
    fn exports_the_imported_bytes() {
        for curve in CURVES {
            let secret = EcSecret::generate(curve).unwrap();
            let bytes = secret.to_bytes();
            let again = EcSecret::from_bytes(curve, &bytes).unwrap();
            assert_eq!(again.curve(), curve);
            assert_eq!(again.to_bytes(), bytes);
            let point = again.public().point();
            assert_eq!(point, secret.public().point());
            assert_eq!(EcPublic::from_point(curve, &point).unwrap().point(), point);
            let (x, y) = again.public().coordinates();
            let public = EcPublic::from_coordinates(curve, &x, &y).unwrap();
            assert_eq!((public.curve(), public.point()), (curve, point));
        }
    }

    #[test]
    fn refuses_a_private_key_out_of_range_or_of_another_length() {
        for curve in CURVES {
            let length = curve.field_len();
            let message = |bytes: &[u8]| EcSecret::from_bytes(curve, bytes).err().map(|error| error.to_string());
            let range = format!("the private key is out of range for {}", curve.name());
            assert_eq!(message(&vec![0; length]), Some(range.clone()));
            assert_eq!(message(&vec![255; length]), Some(range));
            let other_length = Some(format!("a {} private key must be {length} bytes", curve.name()));
            for bytes in [vec![], vec![1; length - 1], vec![1; length + 1]] {
                assert_eq!(message(&bytes), other_length);
            }
            let mut one = vec![0; length];
            *one.last_mut().unwrap() = 1;
            assert!(EcSecret::from_bytes(curve, &one).is_ok());
        }
    }

    #[test]
    fn refuses_everything_but_uncompressed_points() {
        for curve in CURVES {
            let point = EcSecret::generate(curve).unwrap().public().point();
            let length = curve.field_len();
            let message = |bytes: &[u8]| EcPublic::from_point(curve, bytes).err().map(|error| error.to_string());
            let form = Some("the point of an EC key is not in uncompressed form".to_owned());
            // The point at infinity, a compressed point, the two hybrid forms, and no bytes.
            let compressed = [&[2], &point[1..=length]].concat();
            let hybrid = |tag: u8| [&[tag], &point[1..]].concat();
            for bytes in [&[0][..], &hybrid(6), &hybrid(7), &[]] {
                assert_eq!(message(bytes), form);
            }
            assert!(message(&compressed).unwrap().starts_with("the point of an EC key is compressed"));
            let off = Some(format!("the public key is not a point on {}", curve.name()));
            let mut beside = point.clone();
            *beside.last_mut().unwrap() ^= 1;
            let origin = [vec![4], vec![0; 2 * length]].concat();
            let above = [vec![4], vec![255; 2 * length]].concat();
            let cut = &point[..2 * length];
            for bytes in [&beside[..], &origin, &above, cut, &[&point[..], &[0]].concat(), &[4]] {
                assert_eq!(message(bytes), off);
            }
            assert_eq!(message(&point), None);
        }
    }

    #[test]
    fn refuses_a_point_of_another_curve() {
        let point = EcSecret::generate(Curve::P256).unwrap().public();
        let (x, y) = point.coordinates();
        let error = EcPublic::from_coordinates(Curve::P384, &x, &y).err().unwrap();
        assert_eq!(error.to_string(), "a coordinate of a P-384 key must be 48 bytes");
        let wider = |bytes: &[u8]| [&[0; 16], bytes].concat();
        let error = EcPublic::from_coordinates(Curve::P384, &wider(&x), &wider(&y)).err().unwrap();
        assert_eq!(error.to_string(), "the public key is not a point on P-384");
    }
}
