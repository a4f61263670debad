//! What an Argon2 hash costs, within RFC 9106 and within a caller's limits.

use crate::password::costs::{Cost, OutOfRange};
use crate::password::limits::Limits;

/// Costs that may be paid: made only by [`Params::new`], which has held them against limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) struct Params {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

const MEMORY: Cost = Cost { name: "memoryKib", symbol: "m", limit: "memoryKib" };
const PASSES: Cost = Cost { name: "passes", symbol: "t", limit: "passes" };
const LANES: Cost = Cost { name: "lanes", symbol: "p", limit: "lanes" };

impl Params {
    /// Costs within RFC 9106 §3.1 and `limits`. The limits come first, so that a cost that is far too high is called
    /// that, whatever else is wrong with it.
    pub(in crate::password) fn new(
        memory_kib: u64,
        passes: u64,
        lanes: u64,
        limits: &Limits,
    ) -> Result<Self, OutOfRange> {
        let params = Self {
            memory_kib: MEMORY.at_most(memory_kib, limits.memory_kib)?,
            passes: PASSES.at_most(passes, limits.passes)?,
            lanes: LANES.at_most(lanes, limits.lanes)?,
        };
        if params.lanes < 1 {
            return Err(LANES.too_low("1"));
        }
        if params.passes < 1 {
            return Err(PASSES.too_low("1"));
        }
        if memory_kib < lanes.saturating_mul(8) {
            return Err(MEMORY.too_low("8 for each lane"));
        }
        Ok(params)
    }

    pub(in crate::password) const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    pub(in crate::password) const fn passes(&self) -> u32 {
        self.passes
    }

    pub(in crate::password) const fn lanes(&self) -> u32 {
        self.lanes
    }

    /// The bytes of memory that Argon2 fills.
    pub(in crate::password) const fn scratch_bytes(&self) -> usize {
        (self.memory_kib as usize).saturating_mul(1024)
    }

    /// By the names of a policy.
    pub(in crate::password) fn costs(&self) -> Vec<(&'static str, u32)> {
        vec![(MEMORY.name, self.memory_kib), (PASSES.name, self.passes), (LANES.name, self.lanes)]
    }

    /// Whether a hash at these costs is cheaper to attack than one at `other`'s: it takes less memory, or it computes
    /// less in all (memory times passes).
    ///
    /// More memory may make up for fewer passes, because memory is what hardware cannot share: OWASP ranks
    /// (47104 KiB, 1 pass) with (19456, 2), and RFC 9106 §4 puts (2 GiB, 1) before (64 MiB, 3). More passes do not make
    /// up for less memory. Lanes say nothing: they divide the same work.
    pub(in crate::password) fn is_weaker_than(&self, other: &Self) -> bool {
        self.memory_kib < other.memory_kib || self.work() < other.work()
    }

    fn work(&self) -> u64 {
        u64::from(self.memory_kib).saturating_mul(self.passes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Params};

    fn params(memory_kib: u64, passes: u64, lanes: u64) -> Params {
        Params::new(memory_kib, passes, lanes, &Limits::default()).unwrap()
    }

    #[test]
    fn weaker_is_less_memory_or_less_work() {
        let policy = params(19456, 2, 1);
        for stronger in [(19456, 2, 1), (19456, 3, 1), (20000, 2, 1), (47104, 1, 1), (65536, 3, 4), (19456, 2, 4)] {
            assert!(!params(stronger.0, stronger.1, stronger.2).is_weaker_than(&policy), "{stronger:?}");
        }
        for weaker in [(19455, 2, 1), (19456, 1, 1), (12288, 3, 1), (7168, 16, 1), (38911, 1, 1)] {
            assert!(params(weaker.0, weaker.1, weaker.2).is_weaker_than(&policy), "{weaker:?}");
        }
    }

    #[test]
    fn no_two_costs_are_each_weaker_than_the_other_and_at_owasp_the_first_wins() {
        // Each of OWASP's settings is as good as the others; between two, only the one with less memory gives way.
        let owasp = [(47104, 1), (19456, 2), (12288, 3), (9216, 4), (7168, 5)].map(|(m, t)| params(m, t, 1));
        for (index, more) in owasp.iter().enumerate() {
            for less in owasp.iter().skip(index + 1) {
                assert!(!more.is_weaker_than(less) && less.is_weaker_than(more));
            }
        }
    }
}
