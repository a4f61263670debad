//! Where the arithmetic of ML-DSA is: in this crate, or behind an object of the npm package.

#[cfg(all(not(feature = "post-quantum"), target_arch = "wasm32", feature = "npm-jwt"))]
use core::cell::Cell;

use crate::{Error, ErrorCode};

/// Signs with a seed: parameter set, seed, message.
type Sign = fn(u8, &[u8], &[u8]) -> Option<Vec<u8>>;

/// The arithmetic of ML-DSA. The parameter set comes first, as the number in its name.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    /// The public key of a seed.
    pub(crate) public_key: fn(u8, &[u8]) -> Option<Vec<u8>>,
    pub(crate) sign: Sign,
    /// Whether a signature is valid: public key, message, signature.
    pub(crate) verify: fn(u8, &[u8], &[u8], &[u8]) -> bool,
    /// Whether a seed has this expanded key.
    pub(crate) expands_to: fn(u8, &[u8], &[u8]) -> bool,
}

/// The engine, if there is one.
#[cfg(feature = "post-quantum")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there may be none")]
pub(crate) fn engine() -> Option<Engine> {
    use crate::post_quantum::{expands_to, public_key, sign, verify};
    Some(Engine { public_key, sign, verify, expands_to })
}

/// The engine, if there is one: none, as a constant, so that the code that needs one is left out of the other modules.
#[cfg(not(any(feature = "post-quantum", all(target_arch = "wasm32", feature = "npm-jwt"))))]
pub(crate) fn engine() -> Option<Engine> {
    None
}

/// Finds the engine.
#[cfg(all(not(feature = "post-quantum"), target_arch = "wasm32", feature = "npm-jwt"))]
type Finding = fn() -> Option<Engine>;

#[cfg(all(not(feature = "post-quantum"), target_arch = "wasm32", feature = "npm-jwt"))]
thread_local! {
    static ENGINE: Cell<Option<Finding>> = const { Cell::new(None) };
}

/// The engine, if there is one.
#[cfg(all(not(feature = "post-quantum"), target_arch = "wasm32", feature = "npm-jwt"))]
pub(crate) fn engine() -> Option<Engine> {
    ENGINE.get().and_then(|engine| engine())
}

/// Sets the function that finds the engine.
#[cfg(all(not(feature = "post-quantum"), target_arch = "wasm32", feature = "npm-jwt"))]
pub(crate) fn set(engine: Finding) {
    ENGINE.set(Some(engine));
}

/// The engine.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: there is none, so ML-DSA is not supported here.
pub(crate) fn expect_engine() -> Result<Engine, Error> {
    engine().ok_or_else(|| Error::new(ErrorCode::KeyInvalid, MISSING))
}

#[cfg(all(target_arch = "wasm32", not(feature = "secrets")))]
const MISSING: &str = "countersign/verify has no ML-DSA: use countersign/jwt and countersign/post-quantum";
#[cfg(all(target_arch = "wasm32", feature = "secrets", not(feature = "jwt")))]
const MISSING: &str = "countersign/lite has no ML-DSA: use countersign/jwt and countersign/post-quantum";
#[cfg(all(target_arch = "wasm32", feature = "jwt"))]
const MISSING: &str = "ML-DSA is a module of its own: call enablePostQuantum() of \"countersign/post-quantum\" first";
#[cfg(not(target_arch = "wasm32"))]
const MISSING: &str = "ML-DSA needs the feature \"post-quantum\" of the crate countersign";
