//! Deserializers for the fields of option structs.

use core::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// Reads an optional field. A missing field is `None`, and `null` is an error.
///
/// # Errors
/// Those of `T`.
pub(crate) fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads an optional non-negative whole number, as an integer or as a float (JavaScript has only floats).
///
/// # Errors
/// The value is a fraction, negative, NaN, infinite, above 2^53 - 1 or too large for a `usize`.
pub(crate) fn some_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let whole = deserializer.deserialize_any(Whole)?;
    usize::try_from(whole).map(Some).map_err(|_| de::Error::invalid_value(de::Unexpected::Other("number"), &Whole))
}

/// Reads an optional array of strings.
///
/// # Errors
/// The value is not an array of strings.
pub(crate) fn some_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    deserializer.deserialize_any(Texts).map(Some)
}

struct Texts;

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

const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

struct Whole;

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
