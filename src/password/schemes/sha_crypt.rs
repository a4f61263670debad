//! SHA-crypt, the `$5$` and `$6$` hashes of Unix systems (Drepper, "Unix crypt using SHA-256 and SHA-512"). For stored
//! hashes only.

use sha2::digest::Output;
use sha2::{Digest, Sha256, Sha512};
use zeroize::{Zeroize, Zeroizing};

use super::rounds::{Repeated, Rounds};

/// SHA-crypt with everything but the password.
#[derive(Clone, Debug)]
pub(in crate::password) struct ShaCrypt {
    pub(in crate::password) function: Function,
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

/// The two digests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) enum Function {
    Sha256,
    Sha512,
}

impl Function {
    pub(in crate::password) const fn tag_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

impl Repeated for ShaCrypt {
    fn rounds_and_salt(&self) -> (Rounds, &[u8]) {
        (self.rounds, &self.salt)
    }

    fn stored_bytes(&self) -> usize {
        self.function.tag_bytes()
    }

    /// The bytes are in the order in which they are stored.
    fn repeat(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let (salt, rounds) = (self.salt.as_slice(), self.rounds.count());
        match self.function {
            Function::Sha256 => stored_order(&digest::<Sha256>(password, salt, rounds), 2),
            Function::Sha512 => stored_order(&digest::<Sha512>(password, salt, rounds), 1),
        }
    }
}

/// The steps of the specification, by its numbers.
fn digest<D: Digest>(password: &[u8], salt: &[u8], rounds: u32) -> Zeroizing<Vec<u8>>
where
    Output<D>: Zeroize + Copy,
{
    // 4 to 8.
    let mut other = D::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    // 1 to 3, and 9 to 12.
    let mut first = D::new().chain_update(password).chain_update(salt);
    repeated(&mut first, &other, password.len());
    let mut length = password.len();
    while length != 0 {
        first.update(if length & 1 == 1 { other.as_slice() } else { password });
        length >>= 1;
    }
    let mut state = first.finalize();
    // 13 to 16.
    let mut all = D::new();
    for _ in password {
        all.update(password);
    }
    other.zeroize();
    let password_part = stretched(all.finalize(), password.len());
    // 17 to 20.
    let mut all = D::new();
    for _ in 0..state.first().map_or(16, |byte| u16::from(*byte).saturating_add(16)) {
        all.update(salt);
    }
    let salt_part = stretched(all.finalize(), salt.len());
    // 21.
    for round in 0..rounds {
        let odd = round & 1 == 1;
        let mut next = D::new().chain_update(if odd { &password_part } else { state.as_slice() });
        if round % 3 != 0 {
            next.update(&salt_part);
        }
        if round % 7 != 0 {
            next.update(&password_part);
        }
        next.update(if odd { state.as_slice() } else { &password_part });
        state = next.finalize();
    }
    let tag = Zeroizing::new(state.to_vec());
    state.zeroize();
    tag
}

/// Adds `length` bytes of a digest, repeated as often as needed.
fn repeated<D: Digest>(into: &mut D, digest: &[u8], length: usize) {
    let mut left = length;
    while left != 0 {
        let part = digest.get(..left).unwrap_or(digest);
        into.update(part);
        left = left.saturating_sub(part.len());
    }
}

fn stretched<T: AsRef<[u8]> + Zeroize>(mut digest: T, length: usize) -> Zeroizing<Vec<u8>> {
    let mut part = Zeroizing::new(Vec::with_capacity(length));
    part.extend(digest.as_ref().iter().cycle().take(length));
    digest.zeroize();
    part
}

/// Step 22: one byte from each third of the digest in turn. Each group of three is rotated `step` places further than the
/// last. The bytes that are left over follow in their order.
fn stored_order(digest: &[u8], step: usize) -> Zeroizing<Vec<u8>> {
    let third = digest.len() / 3;
    let byte = |place: usize| digest.get(place).copied().unwrap_or_default();
    let mut stored = Zeroizing::new(Vec::with_capacity(digest.len()));
    for group in 0..third {
        let mut places = [group, group.wrapping_add(third), group.wrapping_add(third).wrapping_add(third)];
        places.rotate_left(group.wrapping_mul(step) % 3);
        stored.extend(places.iter().rev().map(|place| byte(*place)));
    }
    stored.extend(digest.iter().skip(third.wrapping_mul(3)));
    stored
}

#[cfg(test)]
mod tests {
    use super::{Function, Rounds, ShaCrypt};
    use crate::password::kdf::Kdf;
    use crate::password::limits::Limits;
    use base64ct::{Base64ShaCrypt, Encoding};

    #[test]
    fn computes_what_its_author_publishes() {
        // Drepper, "Unix crypt using SHA-256 and SHA-512", the tests of the reference implementation.
        let long = "a very much longer text to encrypt.  This one even stretches over morethan one line.";
        for (function, salt, rounds, password, tag) in [
            (Function::Sha256, "saltstring", 5000, "Hello world!", "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"),
            (Function::Sha256, "anotherlongsalts", 1400, long, "Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1"),
            (
                Function::Sha512,
                "anotherlongsalts",
                1400,
                long,
                "POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1",
            ),
            (
                Function::Sha512,
                "saltstring",
                5000,
                "Hello world!",
                "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
            ),
        ] {
            let rounds = Rounds::new(rounds, &Limits::default()).unwrap();
            let kdf = ShaCrypt { function, rounds, salt: salt.into() };
            assert_eq!(Base64ShaCrypt::encode_string(&kdf.tag(password, &[], 0).unwrap()), tag);
        }
    }
}
