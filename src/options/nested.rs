//! Reads nested options without serde derives, whose code for nested structs takes ten times the space in the wasm
//! module.

use super::value::Value;
use crate::{Error, ErrorCode};

impl Value {
    /// A non-negative whole number that a double represents exactly.
    pub(crate) fn whole(self, path: &str) -> Result<u64, Error> {
        let whole = self.to_whole().and_then(|whole| u64::try_from(whole).ok());
        whole.ok_or_else(|| expected(path, "a whole number"))
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Calls `read` for each member of an object. `read` returns whether it knows the member.
    ///
    /// # Errors
    /// The value is not an object, a member is unknown, or `read` fails.
    pub(crate) fn members(
        self,
        path: &str,
        what: &str,
        read: &mut dyn FnMut(&str, Self, &str) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let Self::Object(members) = self else { return Err(expected(path, what)) };
        for (name, value) in members {
            let inner = if path.is_empty() { name.clone() } else { [path, ".", &name].concat() };
            if !read(&name, value, &inner)? {
                return Err(invalid(["unknown option \"", &inner, "\""].concat()));
            }
        }
        Ok(())
    }
}

/// The error for an option with a wrong value.
pub(crate) fn expected(path: &str, what: &str) -> Error {
    invalid(["option \"", path, "\" is not ", what].concat())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
