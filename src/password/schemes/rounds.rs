//! Rounds of a digest over the password itself, as in schemes older than memory-hard ones.

use crate::password::costs::{Cost, OutOfRange};
use crate::password::limits::Limits;
use crate::{Error, ErrorCode};

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

    pub(super) const fn count(self) -> u32 {
        self.count
    }

    pub(super) fn costs(self) -> Vec<(&'static str, u32)> {
        vec![(ROUNDS.name, self.count)]
    }

    /// Limits what a long password can cost. The digest runs over the whole password in each round, and once over as many
    /// copies of it as it has bytes. Each 128 bytes of the password count the rounds once more, and the total may be four
    /// times the limit. At passlib's defaults (656,000 rounds of SHA-512, 535,000 of SHA-256) that allows 767 bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`]: the total would be more than four times the limit.
    pub(super) fn check_length(self, password: &str) -> Result<(), Error> {
        let bytes = password.len() as u64;
        let times = (bytes >> 7).saturating_add(1);
        let work = times.saturating_mul(bytes.saturating_add(self.count.into()));
        if times == 1 || work <= u64::from(self.limit).saturating_mul(4) {
            return Ok(());
        }
        let message = "password is too long to be checked within the option \"limits.shaCryptRounds\"";
        Err(Error::new(ErrorCode::PasswordTooLong, message))
    }
}
