//! SHA1-crypt, the `$sha1$` hashes of `NetBSD`: HMAC-SHA-1 of its own output, with the password as key. For stored hashes only.

use zeroize::Zeroizing;

use super::digest::Function;
use crate::password::schemes::rounds::{Repeated, Rounds};

pub(in crate::password) const TAG_BYTES: usize = 21;

/// SHA1-crypt with everything but the password.
pub(in crate::password) struct Sha1Crypt {
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

impl Repeated for Sha1Crypt {
    fn rounds_and_salt(&self) -> (Rounds, &[u8]) {
        (self.rounds, &self.salt)
    }

    fn stored_bytes(&self) -> usize {
        TAG_BYTES
    }

    /// The bytes are in the order in which they are stored: first the last of each three. The first byte comes again at the end.
    fn repeat(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let rounds = self.rounds.count();
        let mut tag = Zeroizing::new([&self.salt, b"$sha1$".as_slice(), rounds.to_string().as_bytes()].concat());
        for _ in 0..rounds {
            tag = Function::Sha1.hmac(password, &tag);
        }
        let first = tag.first().copied();
        tag.extend(first);
        let (triples, _) = tag.as_chunks_mut::<3>();
        for triple in triples {
            triple.reverse();
        }
        tag
    }
}
