//! Limits how many keys may hold a table of multiples at the same time.

use core::sync::atomic::{AtomicU32, Ordering};

/// Counts the permits that are left.
pub(super) struct TablePermits(AtomicU32);

/// The permission to hold one table, returned on drop.
pub(super) struct Permit(&'static TablePermits);

impl TablePermits {
    pub(super) const fn new(permits: u32) -> Self {
        Self(AtomicU32::new(permits))
    }

    pub(super) fn take(&'static self) -> Option<Permit> {
        let one_less = |permits: u32| permits.checked_sub(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).ok().map(|_| Permit(self))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::TablePermits;

    #[test]
    fn gives_out_as_many_permits_as_it_was_made_with() {
        static PERMITS: TablePermits = TablePermits::new(2);
        let (first, second) = (PERMITS.take(), PERMITS.take());
        assert!(first.is_some() && second.is_some());
        assert!(PERMITS.take().is_none());
        drop(first);
        assert!(PERMITS.take().is_some());
    }
}
