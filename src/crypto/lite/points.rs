//! Whether a point is on its curve, and whether a number is below the order of its group.

use super::residue::{Modulus, Residue};
use crate::crypto::curve::Curve;
use crate::crypto::ed25519_form::{has_small_order, y_of};

/// The numbers of a curve y² = x³ - 3x + b (SP 800-186 §3.2.1), big-endian.
struct Numbers {
    p: &'static [u8],
    b: &'static [u8],
    /// The order of the group.
    n: &'static [u8],
}

#[rustfmt::skip]
const P256: Numbers = Numbers {
    p: &[
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ],
    b: &[
        0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc, 0x65, 0x1d,
        0x06, 0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
    ],
    n: &[
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
        0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ],
};

#[rustfmt::skip]
const P384: Numbers = Numbers {
    p: &[
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
    ],
    b: &[
        0xb3, 0x31, 0x2f, 0xa7, 0xe2, 0x3e, 0xe7, 0xe4, 0x98, 0x8e, 0x05, 0x6b, 0xe3, 0xf8, 0x2d, 0x19, 0x18, 0x1d,
        0x9c, 0x6e, 0xfe, 0x81, 0x41, 0x12, 0x03, 0x14, 0x08, 0x8f, 0x50, 0x13, 0x87, 0x5a, 0xc6, 0x56, 0x39, 0x8d,
        0x8a, 0x2e, 0xd1, 0x9d, 0x2a, 0x85, 0xc8, 0xed, 0xd3, 0xec, 0x2a, 0xef,
    ],
    n: &[
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2,
        0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
    ],
};

#[rustfmt::skip]
const P521: Numbers = Numbers {
    p: &[
        0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ],
    b: &[
        0x00, 0x51, 0x95, 0x3e, 0xb9, 0x61, 0x8e, 0x1c, 0x9a, 0x1f, 0x92, 0x9a, 0x21, 0xa0, 0xb6, 0x85, 0x40, 0xee,
        0xa2, 0xda, 0x72, 0x5b, 0x99, 0xb3, 0x15, 0xf3, 0xb8, 0xb4, 0x89, 0x91, 0x8e, 0xf1, 0x09, 0xe1, 0x56, 0x19,
        0x39, 0x51, 0xec, 0x7e, 0x93, 0x7b, 0x16, 0x52, 0xc0, 0xbd, 0x3b, 0xb1, 0xbf, 0x07, 0x35, 0x73, 0xdf, 0x88,
        0x3d, 0x2c, 0x34, 0xf1, 0xef, 0x45, 0x1f, 0xd4, 0x6b, 0x50, 0x3f, 0x00,
    ],
    n: &[
        0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfa, 0x51, 0x86,
        0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8,
        0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09,
    ],
};

/// 2^255 - 19, the modulus of Ed25519 (RFC 8032 §5.1).
#[rustfmt::skip]
const P25519: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xed,
];

/// Half of what is one less.
#[rustfmt::skip]
const HALF25519: [u8; 32] = [
    0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf6,
];

/// -121665 / 121666 modulo 2^255 - 19.
#[rustfmt::skip]
const D25519: [u8; 32] = [
    0x52, 0x03, 0x6c, 0xee, 0x2b, 0x6f, 0xfe, 0x73, 0x8c, 0xc7, 0x40, 0x79, 0x77, 0x79, 0xe8, 0x98, 0x00, 0x70,
    0x0a, 0x4d, 0x41, 0x41, 0xd8, 0xab, 0x75, 0xeb, 0x4d, 0xca, 0x13, 0x59, 0x78, 0xa3,
];

fn numbers_of(curve: Curve) -> &'static Numbers {
    match curve {
        Curve::P256 => &P256,
        Curve::P384 => &P384,
        Curve::P521 => &P521,
    }
}

/// Whether the coordinates, each as long as a field element, are those of a point on the curve.
pub(super) fn is_on_curve(curve: Curve, x: &[u8], y: &[u8]) -> bool {
    let Numbers { p, b, .. } = numbers_of(curve);
    let field = Modulus::new(p);
    let (Some(x), Some(y), Some(b)) = (field.read(x), field.read(y), field.read(b)) else { return false };
    let cube = field.product(&field.product(&x, &x), &x);
    let thrice = field.sum(&field.sum(&x, &x), &x);
    field.product(&y, &y) == field.sum(&field.difference(&cube, &thrice), &b)
}

/// Whether the number is above 0 and below the order of the curve's group, and as long as that.
pub(super) fn is_scalar(curve: Curve, number: &[u8]) -> bool {
    let order = numbers_of(curve).n;
    number.len() == order.len() && number < order && number.iter().any(|byte| *byte != 0)
}

/// What 32 bytes are as an Ed25519 public key.
pub(super) enum Ed25519Point {
    NotCanonical,
    OfSmallOrder,
    Valid,
}

/// Decodes a point (RFC 8032 §5.1.3), as far as it takes to say whether there is one.
pub(super) fn read_ed25519(point: &[u8; 32]) -> Ed25519Point {
    let y = y_of(point);
    let mut big_endian = y;
    big_endian.reverse();
    let field = Modulus::new(&P25519);
    let (Some(number), Some(d)) = (field.read(&big_endian), field.read(&D25519)) else {
        return Ed25519Point::NotCanonical;
    };
    // x² is u / v, where v is never 0. The quotient is a square if the product is.
    let square = field.product(&number, &number);
    let u = field.difference(&square, &field.one());
    let v = field.sum(&field.product(&d, &square), &field.one());
    let product = field.product(&u, &v);
    let is_point = if product == Residue::ZERO {
        // x is 0, which has no sign.
        *point == y
    } else {
        // Euler's criterion.
        field.power(&product, &HALF25519) == field.one()
    };
    match is_point {
        false => Ed25519Point::NotCanonical,
        true if has_small_order(&y) => Ed25519Point::OfSmallOrder,
        true => Ed25519Point::Valid,
    }
}

#[cfg(test)]
#[cfg(feature = "jwt")]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;

    use super::{Ed25519Point, is_on_curve, is_scalar, read_ed25519};
    use crate::crypto::curve::Curve;
    use crate::crypto::ecdsa::{self, EcPublic, EcSecret};
    use crate::crypto::ed25519::{Ed25519Public, Ed25519Secret};
    use crate::crypto::random::random_bytes;

    const CURVES: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];

    fn agree_on_curve(curve: Curve, x: &[u8], y: &[u8]) -> bool {
        let theirs = EcPublic::from_coordinates(curve, x, y).is_ok();
        assert_eq!(is_on_curve(curve, x, y), theirs, "{} {x:?} {y:?}", curve.name());
        theirs
    }

    #[test]
    fn knows_the_points_of_the_nist_curves_like_the_crates() {
        for curve in CURVES {
            let length = curve.field_len();
            for round in 0..24 {
                let (x, y) = EcSecret::generate(curve).unwrap().public().coordinates();
                assert!(agree_on_curve(curve, &x, &y));
                let mut beside = y.clone();
                beside[round % length] ^= 1 << (round % 8);
                assert!(!agree_on_curve(curve, &x, &beside));
                agree_on_curve(curve, &y, &x);
                agree_on_curve(curve, &random_bytes(length).unwrap(), &random_bytes(length).unwrap());
                agree_on_curve(curve, &x, &vec![0; length]);
                agree_on_curve(curve, &vec![0; length], &y);
            }
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                agree_on_curve(curve, &vec![byte; length], &vec![byte; length]);
            }
            // Numbers that are not below the modulus, for a point whose coordinates are.
            let zero = vec![0; length];
            assert!(!agree_on_curve(curve, super::numbers_of(curve).p, &zero));
        }
    }

    #[test]
    fn knows_the_orders_of_the_nist_curves_like_the_crates() {
        for curve in CURVES {
            let length = curve.field_len();
            let neighbors = [-1, 0, 1].map(|step| {
                let mut number = super::numbers_of(curve).n.to_vec();
                let last = number.last_mut().unwrap();
                *last = last.checked_add_signed(step).unwrap();
                number
            });
            let others = [vec![0; length], vec![0xff; length], vec![1; length], vec![1; length - 1], vec![]];
            for number in neighbors.into_iter().chain(others) {
                let one = vec![1; length];
                for (r, s) in [(&number, &one), (&one, &number)] {
                    let admitted = is_scalar(curve, r) && is_scalar(curve, s);
                    assert_eq!(admitted, ecdsa::admits(curve, &[r.as_slice(), s].concat()), "{}", curve.name());
                }
            }
        }
    }

    fn agree_on_ed25519(point: [u8; 32]) -> bool {
        let ours = match read_ed25519(&point) {
            Ed25519Point::NotCanonical => {
                Some("the Ed25519 public key is not the canonical encoding of a point on the curve")
            }
            Ed25519Point::OfSmallOrder => Some("the Ed25519 public key is of small order"),
            Ed25519Point::Valid => None,
        };
        let theirs = Ed25519Public::from_bytes(&point).err().map(|error| error.to_string());
        assert_eq!(ours.map(Into::into), theirs, "{point:?}");
        ours.is_none()
    }

    fn with_other_sign(mut point: [u8; 32]) -> [u8; 32] {
        point[31] ^= 0x80;
        point
    }

    #[test]
    fn knows_the_points_of_ed25519_like_the_crate() {
        let mut valid = 0;
        for _ in 0..200 {
            let bytes: [u8; 32] = random_bytes(32).unwrap().as_slice().try_into().unwrap();
            valid += usize::from(agree_on_ed25519(bytes));
            agree_on_ed25519(with_other_sign(bytes));
        }
        assert!((50..150).contains(&valid), "{valid}");
        assert!(agree_on_ed25519(Ed25519Secret::from_seed(&[7; 32]).unwrap().public_bytes()));
        for point in EIGHT_TORSION {
            let bytes = point.compress().to_bytes();
            assert!(!agree_on_ed25519(bytes) && !agree_on_ed25519(with_other_sign(bytes)));
        }
        // Around p, and small numbers.
        for first in 0..=0xff {
            let mut near = [0xff; 32];
            (near[0], near[31]) = (first, 0x7f);
            let mut small = [0; 32];
            small[0] = first;
            for bytes in [near, small] {
                agree_on_ed25519(bytes);
                agree_on_ed25519(with_other_sign(bytes));
            }
        }
    }
}
