//! Reads option structs strictly: an unknown name, a wrong type or a `null` is an error that names the option.
//!
//! JavaScript objects, JSON and native configuration are all converted to one value type first, and every options
//! struct is read from that. All three therefore give the same errors.

mod deserialize;
mod error;
#[cfg(feature = "lite")]
mod fields;
#[cfg(feature = "lite")]
mod from_value;
#[cfg(feature = "password")]
mod nested;
mod value;

use serde::de::{self, Deserialize, IntoDeserializer};

pub(crate) use self::error::OptionError;
#[cfg(feature = "lite")]
pub(crate) use self::fields::{some, some_size, some_texts};
#[cfg(feature = "lite")]
pub(crate) use self::from_value::{FromValue, deserialize_value};
#[cfg(feature = "password")]
pub(crate) use self::nested::expected;
pub(crate) use self::value::Value;
use crate::Error;

/// Reads an options struct from its members, from any source that serde can read.
///
/// Works for every options struct of this crate. The names are those of the JavaScript interface.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): a name is unknown, or a value has the wrong type.
///
/// ```
/// # #[cfg(feature = "jwt")] {
/// use countersign::{ErrorCode, jwt::VerifyOptions, options};
///
/// let read = |text| -> Result<VerifyOptions, _> {
///     let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
///     options::read(members)
/// };
/// assert!(read(r#"{ "audience": "api", "clockTolerance": "30s" }"#).is_ok());
/// let error = read(r#"{ "audiance": "api" }"#).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::OptionInvalid);
/// assert_eq!(error.to_string(), r#"unknown option "audiance""#);
/// # }
/// ```
pub fn read<'de, T, V, E>(members: impl IntoIterator<Item = (String, V)>) -> Result<T, Error>
where
    T: Deserialize<'de>,
    V: IntoDeserializer<'de, E>,
    E: de::Error,
{
    from_values(values(members)).map_err(|error| error.of_option())
}

/// Converts members from any source to values.
pub(crate) fn values<'de, V, E>(members: impl IntoIterator<Item = (String, V)>) -> Vec<(String, Value)>
where
    V: IntoDeserializer<'de, E>,
    E: de::Error,
{
    // A member that cannot be read becomes a value that no option accepts.
    let value = |value: V| Value::deserialize(value.into_deserializer()).unwrap_or(Value::Other);
    members.into_iter().map(|(name, member)| (name, value(member))).collect()
}

/// Reads a struct from its members.
pub(crate) fn from_values<'de, T: Deserialize<'de>>(members: Vec<(String, Value)>) -> Result<T, OptionError> {
    T::deserialize(Value::Object(members))
}
