//! Options that accept one text or several.

use core::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

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
            Self::Many(texts) => texts.iter().any(|own| own == text),
            Self::One(own) => own == text,
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
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or a non-empty array of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<OneOrMany, A::Error> {
        let refuse = |visitor: &Self| <A::Error as de::Error>::invalid_value(de::Unexpected::Seq, visitor);
        let mut texts = Vec::new();
        while let Some(text) = elements.next_element::<String>().map_err(|_| refuse(&self))? {
            texts.push(text);
        }
        if texts.is_empty() { Err(refuse(&self)) } else { Ok(OneOrMany::Many(texts)) }
    }
}
