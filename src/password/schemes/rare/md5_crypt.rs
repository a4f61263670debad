//! MD5-crypt, the `$1$` hashes of Unix systems (Kamp, 1994) and the `$apr1$` hashes of Apache. For stored hashes only.

use zeroize::Zeroizing;

use super::digest::Function;
use crate::password::schemes::rounds::{Repeated, Rounds};

pub(in crate::password) const TAG_BYTES: usize = 16;

/// The rounds of every hash.
pub(in crate::password) const ROUNDS: u64 = 1000;

/// MD5-crypt with everything but the password.
pub(in crate::password) struct Md5Crypt {
    /// `$1$` or `$apr1$`, which is hashed.
    pub(in crate::password) prefix: &'static str,
    pub(in crate::password) rounds: Rounds,
    pub(in crate::password) salt: Vec<u8>,
}

impl Repeated for Md5Crypt {
    fn rounds_and_salt(&self) -> (Rounds, &[u8]) {
        (self.rounds, &self.salt)
    }

    fn stored_bytes(&self) -> usize {
        TAG_BYTES
    }

    /// The bytes are in the order in which they are stored.
    fn repeat(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let salt = self.salt.as_slice();
        let mut state = self.first(password);
        for round in 0..self.rounds.count() {
            let [before, after] = if round & 1 == 1 { [password, &state] } else { [&state, password] };
            let salt = if round % 3 == 0 { &[] } else { salt };
            let repeated = if round % 7 == 0 { &[] } else { password };
            state = Function::Md5.of(&[before, salt, repeated, after]);
        }
        let order = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11];
        Zeroizing::new(order.iter().filter_map(|place: &usize| state.get(*place)).copied().collect())
    }
}

impl Md5Crypt {
    /// The digest before the rounds.
    fn first(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let other = Function::Md5.of(&[password, &self.salt, password]);
        let mut parts = vec![password, self.prefix.as_bytes(), &self.salt];
        parts.extend(password.chunks(TAG_BYTES).map(|chunk| other.get(..chunk.len()).unwrap_or_default()));
        let mut length = password.len();
        while length != 0 {
            parts.push(if length & 1 == 1 { &[0] } else { password.get(..1).unwrap_or_default() });
            length >>= 1;
        }
        Function::Md5.of(&parts)
    }
}

#[cfg(test)]
mod tests {
    use super::{Md5Crypt, ROUNDS, Rounds};
    use crate::password::kdf::Kdf;
    use crate::password::limits::Limits;
    use base64ct::{Base64ShaCrypt, Encoding};

    #[test]
    fn computes_what_openssl_publishes() {
        // The tests of `openssl passwd`, and passlib's.
        for (prefix, salt, password, tag) in [
            ("$1$", "xxxxxxxx", "password", "UYCIxa628.9qXjpQCjM4a."),
            ("$apr1$", "xxxxxxxx", "password", "dxHfLAsjHkDRmG83UXe8K0"),
            ("$1$", "dOHYPKoP", "", "tnxS1T8Q6VVn3kpV8cN6o."),
        ] {
            let rounds = Rounds::new(ROUNDS, &Limits::default()).unwrap();
            let kdf = Md5Crypt { prefix, rounds, salt: salt.into() };
            assert_eq!(Base64ShaCrypt::encode_string(&kdf.tag(password, &[], 0).unwrap()), tag);
        }
    }
}
