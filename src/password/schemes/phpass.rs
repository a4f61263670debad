//! The portable hashes of phpass: repeated MD5. For stored hashes only.

use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use super::rounds::{Repeated, Rounds};

pub(in crate::password) const TAG_BYTES: usize = 16;

/// phpass with everything but the password.
#[derive(Clone, Debug)]
pub(in crate::password) struct Phpass {
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

impl Repeated for Phpass {
    fn rounds_and_salt(&self) -> (Rounds, &[u8]) {
        (self.rounds, &self.salt)
    }

    fn stored_bytes(&self) -> usize {
        TAG_BYTES
    }

    fn repeat(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut digest = Md5::new().chain_update(&self.salt).chain_update(password).finalize();
        for _ in 0..self.rounds.count() {
            digest = Md5::new().chain_update(digest).chain_update(password).finalize();
        }
        let tag = Zeroizing::new(digest.to_vec());
        digest.as_mut_slice().zeroize();
        tag
    }
}
