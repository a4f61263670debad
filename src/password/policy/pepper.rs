//! The option `pepper`, read.

use core::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::options::within;

/// The keys that hashes are made and were made with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PepperOptions {
    /// The one for new hashes. A stored hash without it is one to replace.
    pub current: PepperOption,
    /// Those of stored hashes, from before.
    pub previous: Vec<PepperOption>,
}

/// A pepper: a key, and the id by which stored hashes name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PepperOption {
    /// 1 to 8 of the characters `A-Z a-z 0-9 . _ -`. It stands in every hash.
    pub id: String,
    /// 16 to 1024 random bytes, kept anywhere but beside the hashes.
    pub key: PepperKey,
}

/// The bytes of a pepper: wiped when they are let go, and never printed.
///
/// ```
/// use countersign::password::PepperKey;
///
/// let key = PepperKey::from(b"0123456789abcdef".to_vec());
/// assert_eq!(format!("{key:?}"), "PepperKey");
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct PepperKey(Zeroizing<Vec<u8>>);

impl PepperKey {
    pub(in crate::password) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for PepperKey {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for PepperKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PepperKey")
    }
}

impl<'de> Deserialize<'de> for PepperKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyBytes)
    }
}

struct KeyBytes;

impl Visitor<'_> for KeyBytes {
    type Value = PepperKey;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or bytes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<PepperKey, E> {
        Ok(text.as_bytes().to_vec().into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<PepperKey, E> {
        Ok(text.into_bytes().into())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<PepperKey, E> {
        Ok(bytes.into())
    }
}

impl<'de> Deserialize<'de> for PepperOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(All)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = PepperOptions;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with \"current\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<PepperOptions, A::Error> {
        let (mut current, mut previous) = (None, Vec::new());
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "current" => current = Some(members.next_value().map_err(|error| within(&name, &error))?),
                "previous" => previous = members.next_value().map_err(|error| within(&name, &error))?,
                _ => return Err(unknown(&name)),
            }
        }
        let current = current.ok_or_else(|| A::Error::custom("expected an object with \"current\""))?;
        Ok(PepperOptions { current, previous })
    }
}

impl<'de> Deserialize<'de> for PepperOption {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(One)
    }
}

struct One;

impl<'de> Visitor<'de> for One {
    type Value = PepperOption;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with \"id\" and \"key\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<PepperOption, A::Error> {
        let (mut id, mut key) = (None, None);
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "id" => id = Some(members.next_value().map_err(|error| within(&name, &error))?),
                "key" => key = Some(members.next_value().map_err(|error| within(&name, &error))?),
                _ => return Err(unknown(&name)),
            }
        }
        match (id, key) {
            (Some(id), Some(key)) => Ok(PepperOption { id, key }),
            _ => Err(A::Error::custom("expected an object with \"id\" and \"key\"")),
        }
    }
}

fn unknown<E: Error>(name: &str) -> E {
    within(name, &E::unknown_field("", &[]))
}
