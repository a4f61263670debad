//! The portable hashes of phpass: MD5, again and again. No hash is made so here.

use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use super::rounds::Rounds;
use crate::Error;

pub(super) const TAG_BYTES: usize = 16;

/// Everything that goes into a hash beside the password.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) rounds: Rounds,
    pub(super) salt: Vec<u8>,
}

impl Recipe {
    /// The tag of `password`.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordTooLong`](crate::ErrorCode::PasswordTooLong): so long that it would cost too much.
    pub(super) fn tag(&self, password: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
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
