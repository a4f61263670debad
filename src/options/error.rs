//! The error for a member of an options object or of a JWK.

use core::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

use crate::{Error, ErrorCode};

/// Why a struct cannot be read from its members. Contains nothing from the values, which may be secret.
#[derive(Debug)]
pub(crate) enum OptionError {
    /// The message of a struct that reads its members itself.
    Message(String),
    /// The struct has no member of this name.
    Unknown(String),
    /// A member has the wrong type, or a value out of range.
    Wrong { name: String, expected: String },
}

impl OptionError {
    fn expected(expected: &dyn Display) -> Self {
        Self::Wrong { name: String::new(), expected: expected.to_string() }
    }

    /// The error about an option.
    pub(crate) fn of_option(&self) -> Error {
        Error::new(ErrorCode::OptionInvalid, self.to_string())
    }

    /// The same error, with the name of the member.
    pub(crate) fn of_member(self, member: String) -> Self {
        match self {
            Self::Wrong { expected, .. } => Self::Wrong { name: member, expected },
            other => other,
        }
    }
}

impl Display for OptionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = match self {
            Self::Message(message) => ["", message, "", ""],
            Self::Unknown(name) => ["unknown option \"", name, "\"", ""],
            Self::Wrong { name, expected } => ["option \"", name, "\" is not ", expected],
        };
        parts.iter().try_for_each(|part| formatter.write_str(part))
    }
}

impl core::error::Error for OptionError {}

impl de::Error for OptionError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Message(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(&expected)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(&expected)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::expected(&expected)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::expected(&expected.join(" or "))
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> Self {
        Self::Unknown(name.into())
    }
}
