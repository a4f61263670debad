//! A digest over a password and a salt, computed once or a few thousand times. For stored hashes only: graphics cards compute
//! billions a second.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use streebog::Streebog256;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;
use crate::password::kdf::{Family, Kdf};
use crate::password::limits::Limits;
use crate::password::schemes::rounds::Rounds;

/// A digest with everything but the password.
pub(in crate::password) struct SaltedDigest {
    pub(in crate::password) function: Function,
    pub(in crate::password) place: Place,
    pub(in crate::password) salt: Vec<u8>,
    pub(in crate::password) stretch: Stretch,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) enum Function {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    /// With 256 bits.
    Streebog,
}

/// Where the salt goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) enum Place {
    /// After the password.
    After,
    /// Before the password.
    Before,
    /// The salt is the key of an HMAC over the password.
    Key,
}

/// How the digest is hashed again. The number of rounds includes the first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) enum Stretch {
    /// Not at all.
    None,
    /// Each round hashes the digest: Spring Security.
    Digest(Rounds),
    /// Each round hashes the digest, the password and the salt: Symfony.
    Everything(Rounds),
}

impl SaltedDigest {
    /// A digest that is computed once.
    pub(in crate::password) const fn once(function: Function, place: Place, salt: Vec<u8>) -> Self {
        Self { function, place, salt, stretch: Stretch::None }
    }
}

impl Function {
    /// The function of a name such as `sha256`.
    pub(in crate::password) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }

    pub(in crate::password) const fn tag_bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 | Self::Streebog => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The bytes of a block, which HMAC fills up its key to.
    const fn block_bytes(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha256 | Self::Streebog => 64,
            Self::Sha384 | Self::Sha512 => 128,
        }
    }

    /// The digest of all parts, one after the other.
    pub(super) fn of(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Md5 => of_all::<Md5>(parts),
            Self::Sha1 => of_all::<Sha1>(parts),
            Self::Sha256 => of_all::<Sha256>(parts),
            Self::Sha384 => of_all::<Sha384>(parts),
            Self::Sha512 => of_all::<Sha512>(parts),
            Self::Streebog => of_all::<Streebog256>(parts),
        }
    }

    /// RFC 2104. The crate `hmac` would take 700 bytes more of the WebAssembly module for each digest.
    pub(super) fn hmac(self, key: &[u8], text: &[u8]) -> Zeroizing<Vec<u8>> {
        let hashed = (self.block_bytes() < key.len()).then(|| self.of(&[key]));
        let mut block = Zeroizing::new(hashed.as_ref().map_or(key, |hashed| hashed.as_slice()).to_vec());
        block.resize(self.block_bytes(), 0);
        block.iter_mut().for_each(|byte| *byte ^= 0x36);
        let inner = self.of(&[&block, text]);
        block.iter_mut().for_each(|byte| *byte ^= 0x36 ^ 0x5c);
        self.of(&[&block, &inner])
    }
}

/// One copy for each digest, however many functions use it.
#[inline(never)]
fn of_all<D: Digest>(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut hasher = D::new();
    for part in parts {
        hasher.update(part);
    }
    let mut digest = hasher.finalize();
    let tag = Zeroizing::new(digest.to_vec());
    digest.as_mut_slice().zeroize();
    tag
}

impl Kdf for SaltedDigest {
    fn family(&self) -> Family {
        Family::Obsolete
    }

    fn strength(&self) -> [u64; 3] {
        [0; 3]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        match self.stretch {
            Stretch::None => Vec::new(),
            Stretch::Digest(rounds) | Stretch::Everything(rounds) => rounds.costs(),
        }
    }

    fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// Next to nothing for a digest that is computed once.
    fn work(&self, limits: &Limits, password_bytes: usize, _: usize) -> u64 {
        match self.stretch {
            Stretch::None => 1,
            Stretch::Digest(rounds) => rounds.work(limits, 0),
            Stretch::Everything(rounds) => rounds.work(limits, password_bytes),
        }
    }

    fn tag_bytes(&self) -> usize {
        self.function.tag_bytes()
    }

    fn tag(&self, password: &str, _: &[u8], _: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        if let Stretch::Everything(rounds) = self.stretch {
            rounds.check_length(password)?;
        }
        let (password, salt) = (password.as_bytes(), self.salt.as_slice());
        let text = match self.place {
            Place::After => [password, salt],
            Place::Before => [salt, password],
            Place::Key => return Ok(self.function.hmac(salt, password)),
        };
        let (rounds, [first, last]) = match self.stretch {
            Stretch::None => (1, text),
            Stretch::Digest(rounds) => (rounds.count(), [&[] as &[u8]; 2]),
            Stretch::Everything(rounds) => (rounds.count(), text),
        };
        let mut tag = self.function.of(&text);
        for _ in 1..rounds {
            tag = self.function.of(&[&tag, first, last]);
        }
        Ok(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::Function;

    #[test]
    fn computes_the_hmacs_of_rfc_4231() {
        let hex = |tag: &[u8]| {
            let digits = tag.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>()
        };
        // RFC 4231 §4.3 and §4.7, whose key is longer than a block.
        let hmac = Function::Sha256.hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&hmac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let text = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let hmac = Function::Sha512.hmac(&[0xaa; 131], text);
        assert!(hex(&hmac).starts_with("80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"));
    }
}
