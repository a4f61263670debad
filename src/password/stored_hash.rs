//! A stored hash that has been parsed and is within limits.

use super::kdf::Kdf;
use super::prehash::PreHash;
use super::scheme::Scheme;

/// A parsed stored hash.
pub(super) struct StoredHash {
    pub(super) scheme: Scheme,
    /// The name of its format, for descriptions.
    pub(super) format: &'static str,
    pub(super) first: Reading,
    /// Other ways to read the same text, tried in order after the first.
    pub(super) others: Vec<Reading>,
    /// The id of its pepper, if it has one.
    pub(super) pepper: Option<String>,
}

/// One way to read a stored hash: what is done to a password, and the tag that the right one gives.
pub(super) struct Reading {
    pub(super) prehash: PreHash,
    pub(super) kdf: Box<dyn Kdf>,
    pub(super) tag: Vec<u8>,
}

/// What a format's parser returns.
pub(super) struct Parts {
    pub(super) first: Reading,
    pub(super) others: Vec<Reading>,
    /// The id of the pepper, if the format itself has a place for one.
    pub(super) pepper: Option<String>,
}

impl Reading {
    /// The password goes into the function as it is.
    pub(super) fn plain(kdf: impl Kdf + 'static, tag: Vec<u8>) -> Self {
        Self { prehash: PreHash::None, kdf: Box::new(kdf), tag }
    }

    /// All readings, this first.
    pub(super) const fn alone(self) -> Parts {
        Parts { first: self, others: Vec::new(), pepper: None }
    }
}

impl StoredHash {
    /// The scratch memory of its largest reading, in bytes.
    pub(super) fn scratch_bytes(&self) -> usize {
        self.readings().map(|reading| reading.kdf.scratch_bytes()).max().unwrap_or_default()
    }

    /// All readings, in the order in which they are tried.
    pub(super) fn readings(&self) -> impl Iterator<Item = &Reading> {
        [&self.first].into_iter().chain(&self.others)
    }
}
