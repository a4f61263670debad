//! Computes the primes of an RSA key from its modulus and exponents (NIST SP 800-56B revision 2, appendix C.2).
//!
//! The crate `rsa` can do this too, but its square root would make the wasm module 2% larger.

use crypto_bigint::{BoxedUint, CheckedSub, ConcatenatingMul, ConcatenatingSquare, Gcd, NonZero, Resize};
use zeroize::Zeroizing;

/// Steps of [`square_root`]. Each doubles the number of correct bits, and the numbers have fewer than 2^16 bits.
const STEPS: usize = 16;

/// Two candidates for the primes, the larger one first, or `None` if the method fails. The caller must check that their
/// product is `n`.
pub(super) fn primes(n: &BoxedUint, e: &BoxedUint, d: &BoxedUint) -> Option<[Zeroizing<BoxedUint>; 2]> {
    // The method requires an exponent above 2^16. The upper bound is checked elsewhere: 33 bits.
    if *e <= BoxedUint::from(1_u32 << 16) {
        return None;
    }
    let one = BoxedUint::one();
    let bits = n.bits_precision();
    let wide = bits.saturating_mul(2);
    // Step 1: a multiple of (p - 1)(q - 1). d·e - 1 is a multiple of the least common multiple of p - 1 and q - 1.
    let product = Zeroizing::new(d.try_resize(bits)?.concatenating_mul(&e.try_resize(bits)?));
    let order = Zeroizing::new(product.wrapping_sub(&one));
    let common = Zeroizing::new(n.wrapping_sub(&one).resize_unchecked(wide).gcd(&*order));
    let multiple = Zeroizing::new(order.concatenating_mul(&*common));
    // Step 2: the factor of that multiple. (p - 1)(q - 1) is only slightly less than n.
    let modulus = n.resize_unchecked(multiple.bits_precision());
    let (times, _) = multiple.div_rem(&NonZero::new(modulus).into_option()?);
    let times = Zeroizing::new(NonZero::new(times.wrapping_add(&one)).into_option()?);
    let (totient, rest) = multiple.div_rem(&times);
    let (totient, rest) = (Zeroizing::new(totient), Zeroizing::new(rest));
    if rest.is_nonzero().to_bool() {
        return None;
    }
    // Step 3: p + q.
    let totient = Zeroizing::new((&*totient).try_resize(bits)?);
    let sum = Zeroizing::new(n.checked_sub(&*totient).into_option()?.wrapping_add(&one));
    // Step 4: p - q, from (p - q)² = (p + q)² - 4n.
    let square = Zeroizing::new(sum.concatenating_square());
    let fourfold = n.resize_unchecked(wide).shl_vartime(2)?;
    let square = Zeroizing::new(square.checked_sub(&fourfold).into_option()?);
    let difference = Zeroizing::new((&*square_root(&square)?).try_resize(bits)?);
    let larger = Zeroizing::new(sum.wrapping_add(&*difference).shr_vartime(1)?);
    let smaller = Zeroizing::new(sum.wrapping_sub(&*larger));
    Some([larger, smaller])
}

/// The square root of a perfect square above 0, by Newton's method. For another number, a value next to its root.
fn square_root(square: &BoxedUint) -> Option<Zeroizing<BoxedUint>> {
    // Starts above the root, at most twice as large. Once the root is found, further steps do not change it.
    let bits = square.bit_width().div_ceil(2);
    let mut root = Zeroizing::new(BoxedUint::one_with_precision(square.bits_precision()).shl_vartime(bits)?);
    for _ in 0..STEPS {
        let (quotient, _) = square.div_rem(&Zeroizing::new(NonZero::new((*root).clone()).into_option()?));
        let quotient = Zeroizing::new(quotient);
        root = Zeroizing::new(root.wrapping_add(&*quotient).shr_vartime(1)?);
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{BoxedUint, Resize};

    use super::{primes, square_root};

    fn number(value: u128) -> BoxedUint {
        BoxedUint::from(value)
    }

    #[test]
    fn finds_the_primes_for_both_kinds_of_exponent() {
        // p - 1 and q - 1 share the factor 18, so the private exponents by either definition differ.
        let (p, q) = (4_503_599_627_370_211_u128, 2_251_799_813_685_313_u128);
        let totient = (p - 1) * (q - 1);
        for modulus in [totient, totient / 18] {
            let product = (1..65_537).map(|times| times * modulus + 1).find(|product| product % 65_537 == 0).unwrap();
            let d = product / 65_537;
            let found = primes(&number(p * q), &number(65_537), &number(d)).unwrap();
            assert_eq!([&*found[0], &*found[1]], [&number(p), &number(q)]);
            assert!(primes(&number(p * q), &number(65_537), &number(d + 2)).is_none());
            assert!(primes(&number(p * q), &number(65_539), &number(d)).is_none());
        }
    }

    #[test]
    fn computes_square_roots() {
        for root in [1, 2, 3, 4, 5, 6, 7, 8, 255, 256, 257, u64::MAX.into(), u128::from(u64::MAX) - 1] {
            for bits in [128, 8192] {
                let square = number(root * root).resize_unchecked(bits);
                assert_eq!(*square_root(&square).unwrap(), number(root), "{root}");
            }
        }
        assert!(square_root(&number(0)).is_none());
    }
}
