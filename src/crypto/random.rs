//! Random bytes from the platform's generator.

use zeroize::Zeroizing;

use crate::{Error, ErrorCode};

/// Random bytes, wiped when dropped.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the platform has no random source.
pub(crate) fn random_bytes(length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    getrandom::fill(&mut bytes).map_err(|_| {
        Error::new(
            ErrorCode::Internal,
            "the platform has no random numbers here: in a Worker, call this while handling a request",
        )
    })?;
    Ok(bytes)
}
