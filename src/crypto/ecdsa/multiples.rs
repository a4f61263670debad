//! Precomputed multiples of a point, which make multiplying it fast: few additions and almost no doublings.
//!
//! The time depends on the scalars. That is safe, because this code only verifies signatures, where nothing is secret.
//! The point arithmetic comes from the curve's crate. Its addition formulas are complete: equal points, opposite points
//! and the point at infinity are no special cases.

use ecdsa::elliptic_curve::ops::Double;
use ecdsa::elliptic_curve::{BatchNormalize, Scalar};
use primeorder::{AffinePoint, PrimeCurveParams, PrimeFieldExt, ProjectivePoint};

/// How many bits of a scalar one addition covers.
const WINDOW: usize = 5;

/// The largest multiple in a block. Five bits make a digit from -15 to 16, and negative multiples are subtracted.
const LARGEST: usize = 1 << (WINDOW - 1);

/// How many digits share one block of multiples. Each row after the first costs `WINDOW` doublings per sum. With four
/// rows, the table is a quarter of the size and takes as long to build as one or two plain checks. A sum then needs 15
/// doublings and about a hundred additions.
const ROWS: usize = 4;

/// The multiples 1 to 16 of a point, and of that point doubled 20, 40, 60, … times. That makes 208 points in 15 KB for
/// P-256, 320 in 33 KB for P-384 and 432 in 66 KB for P-521.
pub(super) struct Multiples<C: PrimeCurveParams>(Vec<AffinePoint<C>>);

impl<C: PrimeCurveParams> Multiples<C> {
    /// Builds the table.
    #[cold]
    pub(super) fn of(point: &ProjectivePoint<C>) -> Self {
        let blocks = digits::<C>(&Scalar::<C>::default()).len().div_ceil(ROWS);
        let mut multiples = Vec::with_capacity(blocks * LARGEST);
        let mut first = *point;
        for _ in 0..blocks {
            let mut multiple = ProjectivePoint::<C>::IDENTITY;
            for _ in 0..LARGEST {
                multiple += first;
                multiples.push(multiple);
            }
            // `multiple` is 16 times `first`, so four of the doublings to the next block are already done.
            first = multiple;
            for _ in WINDOW - 1..WINDOW * ROWS {
                first.double_in_place();
            }
        }
        Self(ProjectivePoint::<C>::batch_normalize_vartime(multiples.as_slice()))
    }
}

/// The sum of two point multiplications, in variable time.
pub(super) fn sum_of_products<C: PrimeCurveParams>(products: [(&Multiples<C>, &Scalar<C>); 2]) -> ProjectivePoint<C> {
    let products = products.map(|(multiples, scalar)| (multiples, digits::<C>(scalar)));
    let mut sum = ProjectivePoint::<C>::IDENTITY;
    for row in (0..ROWS).rev() {
        for (Multiples(multiples), digits) in &products {
            // Digit 4i + row selects from block i. Its multiple is doubled 5·row times.
            let digits = digits.iter().skip(row).step_by(ROWS);
            for (block, digit) in multiples.chunks_exact(LARGEST).zip(digits) {
                add_multiple(&mut sum, block, *digit);
            }
        }
        if 0 < row {
            for _ in 0..WINDOW {
                sum.double_in_place();
            }
        }
    }
    sum
}

/// Adds `digit` times the point whose first multiples are `block`.
fn add_multiple<C: PrimeCurveParams>(sum: &mut ProjectivePoint<C>, block: &[AffinePoint<C>], digit: i16) {
    match block.get(usize::from(digit.unsigned_abs()).wrapping_sub(1)) {
        Some(multiple) if digit < 0 => *sum -= multiple,
        Some(multiple) => *sum += multiple,
        None => {} // The digit is 0.
    }
}

/// The digits of a scalar in base 32, each from -15 to 16, least significant first.
fn digits<C: PrimeCurveParams>(scalar: &Scalar<C>) -> Vec<i16> {
    let bytes = scalar.to_be_repr();
    let mut digits = Vec::with_capacity(bytes.len() * 8 / WINDOW + 1);
    let (mut pending, mut bits) = (0_i16, 0);
    for byte in bytes.iter().rev() {
        pending += i16::from(*byte) << bits;
        bits += 8;
        while WINDOW <= bits {
            let digit = pending & 31;
            pending >>= WINDOW;
            bits -= WINDOW;
            if digit <= 16 {
                digits.push(digit);
            } else {
                digits.push(digit - 32);
                pending += 1;
            }
        }
    }
    // At most four bits and a carry remain.
    digits.push(pending);
    digits
}

#[cfg(test)]
mod tests {
    use ecdsa::elliptic_curve::{Field, PrimeField};
    use p256::NistP256;
    use p384::NistP384;
    use p521::NistP521;

    use super::*;

    /// Scalars at the edges of digits, carries and rows, and some pseudorandom ones.
    fn scalars<C: PrimeCurveParams>() -> Vec<Scalar<C>> {
        let powers = (0..Scalar::<C>::NUM_BITS).map(|bits| Scalar::<C>::from(2).pow_vartime([u64::from(bits)]));
        let around =
            powers.flat_map(|power| [power, power - Scalar::<C>::ONE, -power, power * Scalar::<C>::from(0x1_0842)]);
        let step = Scalar::<C>::MULTIPLICATIVE_GENERATOR.pow_vartime([0xd1b5_4a32_d192_ed03]);
        let pseudorandom = core::iter::successors(Some(step), |last| Some(last.square() + step));
        around.chain(pseudorandom.take(200)).collect()
    }

    fn splits_scalars_into_digits<C: PrimeCurveParams>() {
        for scalar in scalars::<C>() {
            let digits = digits::<C>(&scalar);
            assert!(digits.iter().all(|digit| (-15..=16).contains(digit)), "{digits:?}");
            let value = |digit: &i16| {
                let size = Scalar::<C>::from(u64::from(digit.unsigned_abs()));
                if *digit < 0 { -size } else { size }
            };
            let back = digits.iter().rfold(Scalar::<C>::ZERO, |sum, digit| sum * Scalar::<C>::from(32) + value(digit));
            assert_eq!(back, scalar);
        }
    }

    #[test]
    fn digits_add_up_to_the_scalar() {
        splits_scalars_into_digits::<NistP256>();
        splits_scalars_into_digits::<NistP384>();
        splits_scalars_into_digits::<NistP521>();
    }

    fn sums_as_the_crate_does<C: PrimeCurveParams>() {
        let base = ProjectivePoint::<C>::GENERATOR;
        let of_base = Multiples::of(&base);
        let point = base * Scalar::<C>::from(0xd1b5_4a32_d192_ed03).square();
        let of_point = Multiples::of(&point);
        let scalars = scalars::<C>();
        for (first, second) in scalars.iter().zip(scalars.iter().rev()).step_by(67) {
            let sum = sum_of_products([(&of_base, first), (&of_point, second)]);
            assert_eq!(sum, base * first + point * second);
        }
    }

    #[test]
    fn sums_agree_with_the_curve_crates() {
        sums_as_the_crate_does::<NistP256>();
        sums_as_the_crate_does::<NistP384>();
        sums_as_the_crate_does::<NistP521>();
    }

    /// The same point twice, or a point and its opposite, so that additions meet equal points, opposite points and
    /// zero.
    fn meets_equal_and_opposite_points<C: PrimeCurveParams>() {
        let base = ProjectivePoint::<C>::GENERATOR;
        let (same, opposite) = (Multiples::of(&base), Multiples::of(&-base));
        for scalar in scalars::<C>().iter().step_by(89) {
            let sum = sum_of_products([(&same, scalar), (&same, scalar)]);
            assert_eq!(sum, (base * scalar).double());
            assert_eq!(sum_of_products([(&same, scalar), (&opposite, scalar)]), ProjectivePoint::<C>::IDENTITY);
            assert_eq!(sum_of_products([(&same, scalar), (&same, &-*scalar)]), ProjectivePoint::<C>::IDENTITY);
            assert_eq!(sum_of_products([(&same, scalar), (&opposite, &Scalar::<C>::ZERO)]), base * scalar);
        }
        let none = sum_of_products([(&same, &Scalar::<C>::ZERO), (&opposite, &Scalar::<C>::ZERO)]);
        assert_eq!(none, ProjectivePoint::<C>::IDENTITY);
    }

    #[test]
    fn sums_of_equal_and_of_opposite_points_are_right() {
        meets_equal_and_opposite_points::<NistP256>();
        meets_equal_and_opposite_points::<NistP384>();
        meets_equal_and_opposite_points::<NistP521>();
    }

    #[test]
    fn holds_the_documented_number_of_points() {
        assert_eq!(Multiples::of(&p256::ProjectivePoint::GENERATOR).0.len(), 208);
        assert_eq!(Multiples::of(&p384::ProjectivePoint::GENERATOR).0.len(), 320);
        assert_eq!(Multiples::of(&p521::ProjectivePoint::GENERATOR).0.len(), 432);
    }
}
