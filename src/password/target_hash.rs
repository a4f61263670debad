//! The scheme and costs of a policy's new hashes, and whether a stored hash is weaker.

use core::fmt;

use super::kdf::{Kdf, SALT_BYTES};
use super::limits::Limits;
use super::new_hash::{AnyNewHash, NewHash};
use super::new_scheme::{NewScheme, new_scheme};
use super::scheme::Scheme;
use super::schemes::EVERY;
use super::stored_hash::Reading;

/// A policy's scheme and costs for new hashes.
pub(super) struct TargetHash {
    pub(super) scheme: Scheme,
    /// The salt is a placeholder.
    pub(super) kdf: Box<AnyNewHash>,
}

impl fmt::Debug for TargetHash {
    /// By hand: as a supertrait of `Kdf`, `Debug` would be in every module, where nothing calls it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TargetHash").field("scheme", &self.scheme).field("costs", &self.kdf.costs()).finish()
    }
}

impl Clone for TargetHash {
    fn clone(&self) -> Self {
        Self { scheme: self.scheme, kdf: NewHash::with_salt(&*self.kdf, [0; SALT_BYTES]) }
    }
}

impl TargetHash {
    /// Whether a stored hash is easier to attack than a new one. The pepper is judged elsewhere.
    ///
    /// A hash of the same family is compared by its costs. A hash of a lower rank falls short. A hash of a higher rank need
    /// only meet one of the settings that OWASP recommends for its own family.
    pub(super) fn is_stronger_than(&self, stored: &Reading) -> bool {
        let (own, target) = (stored.kdf.family(), self.kdf.family());
        if own == target {
            return is_short_of(&*self.kdf, stored);
        }
        // Of Argon2's variants, Argon2id has the highest rank.
        if !EVERY || own.rank() <= target.rank() {
            return true;
        }
        let Some(NewScheme { owasp_equivalents, kdf, .. }) = new_scheme(own.benchmark()) else {
            return true;
        };
        let mut settings = owasp_equivalents.iter().filter_map(|params| kdf(params, &Limits::none()).ok());
        settings.all(|setting| is_short_of(&*setting, stored))
    }
}

/// The tag length that is enough for a password: 128 bits (RFC 9106 §4). The same for every other scheme.
const TAG_BYTES: usize = 16;

/// Whether a stored hash has a shorter salt, a shorter tag or lower costs than a target of the same family.
fn is_short_of<K: Kdf + ?Sized>(target: &K, stored: &Reading) -> bool {
    stored.kdf.salt().len() < SALT_BYTES
        || stored.tag.len() < target.tag_bytes().min(TAG_BYTES)
        || stored.kdf.strength().into_iter().zip(target.strength()).any(|(own, target)| own < target)
}
