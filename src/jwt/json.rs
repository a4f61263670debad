//! Strict JSON (RFC 8259): what every runtime's parser reads alike, and nothing else.
//!
//! Beyond the syntax: no repeated member names at any depth (RFC 8725 §2.4 and RFC 7515 §4 leave the choice, and two
//! parsers that choose differently see two tokens), no lone surrogates, no number out of the range of a double, and at
//! most [`MAX_DEPTH`] levels of arrays and objects.

use core::cell::Cell;
use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

/// How many arrays and objects may stand inside one another, the outermost counted.
pub(crate) const MAX_DEPTH: usize = 64;

/// A JSON value. Text without escapes is borrowed.
#[derive(Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Array(Vec<Json<'a>>),
    Bool,
    Null,
    Number(f64),
    Object(Object<'a>),
    Text(Cow<'a, str>),
}

/// A JSON object, its members in the order of the text.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The members in the order of the text.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why a text is not the object we read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    NotJson,
    NotObject,
    RepeatedName,
    TooDeep,
}

impl Fault {
    /// The end of a sentence that starts with what the text is: "payload is not JSON".
    pub(crate) const fn clause(self) -> &'static str {
        match self {
            Self::NotJson => "is not JSON",
            Self::NotObject => "is not a JSON object",
            Self::RepeatedName => "repeats a member name",
            Self::TooDeep => "nests deeper than 64 levels",
        }
    }
}

/// Reads one JSON object and nothing after it.
///
/// # Errors
/// The first [`Fault`] met.
pub(crate) fn read_object(bytes: &[u8]) -> Result<Object<'_>, Fault> {
    let text = core::str::from_utf8(bytes).map_err(|_| Fault::NotJson)?;
    let fault = Cell::new(Fault::NotJson);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let reader = Reader { depth: 1, fault: &fault };
    let value = reader.deserialize(&mut deserializer).map_err(|_| fault.get())?;
    deserializer.end().map_err(|_| Fault::NotJson)?;
    match value {
        Json::Object(object) => Ok(object),
        _ => Err(Fault::NotObject),
    }
}

/// Reads a value whose arrays and objects stand at `depth`; notes in `fault` why it stops.
#[derive(Clone, Copy)]
struct Reader<'f> {
    depth: usize,
    fault: &'f Cell<Fault>,
}

impl Reader<'_> {
    fn stop<E: de::Error>(self, fault: Fault) -> E {
        self.fault.set(fault);
        // The text is for nobody: `read_object` asks the cell.
        E::custom("")
    }

    fn inner<E: de::Error>(self) -> Result<Self, E> {
        if self.depth <= MAX_DEPTH {
            Ok(Self { depth: self.depth.saturating_add(1), fault: self.fault })
        } else {
            Err(self.stop(Fault::TooDeep))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Json<'de>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool)
    }

    #[expect(clippy::cast_precision_loss, reason = "JavaScript reads every number as a double, and so do we")]
    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "JavaScript reads every number as a double, and so do we")]
    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            array.push(element);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json<'de>, A::Error> {
        let inner = self.inner()?;
        // Room for the claims of a usual token; within them, only for what comes.
        let mut object: Vec<(Cow<'de, str>, Json<'de>)> = Vec::with_capacity(if self.depth == 1 { 8 } else { 0 });
        while let Some(name) = members.next_key_seed(Name)? {
            object.push((name, members.next_value_seed(inner)?));
        }
        if repeats_a_name(&object) {
            return Err(self.stop(Fault::RepeatedName));
        }
        Ok(Json::Object(Object(object)))
    }
}

/// Compares every pair in small objects, and sorts in large ones, so that the cost stays near linear.
fn repeats_a_name(members: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    const SMALL: usize = 16;
    if members.len() <= SMALL {
        return members
            .iter()
            .enumerate()
            .any(|(index, (name, _))| members.iter().take(index).any(|(earlier, _)| earlier == name));
    }
    names_of(members.iter().map(|(name, _)| name.as_ref())).is_none()
}

/// The set of these names, or nothing if one is repeated. The work stays near linear, whoever chose the names.
pub(crate) fn names_of<'a>(names: impl Iterator<Item = &'a str>) -> Option<BTreeSet<&'a str>> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return None;
        }
    }
    Some(seen)
}

/// Reads a member name, borrowed where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Json, MAX_DEPTH, read_object};

    #[test]
    fn reads_members_in_order() {
        let object = read_object(br#" {"a":1,"b":"\u0041","c":[true,null,{}]} "#).unwrap();
        assert_eq!(object.get("a"), Some(&Json::Number(1.0)));
        assert_eq!(object.get("b"), Some(&Json::Text("A".into())));
        assert!(!object.has("d"));
    }

    #[test]
    fn names_the_fault() {
        let many = (0..20).map(|index| format!("\"m{index}\":0")).collect::<Vec<_>>().join(",");
        for (text, fault) in [
            (r#"{"a":1}x"#.to_owned(), Fault::NotJson),
            (r#"{"a":"\ud800"}"#.to_owned(), Fault::NotJson),
            (r#"{"a":1e400}"#.to_owned(), Fault::NotJson),
            ("\u{feff}{}".to_owned(), Fault::NotJson),
            ("[]".to_owned(), Fault::NotObject),
            (r#"{"a":1,"\u0061":2}"#.to_owned(), Fault::RepeatedName),
            (r#"{"a":{"b":1,"b":2}}"#.to_owned(), Fault::RepeatedName),
            (format!("{{{many},\"m3\":1}}"), Fault::RepeatedName),
        ] {
            assert_eq!(read_object(text.as_bytes()), Err(fault), "{text}");
        }
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(read_object(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(read_object(nested(MAX_DEPTH + 1).as_bytes()), Err(Fault::TooDeep));
        assert_eq!(read_object("[".repeat(100_000).as_bytes()), Err(Fault::TooDeep));
    }
}
