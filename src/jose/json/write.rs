//! JSON as text: values written, objects taken apart and put together without being read again.

use serde::Serialize;

use crate::{Error, ErrorCode};

/// The JSON text of a value.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the value has none. Texts, and what is made of them, always do.
pub(crate) fn quote<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::new(ErrorCode::Internal, "value cannot be written as JSON"))
}

/// The members of an object that is known to be one, as text.
pub(crate) fn inside(object: &str) -> &str {
    object.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default().trim()
}
