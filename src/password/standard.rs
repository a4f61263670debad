//! What new hashes are like, and whether a stored one falls short of that.

use super::limits::Limits;
use super::policy::Policy;
#[cfg(feature = "schemes")]
use super::policy::sound;
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
    /// One of the same computation by its costs, whatever its form. One of another by rank, and one of a higher rank need only
    /// meet one of the settings that are sound for its own computation.
    pub(super) fn is_missed_by(&self, stored: &Stored) -> bool {
        let own = &stored.parts.recipe;
        if own.is_kin(&self.recipe) {
            return is_missed(&self.recipe, stored);
        }
        // Of Argon2 alone, the others are of a lower rank.
        #[cfg(feature = "schemes")]
        if let ((rank, scheme), (policy, _)) = (own.rank(), self.recipe.rank())
            && policy < rank
        {
            let mut recipes =
                sound(scheme).into_iter().filter_map(|params| params.recipe(scheme, &Limits::none()).ok());
            return recipes.all(|sound| is_missed(&sound, stored));
        }
        true
    }
}

/// 128 bits of a tag are enough for a password, and as good as more: RFC 9106 §4, and as many for every other scheme.
const TAG_BYTES: usize = 16;

/// Whether a hash falls short of what a recipe makes, which is of the same computation.
fn is_missed(recipe: &Recipe, stored: &Stored) -> bool {
    let parts = &stored.parts;
    parts.recipe.salt().len() < SALT_BYTES
        || parts.tag.len() < recipe.tag_bytes().min(TAG_BYTES)
        || parts.recipe.is_weaker_than(recipe)
}

const _: () = assert!(*fields::SALT_BYTES.start() <= SALT_BYTES, "what is made is read");
