//! Options within options: an error names the inner one by its path, `"params.passes"`.
//!
//! An error of serde is a text, so the path travels in it: the name of the inner option stands before what was wrong with
//! it, with its length, so that no name can be mistaken for the text that follows.

use core::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, de};

use super::whole;

/// Reads a field that is an object of whole numbers; in the answer each stands where its name does.
///
/// # Errors
/// Another name, or anything but a whole number, with the name before it for [`member`] to take off.
pub(crate) fn numbers<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
    names: &'static [&'static str; N],
) -> Result<[Option<u64>; N], D::Error> {
    let mut numbers = [None; N];
    deserializer.deserialize_map(Numbers { names, numbers: &mut numbers })?;
    Ok(numbers)
}

/// An error about a member, with its name before it for [`member`] to take off.
pub(crate) fn within<E: Error>(name: &str, error: &E) -> E {
    E::custom(format_args!("in {} {name}{error}", name.len()))
}

/// The name that [`within`] put before an error, and the error.
pub(super) fn member(text: &str) -> Option<(&str, &str)> {
    let (length, rest) = text.strip_prefix("in ")?.split_once(' ')?;
    rest.split_at_checked(length.parse().ok()?)
}

/// Without the number of names in its type, so that there is one copy of what follows.
struct Numbers<'n> {
    names: &'static [&'static str],
    numbers: &'n mut [Option<u64>],
}

impl<'de> Visitor<'de> for Numbers<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let mut named = self.names.iter().zip(self.numbers.iter_mut()).filter(|(own, _)| **own == name);
            let number = match named.next() {
                Some((_, number)) => members.next_value().map(|Whole(whole)| *number = Some(whole)),
                None => Err(de::Error::unknown_field("", self.names)),
            };
            number.map_err(|error| within(&name, &error))?;
        }
        Ok(())
    }
}

struct Whole(u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(deserializer).map(Self)
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
