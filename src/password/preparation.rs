//! What is done to a password between its pepper and its scheme: where a form of stored hashes was made by software that
//! computes something first.

use zeroize::Zeroizing;

use crate::Error;

/// A step before the scheme itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Preparation {
    /// None.
    None,
}

impl Preparation {
    /// The text that the scheme is given.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): there was no room for it.
    #[expect(clippy::unnecessary_wraps, reason = "what normalizes can fail")]
    pub(super) fn apply(&self, password: Zeroizing<String>) -> Result<Zeroizing<String>, Error> {
        match self {
            Self::None => Ok(password),
        }
    }
}
