//! The hashes of Drupal 7 to 10.0: phpass with SHA-512. For stored hashes only.

use zeroize::Zeroizing;

use super::digest::Function;
use crate::password::schemes::rounds::{Repeated, Rounds};

/// Drupal cuts its hashes to 55 characters: 258 bits of the digest, of which the last two are in a byte of their own.
pub(in crate::password) const TAG_BYTES: usize = 33;

/// Drupal's function with everything but the password.
pub(in crate::password) struct Drupal {
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

impl Repeated for Drupal {
    fn rounds_and_salt(&self) -> (Rounds, &[u8]) {
        (self.rounds, &self.salt)
    }

    fn stored_bytes(&self) -> usize {
        TAG_BYTES
    }

    fn repeat(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut tag = Function::Sha512.of(&[&self.salt, password]);
        for _ in 0..self.rounds.count() {
            tag = Function::Sha512.of(&[&tag, password]);
        }
        tag.truncate(TAG_BYTES);
        if let Some(last) = tag.last_mut() {
            *last &= 3;
        }
        tag
    }
}
