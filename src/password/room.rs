//! The memory that a hash works in, asked for before anything is computed.

use crate::{Error, ErrorCode};

/// Whether what a hash worked in is kept for the next. It is in the npm package, where that costs nothing, as a module's
/// memory never shrinks. In any other program it goes back, for others to use.
pub(super) const KEPT: bool = cfg!(all(feature = "npm", target_family = "wasm"));

/// Room for `length` of something.
///
/// # Errors
/// - [`ErrorCode::OutOfMemory`]: it could not be had.
pub(super) fn reserved<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut room = Vec::new();
    if room.try_reserve_exact(length).is_err() {
        return Err(Error::new(ErrorCode::OutOfMemory, "the memory that the password hash needs could not be had"));
    }
    Ok(room)
}
