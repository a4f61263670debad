//! What is wrong with a cost, in the words of whoever gave it: a policy's option, or a parameter of a stored hash.

use crate::{Error, ErrorCode};

/// A cost by its two names, and how it is out of range.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct OutOfRange {
    pub(super) cost: Cost,
    pub(super) fault: Fault,
}

/// A cost: what a policy calls it, what stored hashes call it, and the limit on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Cost {
    /// Within a policy's `params`, and in a description.
    pub(super) name: &'static str,
    /// In a stored hash.
    pub(super) symbol: &'static str,
    /// Within a policy's `limits`.
    pub(super) limit: &'static str,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// More than the limit.
    TooHigh,
    /// Less than this, whatever the limit.
    TooLow(&'static str),
    /// More than there can be, whatever the limit.
    #[cfg(feature = "schemes")]
    Unaddressable,
}

impl Cost {
    /// `given`, if it is within the limit.
    ///
    /// # Errors
    /// [`Fault::TooHigh`].
    pub(super) fn at_most(self, given: u64, limit: u32) -> Result<u32, OutOfRange> {
        u32::try_from(given).ok().filter(|cost| *cost <= limit).ok_or(self.too_high())
    }

    pub(super) const fn too_high(self) -> OutOfRange {
        OutOfRange { cost: self, fault: Fault::TooHigh }
    }

    #[cfg(feature = "schemes")]
    pub(super) const fn unaddressable(self) -> OutOfRange {
        OutOfRange { cost: self, fault: Fault::Unaddressable }
    }

    pub(super) const fn too_low(self, least: &'static str) -> OutOfRange {
        OutOfRange { cost: self, fault: Fault::TooLow(least) }
    }
}

impl OutOfRange {
    /// The error about a policy, with what the cost is by default if the policy does not name it.
    pub(super) fn of_option(self, default: Option<u32>) -> Error {
        let Cost { name, limit, .. } = self.cost;
        let default = default.map(|cost| format!(" ({cost} by default)")).unwrap_or_default();
        let message = match self.fault {
            Fault::TooHigh => format!("option \"params.{name}\"{default} is more than \"limits.{limit}\""),
            Fault::TooLow(least) => format!("option \"params.{name}\"{default} is less than {least}"),
            #[cfg(feature = "schemes")]
            Fault::Unaddressable => {
                format!("option \"params.{name}\"{default} takes more than the 2097151 KiB that can be had here")
            }
        };
        Error::new(ErrorCode::OptionInvalid, message)
    }

    /// The error about a stored hash.
    pub(super) fn of_stored(self) -> Error {
        let Cost { symbol, limit, .. } = self.cost;
        match self.fault {
            // Found in policies alone.
            #[cfg(feature = "schemes")]
            Fault::Unaddressable => Self { fault: Fault::TooHigh, ..self }.of_stored(),
            Fault::TooHigh => Error::new(
                ErrorCode::HashCostTooHigh,
                format!("stored hash's \"{symbol}\" is more than the option \"limits.{limit}\" allows"),
            ),
            Fault::TooLow(least) => {
                Error::new(ErrorCode::HashMalformed, format!("stored hash's \"{symbol}\" is less than {least}"))
            }
        }
    }
}
