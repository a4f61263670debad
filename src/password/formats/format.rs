//! A row of the table of formats, and the errors that parsers return.

use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;
use crate::{Error, ErrorCode};

/// A format of stored hashes.
pub(super) struct Format {
    /// What a description calls it.
    pub(super) name: &'static str,
    /// The scheme of a text in this format; none for any other text. It need not look at all of the text.
    pub(super) recognize: fn(&str) -> Option<Scheme>,
    /// Parses a text that was recognized as this scheme.
    pub(super) read: fn(&str, Scheme, &Limits) -> Result<Parts, Error>,
}

pub(super) fn malformed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::HashMalformed, message)
}

pub(super) fn unsupported(message: &str) -> Error {
    Error::new(ErrorCode::HashUnsupported, message)
}
