//! Tokens as Rust strings, measured before they are copied.

use js_sys::JsString;

use crate::Error;
use crate::jose::segment::too_long;

/// The token as a Rust string.
///
/// # Errors
/// - [`TokenTooLong`](crate::ErrorCode::TokenTooLong): it is over the limit.
pub(super) fn bounded(token: &JsString, max_length: usize) -> Result<String, Error> {
    text_within(token, max_length).ok_or_else(|| too_long(max_length))
}

/// The text as a Rust string, if it is within the limit. A text has at least as many bytes of UTF-8 as units of UTF-16.
pub(super) fn text_within(text: &JsString, max_length: usize) -> Option<String> {
    usize::try_from(text.length()).is_ok_and(|length| length <= max_length).then(|| text.into())
}
