//! Generates the primes of a new RSA key: random numbers that are probably prime (FIPS 186-5 appendix A.1.3).
//!
//! The Miller-Rabin test comes from the crate `crypto-primes`. Its candidate generator does not, because it adds a
//! table of primes and a second test that together made up 10% of the wasm module.

use crypto_bigint::{BoxedUint, Odd};
use crypto_primes::hazmat::MillerRabin;
use zeroize::Zeroizing;

use super::integer::integer;
use crate::crypto::random::random_bytes;
use crate::crypto::rsa_form::remainder::remainder;
use crate::{Error, ErrorCode};

/// The public exponent of every generated key.
pub(super) const EXPONENT: u32 = 65_537;

/// Trial division by the odd primes below this limit comes before the Miller-Rabin test. It rules out nine of ten odd
/// numbers. Twice the limit would save one in 15 tests and cost almost twice as many divisions.
const SMALL: u32 = 1 << 15;

/// Rounds of the Miller-Rabin test. A random 1024-bit number that passes them is composite with a probability below
/// 2^-128, and a longer one with a lower probability (FIPS 186-5 appendix C.1).
const ROUNDS: usize = 6;

/// Two primes, the larger one first, whose product has exactly `modulus_bits` bits.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source, or its random numbers repeat.
pub(super) fn primes(modulus_bits: usize) -> Result<[Zeroizing<BoxedUint>; 2], Error> {
    let bits = modulus_bits / 2;
    let small = small_primes();
    let first = prime(bits, &small)?;
    // Steps 5.5 and 5.6: a modulus is easy to factor if its primes share their first 100 bits. Random primes do not.
    let second = prime(bits, &small)?;
    let (larger, smaller) = if *first < *second { (second, first) } else { (first, second) };
    let difference = Zeroizing::new(larger.wrapping_sub(&*smaller));
    if difference.bit_width() as usize <= bits.saturating_sub(99) {
        return Err(repeating_generator());
    }
    Ok([larger, smaller])
}

/// A random prime p of exactly `bits` bits, the two highest of which are set, where p - 1 is not a multiple of
/// [`EXPONENT`].
fn prime(bits: usize, small: &[u32]) -> Result<Zeroizing<BoxedUint>, Error> {
    // Steps 4.7 and 5.8 give up after a multiple of the length too. About one candidate in `bits` / 3 is prime.
    for _ in 0..bits.saturating_mul(20) {
        let candidate = candidate(bits)?;
        // Step 4.5: p - 1 and e have no common factor. Since e is prime, it is enough that e does not divide p - 1.
        let may_be_prime =
            remainder(&candidate, EXPONENT) != 1 && small.iter().all(|prime| remainder(&candidate, *prime) != 0);
        if may_be_prime && is_probably_prime(&candidate, bits)? {
            return Ok(Zeroizing::new(integer(&candidate)));
        }
    }
    Err(repeating_generator())
}

/// A random odd number of exactly `bits` bits. With the two highest bits set, it is above 2^(bits - 1/2) (step 4.4),
/// and the product of two such numbers has exactly twice as many bits.
fn candidate(bits: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut number = random_number(bits)?;
    if let Some(first) = number.first_mut() {
        *first |= 0xc0 >> unused_bits(bits);
    }
    if let Some(last) = number.last_mut() {
        *last |= 1;
    }
    Ok(number)
}

/// FIPS 186-5 appendix B.3.1.
fn is_probably_prime(candidate: &[u8], bits: usize) -> Result<bool, Error> {
    let Some(odd) = Odd::new(integer(candidate)).into_option() else { return Ok(false) };
    let test = MillerRabin::new(odd);
    for _ in 0..ROUNDS {
        if test.test(&base(candidate, bits)?).is_composite() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A random number above 1 and below `candidate` - 1, which is odd.
fn base(candidate: &[u8], bits: usize) -> Result<BoxedUint, Error> {
    let one = BoxedUint::one();
    let last = integer(candidate).wrapping_sub(&one);
    // At least half of all numbers of this length are in range, so 128 tries fail with a probability of 2^-128.
    for _ in 0..128 {
        let base = integer(&random_number(bits)?);
        if one < base && base < last {
            return Ok(base);
        }
    }
    Err(repeating_generator())
}

/// A random big-endian number of at most `bits` bits.
fn random_number(bits: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut number = random_bytes(bits.div_ceil(8))?;
    if let Some(first) = number.first_mut() {
        *first &= 0xff >> unused_bits(bits);
    }
    Ok(number)
}

/// How many bits of the first byte lie above a number of `bits` bits.
fn unused_bits(bits: usize) -> usize {
    bits.wrapping_neg() % 8
}

/// The odd primes below [`SMALL`].
fn small_primes() -> Vec<u32> {
    let mut primes: Vec<u32> = Vec::new();
    for number in (3..SMALL).step_by(2) {
        let mut factors = primes.iter().take_while(|prime| prime.saturating_mul(**prime) <= number);
        if !factors.any(|prime| number.is_multiple_of(*prime)) {
            primes.push(number);
        }
    }
    primes
}

fn repeating_generator() -> Error {
    Error::new(ErrorCode::Internal, "the platform's random number generator repeats itself")
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{ConcatenatingMul, U64};
    use crypto_primes::hazmat::minimum_mr_iterations;
    use crypto_primes::{Flavor, is_prime};

    use super::{EXPONENT, ROUNDS, SMALL, candidate, is_probably_prime, prime, primes, small_primes};
    use crate::crypto::rsa::{bytes, integer};
    use crate::crypto::rsa_form::remainder::remainder;

    /// Checks with the crate's full test, which combines Miller-Rabin with a Lucas test.
    #[test]
    fn finds_primes() {
        for modulus_bits in [2048, 2056] {
            let [p, q] = primes(modulus_bits).unwrap();
            for prime in [&p, &q] {
                assert!(is_prime(Flavor::Any, &**prime));
                assert_eq!(prime.bit_width() as usize, modulus_bits / 2);
                assert_ne!(remainder(&bytes(prime), EXPONENT), 1);
            }
            assert!(*q < *p);
            let product = p.concatenating_mul(&*q);
            assert_eq!(product.bit_width() as usize, modulus_bits);
        }
    }

    #[test]
    fn makes_as_many_rounds_as_fips_186_5_asks_for() {
        for bits in [1024, 1028, 1536, 2048, 4096] {
            assert!(minimum_mr_iterations(bits, 128).unwrap() <= ROUNDS, "{bits}");
        }
        assert_eq!(minimum_mr_iterations(1024, 128), Some(ROUNDS));
    }

    #[test]
    fn draws_candidates_of_the_whole_range() {
        for bits in [1024, 1028] {
            let mut set = vec![0; usize::div_ceil(bits, 8)];
            let mut unset = set.clone();
            for _ in 0..64 {
                let number = candidate(bits).unwrap();
                assert_eq!(integer(&number).bit_width() as usize, bits);
                assert!(integer(&number).bit_vartime(u32::try_from(bits).unwrap() - 2));
                for (index, byte) in number.iter().enumerate() {
                    set[index] |= byte;
                    unset[index] |= !byte;
                }
            }
            // Among 64 numbers, each bit is 0 at least once and 1 at least once. Exceptions: the two highest and the
            // lowest bit, and the unused bits of the first byte.
            let last = set.len() - 1;
            assert!(set[1..].iter().all(|byte| *byte == 0xff) && unset[1..last].iter().all(|byte| *byte == 0xff));
            assert_eq!(set[0], if bits == 1024 { 0xff } else { 0x0f });
            assert_eq!(unset[0], if bits == 1024 { 0x3f } else { 0xf3 });
            assert_eq!(unset[last], 0xfe);
        }
    }

    #[test]
    fn refuses_composites_without_small_factors() {
        let small = small_primes();
        let [p, q] = [prime(512, &small).unwrap(), prime(512, &small).unwrap()];
        for composite in [p.concatenating_mul(&*q), p.concatenating_mul(&*p)] {
            assert!(!is_probably_prime(&bytes(&composite), 1024).unwrap());
        }
        assert!(is_probably_prime(&bytes(&p), 512).unwrap());
    }

    #[test]
    fn lists_all_small_primes() {
        let small = small_primes();
        let expected = (3..SMALL).filter(|number| is_prime(Flavor::Any, &U64::from(*number)));
        assert_eq!(small.len(), 3511);
        assert!(small.into_iter().eq(expected));
    }
}
