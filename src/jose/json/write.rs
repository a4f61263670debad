//! Writes JSON, and combines objects as text without parsing them again.

use serde::Serialize;

use crate::{Error, ErrorCode};

/// The JSON text of a value.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the value has no JSON form. Does not happen with strings, and with arrays and maps of
///   strings.
pub(crate) fn quote<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::new(ErrorCode::Internal, "value cannot be written as JSON"))
}

/// The text between the braces of a JSON object. The caller must know that `object` is one.
pub(crate) fn inside(object: &str) -> &str {
    object.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default().trim()
}
