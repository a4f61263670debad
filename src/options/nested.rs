//! Options within options: an error names the inner member by its path, `"params.passes"`.
//!
//! An error of serde is a text, so the path travels in it: each level puts the name of its member before what the level
//! below said, with the name's length, so that no name can be mistaken for the text that follows.

use core::fmt;
use core::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a field that holds an options struct of its own.
///
/// # Errors
/// Those of `T`, with the member's name before them, for [`member`] to take off.
pub(crate) fn nested<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Nested(PhantomData))
}

/// The name that [`nested`] put before an error, and the error.
pub(super) fn member(text: &str) -> Option<(&str, &str)> {
    let (length, rest) = text.strip_prefix("in ")?.split_once(' ')?;
    rest.split_at_checked(length.parse().ok()?)
}

struct Nested<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Nested<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        let mut name = String::new();
        let tracked = Tracked { members, name: &mut name };
        T::deserialize(MapAccessDeserializer::new(tracked))
            .map_err(|error| A::Error::custom(format_args!("in {} {name}{error}", name.len())))
    }
}

/// Members, and the name of the one that was read last.
struct Tracked<'a, A> {
    members: A,
    name: &'a mut String,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Tracked<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(name) = self.members.next_key::<String>()? else { return Ok(None) };
        self.name.clone_from(&name);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::options;
    use crate::password::Policy;

    fn message(policy: &Value) -> String {
        options::read::<Policy, _, _>(policy.as_object().unwrap().clone()).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_inner_members_by_their_path() {
        let unknown = message(&json!({ "params": { "passes": 1, "memory": 8 } }));
        assert_eq!(unknown, "unknown option \"params.memory\"");
        let wrong = message(&json!({ "limits": { "lanes": "4" } }));
        assert_eq!(wrong, "option \"limits.lanes\" is not a whole number");
        assert_eq!(message(&json!({ "params": 8 })), "option \"params\" is not an object");
        assert_eq!(message(&json!({ "params": null })), "option \"params\" is not an object");
    }

    #[test]
    fn no_name_is_mistaken_for_an_error() {
        for name in ["in 3 abc", "in 99 x", "unknown field `x`", "x expected y", "\u{e9}"] {
            let unknown = message(&json!({ "params": { name: 1 } }));
            assert_eq!(unknown, format!("unknown option {:?}", format!("params.{name}")));
        }
    }
}
