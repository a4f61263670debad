//! A stored hash that has been parsed and is within limits, with its readings: the ways to interpret it.

use super::kdf::Kdf;
use super::new_hash::AnyKdf;
use super::prehash::PreHash;
use super::scheme::Scheme;
use crate::{Error, ErrorCode};

/// The message about a stored hash whose scheme the policy does not accept.
pub(super) const NOT_ACCEPTED: &str = "stored hash uses a scheme that is not in \"accept\"";

/// A parsed stored hash.
pub(super) struct StoredHash {
    /// The name of its format, for descriptions.
    pub(super) format: &'static str,
    /// The ways to read it that are within the limits, in the order in which they are tried, each with its scheme. There is at
    /// least one.
    pub(super) readings: Readings,
    /// Whether it is bound to an account.
    pub(super) is_bound: bool,
    /// The id of its pepper, if it has one.
    pub(super) pepper: Option<String>,
}

/// One way to read a stored hash: what is done to a password, and the tag that the right one gives.
pub(super) struct Reading {
    pub(super) prehash: PreHash,
    pub(super) kdf: Box<AnyKdf>,
    pub(super) tag: Vec<u8>,
}

/// The readings of one text, each with its scheme. Argon2 is written unambiguously, so the module that computes it alone has
/// exactly one, and carries no code for several.
#[cfg(feature = "schemes")]
pub(super) type Readings = Vec<(Scheme, Reading)>;
#[cfg(not(feature = "schemes"))]
pub(super) type Readings = [(Scheme, Reading); 1];

/// What a format's parser returns.
pub(super) struct Parts {
    pub(super) first: Reading,
    /// The error of the first reading, if it is beyond the limits. Set only where there are others.
    #[cfg(feature = "schemes")]
    pub(super) first_over_limit: Option<Error>,
    /// Other readings of the same text, each with its scheme. Some programs write the same shape and mean different functions.
    #[cfg(feature = "schemes")]
    pub(super) others: Vec<(Scheme, Reading)>,
    /// The errors of those others that are beyond the limits.
    #[cfg(feature = "schemes")]
    pub(super) over_limits: Vec<(Scheme, Error)>,
    /// The id of the pepper, if the format itself has a place for one.
    pub(super) pepper: Option<String>,
    /// Whether the tag has a length that is more likely what a column left of it.
    pub(super) may_be_cut: bool,
}

impl Reading {
    /// The password goes into the function as it is.
    #[cfg(feature = "schemes")]
    pub(super) fn plain(kdf: impl Kdf + 'static, tag: Vec<u8>) -> Self {
        Self { prehash: PreHash::None, kdf: Box::new(kdf), tag }
    }

    /// The password goes into the function as it is.
    #[cfg(not(feature = "schemes"))]
    pub(super) fn plain(kdf: AnyKdf, tag: Vec<u8>) -> Self {
        Self { prehash: PreHash::None, kdf: Box::new(kdf), tag }
    }

    /// The only reading of its text.
    pub(super) const fn alone(self) -> Parts {
        Parts {
            first: self,
            #[cfg(feature = "schemes")]
            first_over_limit: None,
            #[cfg(feature = "schemes")]
            others: Vec::new(),
            #[cfg(feature = "schemes")]
            over_limits: Vec::new(),
            pepper: None,
            may_be_cut: false,
        }
    }
}

#[cfg(feature = "schemes")]
impl Parts {
    /// Adds another reading, or remembers that it is beyond the limits.
    pub(super) fn or(mut self, scheme: Scheme, reading: Result<Reading, Error>) -> Self {
        match reading {
            Ok(reading) => self.others.push((scheme, reading)),
            Err(error) => self.over_limits.push((scheme, error)),
        }
        self
    }

    /// The readings of accepted schemes that are within the limits. There is at least one.
    ///
    /// # Errors
    /// - [`ErrorCode::HashUnsupported`]: this text has no reading of an accepted scheme.
    /// - [`ErrorCode::HashCostTooHigh`]: every accepted one is beyond the limits.
    pub(super) fn readings(self, scheme: Scheme, accepted: &[Scheme]) -> Result<Readings, Error> {
        let (mut readings, mut over_limits) = (self.others, self.over_limits);
        match self.first_over_limit {
            None => readings.insert(0, (scheme, self.first)),
            Some(error) => over_limits.insert(0, (scheme, error)),
        }
        readings.retain(|(scheme, _)| accepted.contains(scheme));
        if !readings.is_empty() {
            return Ok(readings);
        }
        let over_limit = over_limits.into_iter().find(|(scheme, _)| accepted.contains(scheme));
        Err(over_limit.map_or_else(|| Error::new(ErrorCode::HashUnsupported, NOT_ACCEPTED), |(_, error)| error))
    }
}

#[cfg(not(feature = "schemes"))]
impl Parts {
    /// The only reading.
    #[expect(clippy::unnecessary_wraps, reason = "the interface of the other modules")]
    pub(super) fn readings(self, scheme: Scheme, _: &[Scheme]) -> Result<Readings, Error> {
        Ok([(scheme, self.first)])
    }
}

impl StoredHash {
    /// The scratch memory of its largest reading, in bytes.
    pub(super) fn scratch_bytes(&self) -> usize {
        self.readings.iter().map(|(_, reading)| reading.kdf.scratch_bytes()).max().unwrap_or_default()
    }

    /// The scheme and the reading that the text most likely means.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: there is none, which parsing excludes.
    pub(super) fn first(&self) -> Result<(Scheme, &Reading), Error> {
        let first = self.readings.first().map(|(scheme, reading)| (*scheme, reading));
        first.ok_or_else(|| Error::new(ErrorCode::Internal, "the stored hash has no reading"))
    }
}
