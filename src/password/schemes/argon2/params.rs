//! Argon2's cost parameters, within RFC 9106 and within a policy's limits.

use crate::password::costs::{Bound, Cost, OutOfRange};
use crate::password::limits::Limits;
use crate::password::params::ParamsOptions;

/// Cost parameters. Only [`Params::new`] makes them, so that they are always within the limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) struct Params {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

const MEMORY: Cost = Cost { name: "memoryKib", symbol: "m", limit: "memoryKib" };
const PASSES: Cost = Cost { name: "passes", symbol: "t", limit: "passes" };
const LANES: Cost = Cost { name: "lanes", symbol: "p", limit: "lanes" };

/// OWASP Password Storage Cheat Sheet: m = 19456 (19 MiB), t = 2, p = 1.
const DEFAULT_MEMORY_KIB: u64 = 19_456;
const DEFAULT_PASSES: u64 = 2;
const DEFAULT_LANES: u64 = 1;

impl Params {
    /// Parameters within RFC 9106 §3.1 and `limits`. The limits are checked first, so that a cost that is far too high gets
    /// that error, whatever else is wrong.
    pub(in crate::password) fn new(
        memory_kib: u64,
        passes: u64,
        lanes: u64,
        limits: &Limits,
    ) -> Result<Self, OutOfRange> {
        let params = Self {
            memory_kib: MEMORY.at_most(memory_kib, limits.memory_kib)?,
            passes: PASSES.at_most(passes, u32::MAX)?,
            lanes: LANES.at_most(lanes, limits.lanes)?,
        };
        if limits.argon2_work() < params.work() {
            return Err(PASSES.beyond(Bound::Limit));
        }
        if params.lanes < 1 {
            return Err(LANES.beyond(Bound::Minimum("1")));
        }
        if params.passes < 1 {
            return Err(PASSES.beyond(Bound::Minimum("1")));
        }
        if memory_kib < lanes.saturating_mul(8) {
            return Err(MEMORY.beyond(Bound::Minimum("8 for each lane")));
        }
        Ok(params)
    }

    /// For new hashes.
    pub(super) fn of_policy(options: &ParamsOptions, limits: &Limits) -> Result<Self, OutOfRange> {
        let ParamsOptions { memory_kib, passes, lanes, .. } = *options;
        Self::new(
            memory_kib.unwrap_or(DEFAULT_MEMORY_KIB),
            passes.unwrap_or(DEFAULT_PASSES),
            lanes.unwrap_or(DEFAULT_LANES),
            limits,
        )
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

    /// By their names in a policy.
    pub(super) fn costs(&self) -> Vec<(&'static str, u32)> {
        vec![(MEMORY.name, self.memory_kib), (PASSES.name, self.passes), (LANES.name, self.lanes)]
    }

    /// What is computed in all: memory times passes. Beside the memory itself, this is the measure of strength.
    ///
    /// More memory can make up for fewer passes, because memory is what special hardware cannot save: OWASP ranks
    /// (47104 KiB, 1 pass) with (19456, 2), and RFC 9106 §4 puts (2 GiB, 1) before (64 MiB, 3). More passes do not make up
    /// for less memory. Lanes do not count: they divide the same work.
    pub(super) fn work(&self) -> u64 {
        u64::from(self.memory_kib).saturating_mul(self.passes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Argon2;
    use super::{Limits, ParamsOptions};
    use crate::password::kdf::Kdf;

    fn is_weaker(own: (u64, u64, u64), other: (u64, u64, u64)) -> bool {
        let strength = |(memory_kib, passes, lanes)| {
            let options = ParamsOptions {
                memory_kib: Some(memory_kib),
                passes: Some(passes),
                lanes: Some(lanes),
                ..ParamsOptions::DEFAULT
            };
            Argon2::of_policy(&options, &Limits::default()).unwrap().strength()
        };
        strength(own).into_iter().zip(strength(other)).any(|(own, other)| own < other)
    }

    #[test]
    fn weaker_is_less_memory_or_less_work() {
        let policy = (19456, 2, 1);
        for stronger in [(19456, 2, 1), (19456, 3, 1), (20000, 2, 1), (47104, 1, 1), (65536, 3, 4), (19456, 2, 4)] {
            assert!(!is_weaker(stronger, policy), "{stronger:?}");
        }
        for weaker in [(19455, 2, 1), (19456, 1, 1), (12288, 3, 1), (7168, 16, 1), (38911, 1, 1)] {
            assert!(is_weaker(weaker, policy), "{weaker:?}");
        }
    }

    #[test]
    fn no_two_costs_are_each_weaker_than_the_other_and_at_owasp_the_first_wins() {
        // OWASP regards these as equally strong; between two of them only the one with less memory is replaced.
        let owasp = [(47104, 1, 1), (19456, 2, 1), (12288, 3, 1), (9216, 4, 1), (7168, 5, 1)];
        for (index, more) in owasp.iter().enumerate() {
            for less in owasp.iter().skip(index + 1) {
                assert!(!is_weaker(*more, *less) && is_weaker(*less, *more));
            }
        }
    }
}
