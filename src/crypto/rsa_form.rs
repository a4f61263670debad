//! What an RSA key and its signatures must look like. Nothing here computes with the key.

mod padding;
mod pss;
pub(super) mod remainder;
mod roca;

use zeroize::Zeroizing;

pub(crate) use self::padding::Padding;
pub(crate) use self::pss::PssParameters;
use crate::{Error, ErrorCode};

/// RFC 7518 §3.3 and §3.5 require 2048 bits or more. A modulus above 8192 bits is no stronger in practice, but slows
/// the verifier down.
pub(super) const MODULUS_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

/// The two primes, their CRT exponents and the CRT coefficient (RFC 8017 §3.2). Each is big-endian without leading
/// zeros.
pub(crate) struct RsaPrimes {
    pub(crate) p: Zeroizing<Vec<u8>>,
    pub(crate) q: Zeroizing<Vec<u8>>,
    pub(crate) dp: Zeroizing<Vec<u8>>,
    pub(crate) dq: Zeroizing<Vec<u8>>,
    pub(crate) qi: Zeroizing<Vec<u8>>,
}

/// Whether a signature could be one of some RSA key.
pub(crate) fn admits_length(signature: &[u8]) -> bool {
    MODULUS_BITS.contains(&signature.len().saturating_mul(8))
}

/// The checks on a public key that come before any arithmetic.
pub(super) fn check_public(n: &[u8], e: &[u8]) -> Result<(), Error> {
    let bits = bit_length(n);
    if bits < *MODULUS_BITS.start() {
        return Err(Error::new(ErrorCode::KeyTooWeak, "the RSA key is shorter than 2048 bits"));
    }
    if *MODULUS_BITS.end() < bits {
        return Err(invalid("the RSA key is longer than 8192 bits"));
    }
    if !is_odd(n) {
        return Err(invalid("the modulus of the RSA key is even"));
    }
    let exponent_bits = bit_length(e);
    if !is_odd(e) || !(2..=33).contains(&exponent_bits) {
        return Err(invalid("the public exponent of the RSA key must be odd, at least 3 and at most 33 bits long"));
    }
    if roca::has_fingerprint(n) {
        return Err(Error::new(ErrorCode::KeyTooWeak, "the RSA key can be factored (ROCA, CVE-2017-15361)"));
    }
    Ok(())
}

pub(super) fn bit_length(number: &[u8]) -> usize {
    let Some(first) = number.iter().position(|byte| *byte != 0) else { return 0 };
    let leading = number.get(first).map_or(0, |byte| byte.leading_zeros());
    let bytes = number.len().saturating_sub(first);
    bytes.saturating_mul(8).saturating_sub(leading as usize)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte & 1 == 1)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
