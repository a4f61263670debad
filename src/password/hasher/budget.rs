//! Limits the work of one check, which may try several forms of the password with several readings of the stored hash.
//! A reading is one way to interpret a stored hash (`stored_hash.rs`).

use crate::password::kdf::Kdf;
use crate::password::limits::Limits;
use crate::password::schemes::EVERY;

/// Twice what the limits allow for one computation: enough for the normalized password and for the password as typed, whatever
/// the hash costs.
const THOUSANDTHS: u64 = 2000;

/// What is left of the work of one check, in thousandths of a computation at the limits.
///
/// Computations beyond that are left out. An error would tell that there is such a user, as it depends on the stored hash.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    left: u64,
}

impl<'a> Budget<'a> {
    pub(super) const fn new(limits: &'a Limits) -> Self {
        Self { limits, left: THOUSANDTHS }
    }

    /// Whether the computation may be done. Its work is then spent.
    pub(super) fn spend<K: Kdf + ?Sized>(&mut self, kdf: &K, password_bytes: usize, tag_bytes: usize) -> bool {
        if !EVERY {
            // Two forms of a password are always within the budget.
            return true;
        }
        let left = self.left.checked_sub(kdf.work(self.limits, password_bytes, tag_bytes));
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// Whether nothing was computed: every form of the password is too long for this hash.
    pub(super) const fn is_untouched(&self) -> bool {
        EVERY && self.left == THOUSANDTHS
    }
}
