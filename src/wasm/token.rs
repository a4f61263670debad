//! Tokens on their way in.

use js_sys::JsString;

use crate::Error;
use crate::jwt::token::too_long;

/// The token as a Rust string, if it is within the limit: UTF-8 is never shorter than UTF-16 counts.
pub(super) fn bounded(token: &JsString, max_length: usize) -> Result<String, Error> {
    let within = usize::try_from(token.length()).is_ok_and(|length| length <= max_length);
    if within { Ok(token.into()) } else { Err(too_long(max_length)) }
}
