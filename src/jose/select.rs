//! Selects the key for a token among several, by the `kid` and `alg` of the token's header.

use crate::{Error, ErrorCode};

/// A key that can be selected.
pub(crate) trait Candidate {
    /// The key's identifier, if it has one.
    fn kid(&self) -> Option<&str>;

    /// Whether `alg` names the key's algorithm.
    fn answers_to(&self, alg: &str) -> bool;

    /// Whether the key could have been made for `alg` too, with the option `alg`.
    fn could_answer_to(&self, _alg: &str) -> bool {
        false
    }

    /// Which of two keys that both fit is to be used, if both are the same or only one can be used.
    fn either<'k>(&'k self, _other: &'k Self) -> Option<&'k Self> {
        None
    }
}

/// The only key that fits a header.
///
/// # Errors
/// - [`ErrorCode::KeyAmbiguous`]: several keys have the header's `kid` and `alg`, or it has no `kid` and several keys
///   have its `alg`.
/// - [`ErrorCode::KeyNotFound`]: no key has the `kid`, or none has the `alg`.
/// - [`ErrorCode::TokenAlgorithmMismatch`]: the key with the `kid` has another algorithm.
pub(crate) fn select<'k, C: Candidate>(
    keys: impl Iterator<Item = &'k C> + Clone,
    alg: &str,
    kid: Option<&str>,
) -> Result<&'k C, Error> {
    let mut named = keys.filter(|key| kid.is_none() || key.kid() == kid);
    let mut fitting = named.clone().filter(|key| key.answers_to(alg));
    match fitting.next() {
        Some(first) => fitting.try_fold(first, |one, other| one.either(other)).ok_or_else(|| {
            Error::new(
                ErrorCode::KeyAmbiguous,
                match kid {
                    Some(_) => "several keys have the token's \"kid\" and \"alg\"",
                    None => "token has no \"kid\" and several keys fit its \"alg\": try each key alone",
                },
            )
        }),
        None => Err(named.next().filter(|_| kid.is_some()).map_or_else(not_found, |key| mismatch(key, alg))),
    }
}

/// The error for a token that no key fits.
pub(crate) fn not_found() -> Error {
    Error::new(ErrorCode::KeyNotFound, "no key for the token's \"kid\" and \"alg\"")
}

/// Checks that a key which the caller chose has the header's algorithm. The `kid` does not matter.
///
/// # Errors
/// - [`ErrorCode::TokenAlgorithmMismatch`]: the key has another algorithm.
pub(crate) fn expect_algorithm<'k, C: Candidate>(key: &'k C, alg: &str) -> Result<&'k C, Error> {
    if key.answers_to(alg) { Ok(key) } else { Err(mismatch(key, alg)) }
}

fn mismatch(key: &impl Candidate, alg: &str) -> Error {
    let message = if key.could_answer_to(alg) {
        "\"alg\" header is not the key's algorithm, which option \"alg\" sets for RSA"
    } else {
        "\"alg\" header is not the key's algorithm"
    };
    Error::new(ErrorCode::TokenAlgorithmMismatch, message)
}
