//! Options read strictly: an unknown name, a wrong type or a `null` is an error that names the option.
//!
//! One reader serves JavaScript objects, JSON and native configuration, so that all three refuse the same things in the
//! same words.

#[cfg(feature = "password")]
mod value;

use core::cell::RefCell;
#[cfg(feature = "jwt")]
use core::fmt;

use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde::de::{self, IntoDeserializer};
#[cfg(feature = "jwt")]
use serde::de::{Deserializer, Visitor};

#[cfg(feature = "password")]
pub(crate) use self::value::{Value, expected};
use crate::{Error, ErrorCode};

/// Reads an options struct from its members.
///
/// Every options struct of this crate can be read this way, from any source that serde can read; the names are those
/// of the JavaScript interface.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: a name the struct does not have, or a value of the wrong type.
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
    read_members(members).map_err(|fault| match fault {
        Fault::Said(message) => Error::new(ErrorCode::OptionInvalid, message),
        Fault::Unknown(name) => Error::new(ErrorCode::OptionInvalid, format!("unknown option \"{name}\"")),
        Fault::Wrong { name, expected } => {
            Error::new(ErrorCode::OptionInvalid, format!("option \"{name}\" is not {expected}"))
        }
    })
}

/// What a member did wrong. `expected` comes from a visitor's static text, so it holds no value.
pub(crate) enum Fault {
    /// In the words of a struct that reads itself.
    Said(String),
    Unknown(String),
    Wrong {
        name: String,
        expected: String,
    },
}

/// As [`read`], for objects that are not options and want words of their own.
pub(crate) fn read_members<'de, T, V, E>(members: impl IntoIterator<Item = (String, V)>) -> Result<T, Fault>
where
    T: Deserialize<'de>,
    V: IntoDeserializer<'de, E>,
    E: de::Error,
{
    let current = RefCell::new(String::new());
    let entries = members.into_iter().inspect(|(name, _)| current.borrow_mut().clone_from(name));
    T::deserialize(MapDeserializer::new(entries)).map_err(|error: E| fault(current.take(), &error.to_string()))
}

/// What an error's text says about the member that was being read.
fn fault(name: String, text: &str) -> Fault {
    let text = plain(text);
    if text.starts_with("option \"") || text.starts_with("unknown option \"") {
        return Fault::Said(text.to_owned());
    }
    if text.starts_with("unknown field") {
        return Fault::Unknown(name);
    }
    let expected = after_last(text, "expected ").unwrap_or("valid");
    Fault::Wrong { name, expected: expected.to_owned() }
}

/// As `str::rsplit_once`, whose searcher for long texts would bring 4 KB into the wasm module.
fn after_last<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let start = text.as_bytes().windows(mark.len()).rposition(|window| window == mark.as_bytes())?;
    text.get(start..)?.strip_prefix(mark)
}

/// A JavaScript error writes itself as its name and its message.
fn plain(text: &str) -> &str {
    text.strip_prefix("Error: ").unwrap_or(text)
}

/// Reads an optional field so that absence is `None` and `null` is an error.
///
/// # Errors
/// Those of `T`.
#[cfg(feature = "jwt")]
pub(crate) fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A whole, non-negative number, however the source writes numbers (JavaScript has only floats).
///
/// # Errors
/// Anything else: a fraction, a negative number, NaN, an infinity, a number above 2^53 - 1, or that does not fit a `usize`.
#[cfg(feature = "jwt")]
pub(crate) fn some_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let whole = deserializer.deserialize_any(Whole)?;
    usize::try_from(whole).map(Some).map_err(|_| de::Error::custom("expected a whole number"))
}

/// Reads an optional array of texts.
///
/// # Errors
/// Anything else.
#[cfg(feature = "jwt")]
pub(crate) fn some_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    deserializer.deserialize_any(Texts).map(Some)
}

#[cfg(feature = "jwt")]
struct Texts;

#[cfg(feature = "jwt")]
impl<'de> Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of strings")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<String>, A::Error> {
        let mut texts = Vec::new();
        loop {
            match elements.next_element::<String>() {
                Ok(Some(text)) => texts.push(text),
                Ok(None) => return Ok(texts),
                Err(_) => return Err(de::Error::invalid_value(de::Unexpected::Seq, &self)),
            }
        }
    }
}

#[cfg(feature = "jwt")]
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

#[cfg(feature = "jwt")]
struct Whole;

#[cfg(feature = "jwt")]
impl Visitor<'_> for Whole {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
        if number <= MAX_SAFE_INTEGER {
            Ok(number)
        } else {
            Err(E::invalid_value(de::Unexpected::Other("number"), &self))
        }
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<u64, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(de::Unexpected::Other("number"), &self)),
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "checked")]
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<u64, E> {
        if 0.0 <= number && number <= MAX_SAFE_INTEGER as f64 && number.fract() == 0.0 {
            Ok(number as u64)
        } else {
            Err(E::invalid_value(de::Unexpected::Other("number"), &self))
        }
    }
}
