//! Detects ROCA keys (CVE-2017-15361): RSA moduli from a smart card library that used too little randomness. Their
//! primes are powers of 65537 modulo a product of small primes, so the modulus is a power of 65537 modulo each small
//! prime.
//!
//! Source: M. Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, §3.1.

use super::remainder::remainder;

/// The small primes to test. Each has residues that are not a power of 65537.
const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Whether a big-endian modulus is a power of 65537 modulo each prime. One in 2^27 random moduli is, by chance.
pub(super) fn has_fingerprint(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| is_power(remainder(modulus, *prime), *prime))
}

/// Whether `residue` is a power of 65537 modulo `prime`.
fn is_power(residue: u32, prime: u32) -> bool {
    let step = |power: u32| power.saturating_mul(65_537_u32.checked_rem(prime)?).checked_rem(prime);
    let mut power = Some(1);
    for _ in 0..prime {
        if power == Some(residue) {
            return true;
        }
        power = power.and_then(step);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{PRIMES, has_fingerprint, is_power, remainder};

    #[test]
    fn detects_powers_of_65537() {
        // 65537^2 = 0x0001_0002_0001, and 65537 itself.
        assert!(has_fingerprint(&[1, 0, 1]));
        assert!(has_fingerprint(&[1, 0, 2, 0, 1]));
        assert!(!has_fingerprint(&[1, 0, 3]));
        assert!(!has_fingerprint(&[0xc5; 256]));
    }

    #[test]
    fn every_prime_rules_out_some_residues() {
        for prime in PRIMES {
            assert_eq!(remainder(&[1, 0, 1], prime), 65_537 % prime);
            assert!((1..prime).any(|residue| !is_power(residue, prime)), "{prime}");
        }
    }
}
