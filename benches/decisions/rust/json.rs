//! JSON by `serde_json`, with the same bounds.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{FAULT, Json, MAX_DEPTH, Object, repeats_a_name};

pub(super) struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    pub(super) fn whole(self) -> Result<Json<'a>, FAULT> {
        let fault = Cell::new(FAULT::NotJson);
        let mut reader = serde_json::Deserializer::from_str(self.0);
        let value = Value { depth: 1, fault: &fault }.deserialize(&mut reader).map_err(|_| fault.get())?;
        reader.end().map_err(|_| FAULT::NotJson)?;
        Ok(value)
    }
}

#[derive(Clone, Copy)]
struct Value<'f> {
    depth: usize,
    fault: &'f Cell<FAULT>,
}

impl Value<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth <= MAX_DEPTH {
            return Ok(Self { depth: self.depth.saturating_add(1), ..self });
        }
        self.fault.set(FAULT::TooDeep);
        Err(E::custom(""))
    }
}

impl<'a> DeserializeSeed<'a> for Value<'_> {
    type Value = Json<'a>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Json<'a>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Value<'_> {
    type Value = Json<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'a>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Json<'a>, E> {
        Ok(Json::Null)
    }

    #[expect(clippy::cast_precision_loss)]
    fn visit_u64<E>(self, value: u64) -> Result<Json<'a>, E> {
        Ok(Json::Number(value as f64))
    }

    #[expect(clippy::cast_precision_loss)]
    fn visit_i64<E>(self, value: i64) -> Result<Json<'a>, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'a>, E> {
        Ok(Json::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<Json<'a>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'a>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut elements: A) -> Result<Json<'a>, A::Error> {
        let inner = self.deeper()?;
        let mut found = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            found.push(element);
        }
        Ok(Json::Array(found))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Json<'a>, A::Error> {
        let inner = self.deeper()?;
        let mut found = Vec::with_capacity(if self.depth == 1 { 8 } else { 0 });
        while let Some(name) = members.next_key_seed(Name)? {
            found.push((name, members.next_value_seed(inner)?));
        }
        if repeats_a_name(&found) {
            self.fault.set(FAULT::RepeatedName);
            return Err(A::Error::custom(""));
        }
        Ok(Json::Object(Object(found)))
    }
}

struct Name;

impl<'a> DeserializeSeed<'a> for Name {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Cow<'a, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Name {
    type Value = Cow<'a, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}
