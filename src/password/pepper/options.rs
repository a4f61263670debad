//! The option `pepper`.

use core::fmt;
use core::mem::take;

use zeroize::Zeroizing;

use crate::Error;
use crate::options::{Value, expected};

/// The secret keys that hashes are made with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PepperOptions {
    /// The pepper of new hashes. A stored hash without it needs a rehash.
    pub current: PepperOption,
    /// Earlier peppers, which stored hashes may still use.
    pub previous: Vec<PepperOption>,
    /// Whether stored hashes without a pepper are refused, and with [`bound_to`](super::super::PasswordHasher::bound_to) those
    /// that are not bound to an account. Set it when no such hash is left: until then anyone who can write to the table can
    /// store a hash of a password that they know.
    pub required: bool,
}

/// A pepper: a secret key, and the id that stored hashes refer to it by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PepperOption {
    /// 1 to 8 of the characters `A-Z a-z 0-9 . _ -`. Every hash contains it in plain text.
    pub id: String,
    /// 16 to 1024 random bytes. Store them anywhere but beside the hashes.
    pub key: PepperKey,
}

/// The bytes of a pepper or of another secret. They are wiped when dropped and never printed.
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

    /// Reads bytes, or a text that counts as UTF-8.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): neither.
    pub(in crate::password) fn read(value: Value, path: &str) -> Result<Self, Error> {
        match value {
            Value::Bytes(bytes) => Ok(Self(bytes)),
            Value::Text(mut text) => Ok(take(&mut *text).into_bytes().into()),
            _ => Err(expected(path, "a string or bytes")),
        }
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

impl PepperOptions {
    pub(in crate::password) fn read(value: Value, path: &str) -> Result<Self, Error> {
        let what = "an object with \"current\"";
        let (mut current, mut previous, mut required) = (None, Vec::new(), false);
        value.members(path, what, &mut |name, value, inner| {
            match name {
                "required" => {
                    let Value::Bool(given) = value else { return Err(expected(inner, "a boolean")) };
                    required = given;
                }
                "current" => current = Some(PepperOption::read(value, inner)?),
                "previous" => {
                    let Value::List(elements) = value else { return Err(expected(inner, "an array")) };
                    let read = |element| PepperOption::read(element, inner);
                    previous = elements.into_iter().map(read).collect::<Result<_, _>>()?;
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { current: current.ok_or_else(|| expected(path, what))?, previous, required })
    }
}

impl PepperOption {
    fn read(value: Value, path: &str) -> Result<Self, Error> {
        let what = "an object with \"id\" and \"key\"";
        let (mut id, mut key) = (None, None);
        value.members(path, what, &mut |name, value, inner| {
            match (name, value) {
                ("id", Value::Text(text)) => id = Some(text.as_str().to_owned()),
                ("id", _) => return Err(expected(inner, "a string")),
                ("key", value) => key = Some(PepperKey::read(value, inner)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        match (id, key) {
            (Some(id), Some(key)) => Ok(Self { id, key }),
            _ => Err(expected(path, what)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PepperKey, PepperOption, Value};

    #[test]
    fn a_key_may_be_bytes_that_are_no_text() {
        let bytes = vec![0x80; 16];
        let id = Value::Text(String::from("2027").into());
        let members = vec![("id".into(), id), ("key".into(), Value::Bytes(bytes.clone().into()))];
        let read = PepperOption::read(Value::Object(members), "pepper.current").unwrap();
        assert_eq!(read, PepperOption { id: "2027".into(), key: PepperKey::from(bytes) });
    }
}
