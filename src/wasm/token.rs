//! Copies tokens to Rust strings after checking their length.

use js_sys::JsString;

use crate::Error;
use crate::jose::segment::too_long;

/// The token as a Rust string.
///
/// # Errors
/// - [`TokenTooLong`](crate::ErrorCode::TokenTooLong): the token is longer than `max_length`.
pub(super) fn bounded(token: &JsString, max_length: usize) -> Result<String, Error> {
    text_within(token, max_length).ok_or_else(|| too_long(max_length))
}

/// The text as a Rust string, or `None` if it is too long. Compares the number of UTF-16 code units, of which a text
/// never has more than bytes in UTF-8.
pub(super) fn text_within(text: &JsString, max_length: usize) -> Option<String> {
    usize::try_from(text.length()).is_ok_and(|length| length <= max_length).then(|| text.into())
}
