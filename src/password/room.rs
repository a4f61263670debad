//! The memory that a hash works in, asked for before anything is computed.

use core::cell::Cell;

use crate::{Error, ErrorCode};

/// Whether what a hash worked in is kept for the next. It is in the npm package, where that costs nothing, as a module's
/// memory never shrinks. In any other program it goes back, for others to use.
pub(super) const KEPT: bool = cfg!(all(feature = "npm", target_family = "wasm"));

/// What a hash may take there, unless the package has [`widen`]ed it. A larger one would leave more behind than the package
/// lets an instance keep, so that the package may have it done in another.
const BYTES_KEPT: usize = 30 * 1024 * 1024;

thread_local! {
    static IS_WIDE: Cell<bool> = const { Cell::new(false) };
}

/// Lets hashes take what they need.
#[cfg(all(feature = "npm-argon2", target_family = "wasm"))]
pub(crate) fn widen() {
    IS_WIDE.set(true);
}

/// Room for `length` of something.
///
/// # Errors
/// - [`ErrorCode::OutOfMemory`]: it could not be had.
pub(super) fn reserved<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut room = Vec::new();
    let is_refused = KEPT && BYTES_KEPT < length.saturating_mul(size_of::<T>()) && !IS_WIDE.get();
    if is_refused || room.try_reserve_exact(length).is_err() {
        return Err(Error::new(ErrorCode::OutOfMemory, "the memory that the password hash needs could not be had"));
    }
    Ok(room)
}
