//! Options that accept one text or several.

use serde::de::{Deserialize, Deserializer};

use crate::options::{FromValue, Value, deserialize_value};

use super::byte_search::same_text;

/// One text or a non-empty list of texts. When verifying, any of them is accepted. When signing, all of them are
/// written.
///
/// ```
/// use countersign::jwt::OneOrMany;
///
/// let one: OneOrMany = "api".into();
/// let many: OneOrMany = vec!["api".to_owned(), "admin".to_owned()].into();
/// assert!(many.contains("api") && one.contains("api"));
/// assert!(!one.contains("ap"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OneOrMany {
    /// Several texts. Functions that take this option refuse an empty list.
    Many(Vec<String>),
    /// A single text.
    One(String),
}

impl OneOrMany {
    /// Whether one of the texts equals `text`.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        match self {
            Self::Many(texts) => texts.iter().any(|own| same_text(own, text)),
            Self::One(own) => same_text(own, text),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Many(texts) if texts.is_empty())
    }
}

impl From<&str> for OneOrMany {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl From<String> for OneOrMany {
    fn from(text: String) -> Self {
        Self::One(text)
    }
}

impl From<Vec<String>> for OneOrMany {
    fn from(texts: Vec<String>) -> Self {
        Self::Many(texts)
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_value(deserializer)
    }
}

impl FromValue for OneOrMany {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        let found = if let Value::Text(_) = value {
            value.into_text().map(Self::One)
        } else {
            value.into_texts().filter(|texts| !texts.is_empty()).map(Self::Many)
        };
        found.ok_or("a string or a non-empty array of strings")
    }
}
