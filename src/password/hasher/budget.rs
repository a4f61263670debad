//! Limits the work of one check, which may try several forms of the password with several readings of the stored hash.
//! A reading is one way to interpret a stored hash (`stored_hash.rs`).

use crate::password::kdf::Kdf;
use crate::password::limits::Limits;
use crate::password::schemes::EVERY;
use crate::{Error, ErrorCode};

/// Twice what the limits allow for one computation: enough for the normalized password and for the password as typed, whatever
/// the hash costs.
const THOUSANDTHS: u64 = 2000;

/// What is left of the work of one check, in thousandths of a computation at the limits.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    left: u64,
    is_exceeded: bool,
}

impl<'a> Budget<'a> {
    pub(super) const fn new(limits: &'a Limits) -> Self {
        Self { limits, left: THOUSANDTHS, is_exceeded: false }
    }

    /// Whether the computation may be done. Its work is then spent.
    pub(super) fn spend<K: Kdf + ?Sized>(&mut self, kdf: &K, password_bytes: usize, tag_bytes: usize) -> bool {
        if !EVERY {
            // Two forms of a password are always within the budget.
            return true;
        }
        let work = kdf.work(self.limits, password_bytes, tag_bytes);
        if THOUSANDTHS < work {
            // The function refuses such a password itself, as too long.
            return true;
        }
        let left = self.left.checked_sub(work);
        self.is_exceeded |= left.is_none();
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// Checks that nothing had to be left out. A password that did not match so far might match in another form.
    ///
    /// # Errors
    /// - [`ErrorCode::HashCostTooHigh`]: something was.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.is_exceeded {
            let message =
                "checking every form of this password costs more than twice what the option \"limits\" allows";
            return Err(Error::new(ErrorCode::HashCostTooHigh, message));
        }
        Ok(())
    }
}
