//! Option values, independent of their source.

use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// The value of an option. Text and bytes are wiped when dropped, because they may be a key.
pub(crate) enum Value {
    Bool(bool),
    Bytes(Zeroizing<Vec<u8>>),
    List(Vec<Value>),
    Null,
    Number(f64),
    Object(Vec<(String, Value)>),
    /// A value that no option accepts.
    Other,
    Text(Zeroizing<String>),
}

const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

impl Value {
    /// The number as an integer, if it is one that a double represents exactly.
    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    pub(crate) fn to_whole(&self) -> Option<i64> {
        match self {
            Self::Number(number) if number.abs() <= MAX_SAFE_INTEGER && number.fract() == 0.0 => Some(*number as i64),
            _ => None,
        }
    }
}

#[cfg(feature = "lite")]
impl Value {
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(mut text) => Some(core::mem::take(&mut *text)),
            _ => None,
        }
    }

    pub(crate) fn into_texts(self) -> Option<Vec<String>> {
        match self {
            Self::List(elements) => elements.into_iter().map(Self::into_text).collect(),
            _ => None,
        }
    }
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

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers that are not exact are out of every range")]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers that are not exact are out of every range")]
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
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
