//! A row of the table of formats, and the errors that parsers return.

use core::fmt;

use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;
use crate::{Error, ErrorCode};

/// The longest text that is looked at. passport-local-mongoose's hashes, the longest known, have about 800 bytes.
pub(super) const MAX_STORED_BYTES: usize = 1024;

/// A format of stored hashes.
pub(super) struct Format {
    /// What a description calls it.
    pub(super) name: &'static str,
    /// The scheme of a text in this format; none for any other text. It need not look at all of the text.
    pub(super) recognize: fn(&str) -> Option<Scheme>,
    /// Parses a text that was recognized as this scheme.
    pub(super) read: fn(&str, Scheme, &Limits) -> Result<Parts, Error>,
}

pub(super) fn malformed(message: &str) -> Error {
    Error::new(ErrorCode::HashMalformed, message)
}

/// As [`malformed`], with the parts of a message. Not inlined: `format!` at each place would make the modules larger.
#[cold]
#[inline(never)]
pub(super) fn malformed_parts(message: fmt::Arguments<'_>) -> Error {
    malformed(&message.to_string())
}

pub(super) fn unsupported(message: &str) -> Error {
    Error::new(ErrorCode::HashUnsupported, message)
}
