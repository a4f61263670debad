//! The older schemes that hash the password again in each of their rounds, such as phpass and SHA-crypt: what they share.

use core::panic::{RefUnwindSafe, UnwindSafe};

use zeroize::Zeroizing;

use crate::Error;
use crate::password::costs::{Cost, OutOfRange};
use crate::password::kdf::{Family, Kdf, thousandths, too_long};
use crate::password::limits::Limits;

const ROUNDS: Cost = Cost { name: "rounds", symbol: "rounds", limit: "shaCryptRounds" };

/// A number of rounds, within limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) struct Rounds {
    count: u32,
    limit: u32,
}

impl Rounds {
    pub(in crate::password) fn new(count: u64, limits: &Limits) -> Result<Self, OutOfRange> {
        let limit = limits.sha_crypt_rounds;
        Ok(Self { count: ROUNDS.at_most(count, limit)?, limit })
    }

    pub(in crate::password) const fn count(self) -> u32 {
        self.count
    }

    pub(in crate::password) fn costs(self) -> Vec<(&'static str, u32)> {
        vec![(ROUNDS.name, self.count)]
    }

    /// What a password of this length costs, in thousandths of the limit. The digest runs over the whole password in each
    /// round, and once over as many copies of it as it has bytes. Each 128 bytes of the password count the rounds once more.
    pub(in crate::password) fn work(self, limits: &Limits, password_bytes: usize) -> u64 {
        let bytes = password_bytes as u64;
        let times = (bytes >> 7).saturating_add(1);
        let rounds = u64::from(self.count).saturating_add(if times == 1 { 0 } else { bytes });
        thousandths(times.saturating_mul(rounds), limits.sha_crypt_rounds.into())
    }

    /// Limits what a long password can cost, to twice the limit. At passlib's defaults (656,000 rounds of SHA-512, 535,000 of
    /// SHA-256) that allows 383 bytes.
    ///
    /// # Errors
    /// - `PASSWORD_TOO_LONG`: it would cost more.
    pub(in crate::password) fn check_length(self, password: &str) -> Result<(), Error> {
        let limits = Limits { sha_crypt_rounds: self.limit, ..Limits::none() };
        if self.work(&limits, password.len()) <= 2000 { Ok(()) } else { Err(too_long()) }
    }
}

/// A function that hashes the password again in each of its rounds. For stored hashes only: every new hash is stronger.
pub(in crate::password) trait Repeated: RefUnwindSafe + Send + Sync + UnwindSafe {
    fn rounds_and_salt(&self) -> (Rounds, &[u8]);

    /// The bytes of a stored tag.
    fn stored_bytes(&self) -> usize;

    /// Computes the tag of a password that is not too long for these rounds.
    fn repeat(&self, password: &[u8]) -> Zeroizing<Vec<u8>>;
}

impl<F: Repeated> Kdf for F {
    fn family(&self) -> Family {
        Family::Obsolete
    }

    fn strength(&self) -> [u64; 3] {
        [0; 3]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        self.rounds_and_salt().0.costs()
    }

    fn salt(&self) -> &[u8] {
        self.rounds_and_salt().1
    }

    fn work(&self, limits: &Limits, password_bytes: usize, _: usize) -> u64 {
        self.rounds_and_salt().0.work(limits, password_bytes)
    }

    fn tag_bytes(&self) -> usize {
        self.stored_bytes()
    }

    fn tag(&self, password: &str, _: &[u8], _: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.rounds_and_salt().0.check_length(password)?;
        Ok(self.repeat(password.as_bytes()))
    }
}
