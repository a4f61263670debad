//! What new hashes are like, and whether a stored one falls short of that.

use super::limits::Limits;
use super::policy::{ParamsOptions, Policy};
use super::recipe::Recipe;
use super::scheme::Scheme;
use super::stored::{Stored, fields};
use crate::Error;

/// 128 bits: RFC 9106 §3.1 and §4, and as many for every other scheme.
pub(super) const SALT_BYTES: usize = 16;

/// A policy's word on new hashes.
#[derive(Clone, Debug)]
pub(super) struct Standard {
    pub(super) scheme: Scheme,
    /// Without a salt.
    pub(super) recipe: Recipe,
}

impl Standard {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): a scheme that new hashes are not made with, or
    ///   params that are not its own, out of its range, or beyond the limits.
    pub(super) fn new(policy: &Policy, limits: &Limits) -> Result<Self, Error> {
        let (scheme, recipe) = policy.recipe(limits)?;
        Ok(Self { scheme, recipe })
    }

    /// Whether a stored hash is easier to attack than a new one, in any respect but its pepper.
    ///
    /// One of a stronger scheme is held against that scheme's own defaults: nothing that meets them is replaced by
    /// something weaker.
    pub(super) fn is_missed_by(&self, stored: &Stored) -> bool {
        if stored.scheme == self.scheme {
            return self.is_missed(stored);
        }
        if stored.scheme.strength() <= self.scheme.strength() {
            return true;
        }
        let own = ParamsOptions::default().recipe(stored.scheme, &Limits::none());
        own.map_or(true, |recipe| Self { scheme: stored.scheme, recipe }.is_missed(stored))
    }

    fn is_missed(&self, stored: &Stored) -> bool {
        let parts = &stored.parts;
        parts.recipe.salt().len() < SALT_BYTES
            || parts.tag.len() < self.recipe.tag_bytes()
            || parts.recipe.is_weaker_than(&self.recipe)
    }
}

const _: () = assert!(*fields::SALT_BYTES.start() <= SALT_BYTES, "what is made is read");
