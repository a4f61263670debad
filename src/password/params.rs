//! The option `params`: what a new hash costs.

use super::whole_numbers::read_whole_numbers;
use crate::Error;
use crate::options::Value;

/// What a new hash costs. Each scheme has its own params; the others are refused.
///
/// Everything that RFC 9106 and RFC 7914 allow is accepted, however cheap: how much is enough depends on what an attack is
/// worth.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ParamsOptions {
    /// scrypt's r: 8 by default.
    pub block_size: Option<u64>,
    /// For scrypt the binary logarithm of N: 17 by default, at most what
    /// [`scrypt_memory_kib`](super::LimitsOptions::scrypt_memory_kib) allows. Where pointers have 32 bits, all buffers
    /// together must be below 2 GiB.
    ///
    /// For bcrypt the binary logarithm of the number of rounds: 12 by default, at least 10 (OWASP), at most
    /// [`bcrypt_cost`](super::LimitsOptions::bcrypt_cost).
    pub cost: Option<u64>,
    /// PBKDF2's iterations: 600,000 by default with SHA-256 and 220,000 with SHA-512 (OWASP). At least 1000 (RFC 8018 §4.2),
    /// at most [`pbkdf2_iterations`](super::LimitsOptions::pbkdf2_iterations).
    pub iterations: Option<u64>,
    /// Argon2's lanes, `p`: 1 by default, because one thread computes all of them. At most
    /// [`lanes`](super::LimitsOptions::lanes).
    pub lanes: Option<u64>,
    /// Argon2's memory in KiB, `m`: 19456 by default. With 2 passes that is the recommendation of OWASP's Password Storage
    /// Cheat Sheet that a small server and a Worker can afford. At least 8 for each lane, at most
    /// [`memory_kib`](super::LimitsOptions::memory_kib).
    pub memory_kib: Option<u64>,
    /// scrypt's p: 1 by default. At most [`lanes`](super::LimitsOptions::lanes).
    pub parallelism: Option<u64>,
    /// Argon2's passes over the memory, `t`: 2 by default. At least 1, at most [`passes`](super::LimitsOptions::passes).
    pub passes: Option<u64>,
}

impl ParamsOptions {
    /// Nothing set.
    pub(super) const DEFAULT: Self = Self {
        block_size: None,
        cost: None,
        iterations: None,
        lanes: None,
        memory_kib: None,
        parallelism: None,
        passes: None,
    };

    /// The members by their names in JavaScript.
    pub(super) const fn named(&self) -> [(&'static str, Option<u64>); 7] {
        let Self { block_size, cost, iterations, lanes, memory_kib, parallelism, passes } = *self;
        [
            ("blockSize", block_size),
            ("cost", cost),
            ("iterations", iterations),
            ("lanes", lanes),
            ("memoryKib", memory_kib),
            ("parallelism", parallelism),
            ("passes", passes),
        ]
    }

    pub(super) fn read(&mut self, value: Value, path: &str) -> Result<(), Error> {
        let fields = &mut [
            ("blockSize", &mut self.block_size),
            ("cost", &mut self.cost),
            ("iterations", &mut self.iterations),
            ("lanes", &mut self.lanes),
            ("memoryKib", &mut self.memory_kib),
            ("parallelism", &mut self.parallelism),
            ("passes", &mut self.passes),
        ];
        read_whole_numbers(value, path, fields)
    }
}
