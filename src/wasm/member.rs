//! A value within an options object, read as strictly as the object itself: its own, enumerable, defined members.
//!
//! `serde-wasm-bindgen` could read it, but asks an object for the fields it knows, takes `null` for absence, and quotes
//! values in its messages, which alone brings 20 KB of number formatting into the module. Its serializer writes what we
//! give back.

use core::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use wasm_bindgen::JsValue;

use super::options::{elements, members, text_of};

/// A member's value.
pub(super) struct Member(pub(super) JsValue);

impl IntoDeserializer<'_, Mismatch> for Member {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Member {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match Plain::of(&self.0) {
            Plain::Array(elements) => visitor.visit_seq(SeqDeserializer::new(elements.into_iter())),
            Plain::Bool(truth) => visitor.visit_bool(truth),
            Plain::Null => visitor.visit_unit(),
            Plain::Number(number) => visitor.visit_f64(number),
            Plain::Object(members) => visitor.visit_map(MapDeserializer::new(members.into_iter())),
            Plain::Other => Err(de::Error::invalid_type(Unexpected::Other("value"), &visitor)),
            Plain::Text(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// A value by its type. Apart from the visitors, of which there are many, so that there is one copy of this.
enum Plain {
    Array(Vec<Member>),
    Bool(bool),
    Null,
    Number(f64),
    Object(Vec<(String, Member)>),
    Other,
    Text(String),
}

impl Plain {
    #[inline(never)]
    fn of(value: &JsValue) -> Self {
        if value.is_string() {
            text_of(value).map_or(Self::Other, Self::Text)
        } else if let Some(number) = value.as_f64() {
            Self::Number(number)
        } else if let Some(truth) = value.as_bool() {
            Self::Bool(truth)
        } else if value.is_null() {
            Self::Null
        } else if let Some(elements) = elements(value) {
            Self::Array(elements.into_iter().map(Member).collect())
        } else {
            members(value).map_or(Self::Other, |members| {
                Self::Object(members.into_iter().map(|(name, value)| (name, Member(value))).collect())
            })
        }
    }
}

/// What was expected, without what was found.
#[derive(Debug)]
pub(super) struct Mismatch(String);

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(format!("expected {}", expected.join(" or ")))
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self("unknown field".into())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl core::error::Error for Mismatch {}
