//! scrypt (RFC 7914), by the crate `scrypt`, once it is sure that there is the memory for it.

use core::hint::black_box;

use zeroize::Zeroizing;

use super::argon2;
use super::costs::{Cost, OutOfRange};
use super::limits::Limits;
use super::recipe::not_computed;
use super::room::reserved;
use crate::Error;

const COST: Cost = Cost { name: "cost", symbol: "ln", limit: "scryptMemoryKib" };
const BLOCK_SIZE: Cost = Cost { name: "blockSize", symbol: "r", limit: "scryptMemoryKib" };
const PARALLELISM: Cost = Cost { name: "parallelism", symbol: "p", limit: "lanes" };
const REPETITIONS: Cost = Cost { limit: "scryptMemoryKib", ..PARALLELISM };

/// The limit on memory bounds the table of N entries. It bounds with it what is beside the table, p entries and one more,
/// which may take an eighth of the limit on top of it; and the work, which may be four times that of a table of the size of
/// the limit: OWASP's settings with less memory take twice the work of their table at most.
const BESIDE_TABLE: u64 = 8;
const WORK: u64 = 4;

/// Costs that may be paid: made only by [`Params::new`], which has held them against limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Params {
    cost: u32,
    block_size: u32,
    parallelism: u32,
}

impl Params {
    /// `cost` is the binary logarithm of N, `block_size` r and `parallelism` p.
    pub(super) fn new(cost: u64, block_size: u64, parallelism: u64, limits: &Limits) -> Result<Self, OutOfRange> {
        // The shift is bounded first: beyond 32 no memory would do.
        let cost = COST.at_most(cost, 32)?;
        let block_size = BLOCK_SIZE.at_most(block_size, limits.scrypt_memory_kib.saturating_mul(8))?;
        let parallelism = PARALLELISM.at_most(parallelism, limits.lanes)?;
        let params = Self { cost, block_size, parallelism };
        let is_beyond = |entries| limits.scrypt_memory_kib < params.kib(entries);
        if is_beyond(params.table()) {
            return Err(COST.too_high());
        }
        if is_beyond(params.beside_table()) {
            return Err(BLOCK_SIZE.too_high());
        }
        if is_beyond(params.repeated()) {
            return Err(REPETITIONS.too_high());
        }
        if cost < 1 {
            return Err(COST.too_low("1"));
        }
        if block_size < 1 {
            return Err(BLOCK_SIZE.too_low("1"));
        }
        if parallelism < 1 {
            return Err(PARALLELISM.too_low("1"));
        }
        Ok(params)
    }

    /// For new hashes. Where pointers have 32 bits, as in WebAssembly, within what can be had in one piece: by no other policy
    /// could anything be hashed.
    pub(super) fn of_policy(given: [Option<u64>; 3], limits: &Limits) -> Result<Self, OutOfRange> {
        let params = Self::or_default(given, limits)?;
        if cfg!(target_pointer_width = "32") && (isize::MAX as usize) < params.scratch_bytes() {
            return Err(COST.unaddressable());
        }
        Ok(params)
    }

    /// Costs of which those that are not given are OWASP's first choice.
    pub(super) fn or_default(
        [cost, block_size, parallelism]: [Option<u64>; 3],
        limits: &Limits,
    ) -> Result<Self, OutOfRange> {
        let (cost, block_size) = (cost.unwrap_or(DEFAULT_COST), block_size.unwrap_or(DEFAULT_BLOCK_SIZE));
        Self::new(cost, block_size, parallelism.unwrap_or(DEFAULT_PARALLELISM), limits)
    }

    pub(super) const fn cost(self) -> u32 {
        self.cost
    }

    pub(super) const fn block_size(self) -> u32 {
        self.block_size
    }

    pub(super) const fn parallelism(self) -> u32 {
        self.parallelism
    }

    /// The least limit on memory, in KiB, that lets it through.
    pub(super) fn memory_kib(self) -> u32 {
        self.kib(self.table().max(self.beside_table()).max(self.repeated()))
    }

    /// The entries of the table: N.
    const fn table(self) -> u64 {
        1_u64.wrapping_shl(self.cost)
    }

    /// As many entries as the limit on the table must allow for, where p entries and one more are beside it.
    fn beside_table(self) -> u64 {
        u64::from(self.parallelism).saturating_add(1).saturating_mul(BESIDE_TABLE)
    }

    /// As many entries as the limit on the table must allow for, where the table is worked through p times.
    fn repeated(self) -> u64 {
        self.table().saturating_mul(self.parallelism.into()).div_ceil(WORK)
    }

    fn kib(self, entries: u64) -> u32 {
        let bytes = 128_u64.saturating_mul(self.block_size.into()).saturating_mul(entries);
        u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
    }

    /// All the memory that is worked in: the table of N entries, the p entries it is made from, one more, and what an allocator
    /// adds to each.
    pub(super) fn scratch_bytes(self) -> usize {
        let entries = 1_usize.checked_shl(self.cost).unwrap_or(usize::MAX).saturating_add(self.parallelism as usize);
        let entry = 128_usize.saturating_mul(self.block_size as usize);
        entries.saturating_add(1).saturating_mul(entry).saturating_add(4096)
    }

    /// What is computed in all, in entries times their size.
    fn work(self) -> u64 {
        let once = u64::from(self.block_size).saturating_mul(self.table());
        once.saturating_mul(self.parallelism.into())
    }
}

/// OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1.
const DEFAULT_COST: u64 = 17;
const DEFAULT_BLOCK_SIZE: u64 = 8;
const DEFAULT_PARALLELISM: u64 = 1;

/// Everything that goes into a hash beside the password.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) params: Params,
    pub(super) salt: Vec<u8>,
}

impl Recipe {
    /// The tag of `password`, of `length` bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): the memory could not be had.
    pub(super) fn tag(&self, password: &str, length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        argon2::release();
        // The crate aborts where memory cannot be had. So it is had first, in one piece, and given back for the crate to take.
        // The black box keeps the compiler from finding that useless.
        drop(black_box(reserved::<u8>(self.params.scratch_bytes())?));
        let Params { cost, block_size, parallelism } = self.params;
        let cost = u8::try_from(cost).map_err(|_| not_computed())?;
        let params = ::scrypt::Params::new(cost, block_size, parallelism).map_err(|_| not_computed())?;
        let mut tag = Zeroizing::new(vec![0; length]);
        ::scrypt::scrypt(password.as_bytes(), &self.salt, &params, &mut tag).map_err(|_| not_computed())?;
        Ok(tag)
    }

    pub(super) fn costs(&self) -> Vec<(&'static str, u32)> {
        let Params { cost, block_size, parallelism } = self.params;
        vec![(COST.name, cost), (BLOCK_SIZE.name, block_size), (PARALLELISM.name, parallelism)]
    }

    /// Whether it takes less memory than `other`, or computes less in all. As with Argon2, more memory makes up for less
    /// computing, and not the other way round.
    pub(super) fn is_weaker_than(&self, other: &Self) -> bool {
        let (own, other) = (self.params, other.params);
        own.kib(own.table()) < other.kib(other.table()) || own.work() < other.work()
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::{Params, Recipe, reserved};
    use crate::ErrorCode;

    fn hex(bytes: &[u8]) -> String {
        bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|half| char::from_digit(half.into(), 16))
            .collect()
    }

    #[test]
    fn computes_what_rfc_7914_publishes() {
        // RFC 7914 §12.
        for (password, salt, costs, tag) in [
            (
                "",
                "",
                (4, 1, 1),
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
            ),
            (
                "password",
                "NaCl",
                (10, 8, 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
            ),
            (
                "pleaseletmein",
                "SodiumChloride",
                (14, 8, 1),
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            ),
        ] {
            let params = Params::new(costs.0, costs.1, costs.2, &Limits::default()).unwrap();
            let recipe = Recipe { params, salt: salt.into() };
            assert_eq!(hex(&recipe.tag(password, 64).unwrap()), tag);
        }
    }

    #[test]
    fn a_hash_takes_no_more_than_an_eighth_beyond_the_limit_and_four_times_the_work_of_its_table() {
        let limits = Limits { lanes: u32::MAX, scrypt_memory_kib: 64, ..Limits::default() };
        let mut taken = 0;
        for cost in 1..12 {
            for block_size in 1..70 {
                for parallelism in 1..70 {
                    let Ok(params) = Params::new(cost, block_size, parallelism, &limits) else { continue };
                    taken += 1;
                    assert!(params.scratch_bytes() <= 72 * 1024 + 4096, "{params:?}");
                    assert!(params.work() <= 4 * 64 * 8, "{params:?}");
                    // And within the limit that is set where none is given.
                    let own = Limits { scrypt_memory_kib: params.memory_kib(), ..limits };
                    assert_eq!(Params::new(cost, block_size, parallelism, &own), Ok(params));
                    let less = Limits { scrypt_memory_kib: params.memory_kib() - 1, ..limits };
                    assert!(Params::new(cost, block_size, parallelism, &less).is_err(), "{params:?}");
                }
            }
        }
        assert!(1000 < taken, "{taken}");
    }

    #[test]
    fn the_settings_that_are_recommended_are_within_the_default_limits() {
        // OWASP Password Storage Cheat Sheet, but for its first, of 128 MiB; passlib; better-auth and Lucia; Werkzeug; Django.
        let recommended =
            [(16, 8, 2), (15, 8, 3), (14, 8, 5), (13, 8, 10), (16, 8, 1), (14, 16, 1), (15, 8, 1), (14, 8, 5)];
        for (cost, block_size, parallelism) in recommended {
            assert!(Params::new(cost, block_size, parallelism, &Limits::default()).is_ok(), "{cost} {parallelism}");
        }
    }

    #[test]
    fn memory_that_cannot_be_had_is_an_error() {
        for (cost, block_size) in [(63, 1), (62, 1024)] {
            let params = Params { cost, block_size, parallelism: 1 };
            assert_eq!(reserved::<u8>(params.scratch_bytes()).err().unwrap().code(), ErrorCode::OutOfMemory);
        }
    }
}
