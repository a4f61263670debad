//! The error for a cost parameter that is out of range, worded for a policy option or for a stored hash.

use crate::{Error, ErrorCode};

/// A cost parameter by its names, and how it is out of range.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct OutOfRange {
    pub(super) cost: Cost,
    pub(super) bound: Bound,
}

/// The names of a cost parameter: in a policy, in a stored hash, and of its limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Cost {
    /// In a policy's `params` and in a description.
    pub(super) name: &'static str,
    /// In a stored hash.
    pub(super) symbol: &'static str,
    /// In a policy's `limits`.
    pub(super) limit: &'static str,
}

/// The bound that a cost parameter violates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Bound {
    /// It is above the policy's limit.
    Limit,
    /// It is below this minimum, which no policy changes.
    Minimum(&'static str),
    /// It needs more memory than pointers of this target can address. Only a policy gets this error.
    /// Only scrypt can need so much.
    #[cfg(feature = "schemes")]
    AddressSpace,
}

impl Cost {
    /// `given`, if it is within the limit.
    ///
    /// # Errors
    /// [`Bound::Limit`].
    pub(super) fn at_most(self, given: u64, limit: u32) -> Result<u32, OutOfRange> {
        u32::try_from(given).ok().filter(|cost| *cost <= limit).ok_or(self.beyond(Bound::Limit))
    }

    pub(super) const fn beyond(self, bound: Bound) -> OutOfRange {
        OutOfRange { cost: self, bound }
    }
}

impl OutOfRange {
    /// The error about a policy. `default` is the value in effect if the policy does not set this parameter.
    pub(super) fn of_option(self, default: Option<u32>) -> Error {
        let Cost { name, limit, .. } = self.cost;
        let default = default.map(|cost| format!(" ({cost} by default)")).unwrap_or_default();
        let message = match self.bound {
            Bound::Limit => format!("option \"params.{name}\"{default} is more than \"limits.{limit}\""),
            Bound::Minimum(least) => format!("option \"params.{name}\"{default} is less than {least}"),
            #[cfg(feature = "schemes")]
            Bound::AddressSpace => {
                format!(
                    "option \"params.{name}\"{default} needs more than the 2097151 KiB that WebAssembly can address"
                )
            }
        };
        Error::new(ErrorCode::OptionInvalid, message)
    }

    /// The error about a stored hash.
    pub(super) fn of_stored(self) -> Error {
        let Cost { symbol, limit, .. } = self.cost;
        if let Bound::Minimum(least) = self.bound {
            return Error::new(ErrorCode::HashMalformed, format!("stored hash's \"{symbol}\" is less than {least}"));
        }
        Error::new(
            ErrorCode::HashCostTooHigh,
            format!("stored hash's \"{symbol}\" is more than the option \"limits.{limit}\" allows"),
        )
    }
}
