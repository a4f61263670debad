//! The hashes of Drupal 7 to 10.0: phpass with SHA-512. For stored hashes only.

use zeroize::Zeroizing;

use super::digest::Function;
use crate::Error;
use crate::password::kdf::{Family, Kdf};
use crate::password::limits::Limits;
use crate::password::schemes::rounds::Rounds;

/// Drupal cuts its hashes to 55 characters: 258 bits of the digest, of which the last two are in a byte of their own.
pub(in crate::password) const TAG_BYTES: usize = 33;

/// Drupal's function with everything but the password.
pub(in crate::password) struct Drupal {
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

impl Kdf for Drupal {
    fn family(&self) -> Family {
        Family::Obsolete
    }

    fn strength(&self) -> [u64; 3] {
        [0; 3]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        self.rounds.costs()
    }

    fn salt(&self) -> &[u8] {
        &self.salt
    }

    fn work(&self, limits: &Limits, password_bytes: usize, _: usize) -> u64 {
        self.rounds.work(limits, password_bytes)
    }

    fn tag_bytes(&self) -> usize {
        TAG_BYTES
    }

    fn tag(&self, password: &str, _: &[u8], _: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.rounds.check_length(password)?;
        let password = password.as_bytes();
        let mut tag = Function::Sha512.of(&[&self.salt, password]);
        for _ in 0..self.rounds.count() {
            tag = Function::Sha512.of(&[&tag, password]);
        }
        tag.truncate(TAG_BYTES);
        if let Some(last) = tag.last_mut() {
            *last &= 3;
        }
        Ok(tag)
    }
}
