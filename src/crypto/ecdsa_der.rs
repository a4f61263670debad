//! Converts ECDSA signatures between DER (ECDSA-Sig-Value, RFC 3279 §2.2.3), which platforms use, and r followed by s
//! (RFC 7518 §3.4), which JOSE uses.

use core::iter::repeat_n;

use crate::crypto::curve::Curve;
use crate::crypto::der::{INTEGER, SEQUENCE, document};

/// Converts r followed by s to DER. Writes it in one piece, because every check of a signature does this.
pub(crate) fn to_der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    // With the zero before a number whose first bit would otherwise be its sign (X.690 §8.3.3).
    let numbers = [r, s].map(without_zeros).map(|number| (matches!(number.first(), None | Some(0x80..)), number));
    let lengths = numbers.map(|(has_zero, number)| number.len().saturating_add(usize::from(has_zero)));
    let mut der = Vec::with_capacity(signature.len().saturating_add(9));
    der.push(SEQUENCE);
    let whole = byte(lengths.iter().fold(4, |sum, length| sum.saturating_add(*length)));
    // A signature on P-521 takes more than 127 bytes.
    if 0x7f < whole {
        der.push(0x81);
    }
    der.push(whole);
    for ((has_zero, number), length) in numbers.iter().zip(lengths) {
        der.extend([INTEGER, byte(length)]);
        der.extend(has_zero.then_some(0));
        der.extend_from_slice(number);
    }
    der
}

/// A length, which is at most 138.
fn byte(length: usize) -> u8 {
    u8::try_from(length).unwrap_or_default()
}

/// Converts DER to r followed by s, each as long as a field element. Returns `None` for anything but two integers that
/// fit.
pub(crate) fn from_der(curve: Curve, der: &[u8]) -> Option<Vec<u8>> {
    let numbers = document(der, |fields| Ok([fields.integer()?, fields.integer()?])).ok()?;
    let mut signature = Vec::with_capacity(curve.field_len().saturating_mul(2));
    for number in numbers {
        let zeros = curve.field_len().checked_sub(number.len())?;
        signature.extend(repeat_n(0, zeros));
        signature.extend_from_slice(number);
    }
    Some(signature)
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
#[cfg(feature = "jwt")]
mod tests {
    use ecdsa::Signature;
    use p256::NistP256;
    use p384::NistP384;
    use p521::NistP521;

    use super::*;
    use crate::crypto::der::{element, integer};

    /// Compares with the crate `ecdsa`: numbers of every length, with the first bit set and not set.
    #[test]
    fn agrees_with_the_crate_ecdsa_at_every_length() {
        for length in 1..=66 {
            for first in [0x01, 0x7f, 0x80, 0xff] {
                let number = [&[first][..], &vec![0x55; length - 1]].concat();
                let both = |field: usize| {
                    let padded = [vec![0; field - length], number.clone()].concat();
                    let one = [vec![0; field - 1], vec![1]].concat();
                    [padded, one].concat()
                };
                if length <= 32 {
                    check(Curve::P256, &both(32), Signature::<NistP256>::from_slice(&both(32)).unwrap().to_der());
                }
                if length <= 48 {
                    check(Curve::P384, &both(48), Signature::<NistP384>::from_slice(&both(48)).unwrap().to_der());
                }
                if length <= 65 || first == 1 {
                    check(Curve::P521, &both(66), Signature::<NistP521>::from_slice(&both(66)).unwrap().to_der());
                }
            }
        }
    }

    fn check(curve: Curve, signature: &[u8], expected: impl AsRef<[u8]>) {
        assert_eq!(to_der(signature), expected.as_ref());
        assert_eq!(from_der(curve, expected.as_ref()).unwrap(), signature);
    }

    #[test]
    fn refuses_other_der() {
        let good = to_der(&[1; 64]);
        assert!(from_der(Curve::P256, &good).is_some());
        assert!(from_der(Curve::P256, &[&good[..], &[0]].concat()).is_none());
        assert!(from_der(Curve::P256, &good[..good.len() - 1]).is_none());
        // Numbers for another curve, one number, three numbers, a negative number, and r followed by s.
        assert!(from_der(Curve::P256, &to_der(&[1; 96])).is_none());
        assert!(from_der(Curve::P256, &element(SEQUENCE, &[&integer(&[1])])).is_none());
        assert!(from_der(Curve::P256, &element(SEQUENCE, &[&integer(&[1]), &integer(&[1]), &integer(&[1])])).is_none());
        assert!(from_der(Curve::P256, &[0x30, 6, 2, 1, 0x80, 2, 1, 1]).is_none());
        assert!(from_der(Curve::P256, &[1; 64]).is_none());
    }
}
