//! scrypt (RFC 7914), by the crate `scrypt`, after a check that its memory can be allocated.

use core::hint::black_box;

use zeroize::Zeroizing;

use super::argon2::memory::release;
use crate::Error;
use crate::password::costs::{Bound, Cost, OutOfRange};
use crate::password::hmac_key::check_no_padding;
use crate::password::kdf::{Family, Kdf, not_computed, thousandths};
use crate::password::limits::Limits;
use crate::password::params::ParamsOptions;
use crate::password::scratch::reserved;

/// The limit on memory, raised to what new hashes need: the default cost is above the default limit.
pub(in crate::password) fn raised(options: &ParamsOptions, limits: Limits) -> Limits {
    let own = Params::or_default(options, &Limits { lanes: u32::MAX, ..Limits::none() });
    let own = own.map_or(0, Params::memory_kib);
    Limits { scrypt_memory_kib: limits.scrypt_memory_kib.max(own), ..limits }
}

const COST: Cost = Cost { name: "cost", symbol: "ln", limit: "scryptMemoryKib" };
const BLOCK_SIZE: Cost = Cost { name: "blockSize", symbol: "r", limit: "scryptMemoryKib" };
const PARALLELISM: Cost = Cost { name: "parallelism", symbol: "p", limit: "lanes" };
const REPETITIONS: Cost = Cost { limit: "scryptMemoryKib", ..PARALLELISM };
#[cfg(feature = "formats")]
const TIME: Cost = Cost { name: "time", symbol: "t", limit: "scryptMemoryKib" };

/// The limit on memory is a limit on the table of N entries. The buffers beside the table, p entries and one more, may take
/// an eighth of the limit on top. The work may be four times that of a table as large as the limit. OWASP's settings with
/// less memory need at most twice.
const BESIDE_TABLE: u64 = 8;
const WORK: u64 = 4;

/// Cost parameters. Only [`Params::new`] makes them, so that they are always within the limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) struct Params {
    cost: u32,
    block_size: u32,
    parallelism: u32,
}

impl Params {
    /// `cost` is the binary logarithm of N, `block_size` r and `parallelism` p.
    pub(in crate::password) fn new(
        cost: u64,
        block_size: u64,
        parallelism: u64,
        limits: &Limits,
    ) -> Result<Self, OutOfRange> {
        // First, as it becomes a shift. Beyond 32 no memory is enough.
        let cost = COST.at_most(cost, 32)?;
        let block_size = BLOCK_SIZE.at_most(block_size, limits.scrypt_memory_kib.saturating_mul(8))?;
        let parallelism = PARALLELISM.at_most(parallelism, limits.lanes)?;
        let params = Self { cost, block_size, parallelism };
        let is_beyond = |entries| limits.scrypt_memory_kib < params.kib(entries);
        if is_beyond(params.table()) {
            return Err(COST.beyond(Bound::Limit));
        }
        if is_beyond(params.beside_table()) {
            return Err(BLOCK_SIZE.beyond(Bound::Limit));
        }
        if is_beyond(params.repeated()) {
            return Err(REPETITIONS.beyond(Bound::Limit));
        }
        if cost < 1 {
            return Err(COST.beyond(Bound::Minimum("1")));
        }
        if block_size < 1 {
            return Err(BLOCK_SIZE.beyond(Bound::Minimum("1")));
        }
        if parallelism < 1 {
            return Err(PARALLELISM.beyond(Bound::Minimum("1")));
        }
        Ok(params)
    }

    /// yescrypt's t, which repeats the work up to t times, if the limit allows that.
    #[cfg(feature = "formats")]
    pub(in crate::password) fn times(self, time: u64, limits: &Limits) -> Result<u32, OutOfRange> {
        let time = TIME.at_most(time, u32::MAX)?;
        let entries = self.repeated().saturating_mul(time.max(1).into());
        if limits.scrypt_memory_kib < self.kib(entries) { Err(TIME.beyond(Bound::Limit)) } else { Ok(time) }
    }

    /// For new hashes. Where pointers have 32 bits, as in WebAssembly, they must fit in one allocation: no other policy
    /// could hash anything.
    fn of_policy(options: &ParamsOptions, limits: &Limits) -> Result<Self, OutOfRange> {
        let params = Self::or_default(options, limits)?;
        if cfg!(target_pointer_width = "32") && (isize::MAX as usize) < params.scratch_bytes() {
            return Err(COST.beyond(Bound::AddressSpace));
        }
        Ok(params)
    }

    /// OWASP's first recommendation for each parameter that is not given.
    fn or_default(options: &ParamsOptions, limits: &Limits) -> Result<Self, OutOfRange> {
        let ParamsOptions { cost, block_size, parallelism, .. } = *options;
        let (cost, block_size) = (cost.unwrap_or(DEFAULT_COST), block_size.unwrap_or(DEFAULT_BLOCK_SIZE));
        Self::new(cost, block_size, parallelism.unwrap_or(DEFAULT_PARALLELISM), limits)
    }

    pub(in crate::password) const fn cost(self) -> u32 {
        self.cost
    }

    pub(in crate::password) const fn block_size(self) -> u32 {
        self.block_size
    }

    pub(in crate::password) const fn parallelism(self) -> u32 {
        self.parallelism
    }

    /// The lowest limit on memory, in KiB, that allows these costs.
    fn memory_kib(self) -> u32 {
        self.kib(self.table().max(self.beside_table()).max(self.repeated()))
    }

    /// The entries of the table: N.
    const fn table(self) -> u64 {
        1_u64.wrapping_shl(self.cost)
    }

    /// The entries that the limit must allow because of the buffers beside the table.
    fn beside_table(self) -> u64 {
        u64::from(self.parallelism).saturating_add(1).saturating_mul(BESIDE_TABLE)
    }

    /// The entries that the limit must allow because of the work: the table is filled and read p times.
    fn repeated(self) -> u64 {
        self.table().saturating_mul(self.parallelism.into()).div_ceil(WORK)
    }

    fn kib(self, entries: u64) -> u32 {
        let bytes = 128_u64.saturating_mul(self.block_size.into()).saturating_mul(entries);
        u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
    }

    /// All scratch memory in bytes: the table of N entries, p entries that it is made from, one more, and the allocator's
    /// overhead.
    fn scratch_bytes(self) -> usize {
        let entries = 1_usize.checked_shl(self.cost).unwrap_or(usize::MAX).saturating_add(self.parallelism as usize);
        let entry = 128_usize.saturating_mul(self.block_size as usize);
        entries.saturating_add(1).saturating_mul(entry).saturating_add(4096)
    }

    /// What is computed in all: entries times their size.
    fn work(self) -> u64 {
        let once = u64::from(self.block_size).saturating_mul(self.table());
        once.saturating_mul(self.parallelism.into())
    }
}

/// OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1.
const DEFAULT_COST: u64 = 17;
const DEFAULT_BLOCK_SIZE: u64 = 8;
const DEFAULT_PARALLELISM: u64 = 1;

/// scrypt with everything but the password.
#[derive(Clone, Debug)]
pub(in crate::password) struct Scrypt {
    pub(in crate::password) params: Params,
    pub(in crate::password) salt: Vec<u8>,
}

impl Scrypt {
    /// For new hashes, without a salt.
    pub(in crate::password) fn of_policy(options: &ParamsOptions, limits: &Limits) -> Result<Self, OutOfRange> {
        Ok(Self { params: Params::of_policy(options, limits)?, salt: Vec::new() })
    }
}

impl Kdf for Scrypt {
    fn family(&self) -> Family {
        Family::Scrypt
    }

    /// Memory and work. As with Argon2, more memory makes up for less work, and not the other way round.
    fn strength(&self) -> [u64; 3] {
        [self.params.kib(self.params.table()).into(), self.params.work(), 0]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        let Params { cost, block_size, parallelism } = self.params;
        vec![(COST.name, cost), (BLOCK_SIZE.name, block_size), (PARALLELISM.name, parallelism)]
    }

    fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// As for Argon2.
    fn tag_bytes(&self) -> usize {
        32
    }

    fn scratch_bytes(&self) -> usize {
        self.params.scratch_bytes()
    }

    fn work(&self, limits: &Limits, _: usize, _: usize) -> u64 {
        // The table's entries are 128 * r bytes, of which eight at r = 1 are a KiB.
        let table = u64::from(limits.scrypt_memory_kib).saturating_mul(8);
        thousandths(self.params.work(), table.saturating_mul(WORK))
    }

    fn check_reads_whole(&self, password: &str) -> Result<(), Error> {
        check_no_padding(password)
    }

    fn is_ambiguous(&self, password: &str) -> bool {
        check_no_padding(password).is_err()
    }

    fn tag(&self, password: &str, _: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        release();
        // The crate aborts if an allocation fails. So the memory is allocated here first, in one piece, and freed for the crate
        // to allocate. The black box keeps the compiler from removing that as useless.
        drop(black_box(reserved::<u8>(self.scratch_bytes())?));
        let Params { cost, block_size, parallelism } = self.params;
        let cost = u8::try_from(cost).map_err(|_| not_computed())?;
        let params = scrypt::Params::new(cost, block_size, parallelism).map_err(|_| not_computed())?;
        let mut tag = Zeroizing::new(vec![0; length]);
        scrypt::scrypt(password.as_bytes(), &self.salt, &params, &mut tag).map_err(|_| not_computed())?;
        Ok(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kdf, Limits, Params, Scrypt, reserved};
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
            let kdf = Scrypt { params, salt: salt.into() };
            assert_eq!(hex(&kdf.tag(password, &[], 64).unwrap()), tag);
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
                    // And within the limit that applies if the policy sets none.
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
    fn recommended_settings_are_within_the_default_limits() {
        // OWASP Password Storage Cheat Sheet, except its first, of 128 MiB; passlib; better-auth and Lucia; Werkzeug; Django.
        let recommended =
            [(16, 8, 2), (15, 8, 3), (14, 8, 5), (13, 8, 10), (16, 8, 1), (14, 16, 1), (15, 8, 1), (14, 8, 5)];
        for (cost, block_size, parallelism) in recommended {
            assert!(Params::new(cost, block_size, parallelism, &Limits::default()).is_ok(), "{cost} {parallelism}");
        }
    }

    #[test]
    fn memory_that_cannot_be_allocated_is_an_error() {
        for (cost, block_size) in [(63, 1), (62, 1024)] {
            let params = Params { cost, block_size, parallelism: 1 };
            assert_eq!(reserved::<u8>(params.scratch_bytes()).err().unwrap().code(), ErrorCode::OutOfMemory);
        }
    }
}
