//! A point that gets a table of its multiples after a few uses, which makes multiplying it much faster.

use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::OnceLock;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{EdwardsBasepointTable, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::BasepointTable;

/// How many multiplications run without a table first. Building the table costs about as much as this many
/// multiplications, so a key that is used once pays nothing and a key that is used often pays at most twice.
const USES_BEFORE_TABLE: u32 = 32;

/// A public point that can be multiplied by secret scalars: both ways take constant time.
pub(super) struct Multiples {
    point: EdwardsPoint,
    uses: AtomicU32,
    table: OnceLock<Box<EdwardsBasepointTable>>,
}

/// The base point (RFC 8032 §5.1). The static table in the curve's crate would add 30 KB to the wasm module.
pub(super) static BASE: Multiples = Multiples::of(ED25519_BASEPOINT_POINT);

impl Multiples {
    pub(super) const fn of(point: EdwardsPoint) -> Self {
        Self { point, uses: AtomicU32::new(0), table: OnceLock::new() }
    }

    pub(super) fn times(&self, scalar: &Scalar) -> EdwardsPoint {
        match self.table.get() {
            Some(table) => &**table * scalar,
            None if self.uses.fetch_add(1, Ordering::Relaxed) < USES_BEFORE_TABLE => self.point * scalar,
            None => self.table.get_or_init(|| table_of(&self.point)).as_ref() * scalar,
        }
    }
}

/// A separate function, so that only this call needs 30 KB of stack and not every multiplication.
#[cold]
#[inline(never)]
fn table_of(point: &EdwardsPoint) -> Box<EdwardsBasepointTable> {
    Box::new(EdwardsBasepointTable::create(point))
}
