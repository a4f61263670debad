//! Options as plain values, for a struct that reads itself: one copy of the code for every source, and a tenth of what
//! serde makes of nested options in the wasm module.

use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use crate::{Error, ErrorCode};

/// A value, wiped when it is let go, for it may be a key.
pub(crate) enum Value {
    Bytes(Zeroizing<Vec<u8>>),
    List(Vec<Value>),
    Number(f64),
    Object(Vec<(String, Value)>),
    Other,
    Text(Zeroizing<String>),
}

const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

impl Value {
    /// A whole, non-negative number that a double holds exactly.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    pub(crate) fn whole(self, path: &str) -> Result<u64, Error> {
        match self {
            Self::Number(number) if (0.0..=MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0 => {
                Ok(number as u64)
            }
            _ => Err(expected(path, "a whole number")),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Each member handed to `read`, which says whether it is known.
    ///
    /// # Errors
    /// Not an object; a member that is not known; what `read` says.
    pub(crate) fn members(
        self,
        path: &str,
        what: &str,
        read: &mut dyn FnMut(&str, Self, &str) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let Self::Object(members) = self else { return Err(expected(path, what)) };
        for (name, value) in members {
            let inner = if path.is_empty() { name.clone() } else { [path, ".", &name].concat() };
            if !read(&name, value, &inner)? {
                return Err(invalid(["unknown option \"", &inner, "\""].concat()));
            }
        }
        Ok(())
    }
}

/// What is said of an option that is not what it should be.
pub(crate) fn expected(path: &str, what: &str) -> Error {
    invalid(["option \"", path, "\" is not ", what].concat())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "what is not exact is out of every range")]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "what is not exact is out of every range")]
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned().into()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Value::Object(object))
    }
}
