//! Scratch memory: allocated before a hash is computed, with an error instead of an abort if there is not enough.

use crate::{Error, ErrorCode};

/// Whether scratch memory is kept for the next hash. In the npm package it is: a module's memory never shrinks, so keeping it
/// costs nothing. Any other program gets it back.
pub(super) const KEPT: bool = cfg!(all(feature = "npm", target_family = "wasm"));

/// An empty vector with capacity for `length` elements.
///
/// # Errors
/// - [`ErrorCode::OutOfMemory`]: the memory could not be allocated.
pub(super) fn reserved<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut memory = Vec::new();
    memory
        .try_reserve_exact(length)
        .map_err(|_| Error::new(ErrorCode::OutOfMemory, "not enough memory to compute the password hash"))?;
    Ok(memory)
}
