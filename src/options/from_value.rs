//! Option values with a type of their own.

use serde::de::{self, Deserialize, Deserializer, Unexpected};

use super::value::Value;

/// A type of options. Reading it without a visitor of serde takes a fifth of the space in the wasm module.
pub(crate) trait FromValue: Sized {
    /// The value as this type.
    ///
    /// # Errors
    /// What the value must be, for the message `option "…" is not …`.
    fn from_value(value: Value) -> Result<Self, &'static str>;
}

/// Reads a value of such a type from any source.
///
/// # Errors
/// The value is not of this type.
pub(crate) fn deserialize_value<'de, D: Deserializer<'de>, T: FromValue>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::from_value(value).map_err(|expected| de::Error::invalid_value(Unexpected::Other("value"), &expected))
}
