//! The portable hashes of phpass: repeated MD5. For stored hashes only.

use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use super::rounds::Rounds;
use crate::Error;
use crate::password::kdf::{Family, Kdf};
use crate::password::limits::Limits;

pub(in crate::password) const TAG_BYTES: usize = 16;

/// phpass with everything but the password.
#[derive(Clone, Debug)]
pub(in crate::password) struct Phpass {
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

impl Kdf for Phpass {
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
        let mut digest = Md5::new().chain_update(&self.salt).chain_update(password).finalize();
        for _ in 0..self.rounds.count() {
            digest = Md5::new().chain_update(digest).chain_update(password).finalize();
        }
        let tag = Zeroizing::new(digest.to_vec());
        digest.as_mut_slice().zeroize();
        Ok(tag)
    }
}
