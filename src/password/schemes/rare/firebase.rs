//! Firebase Authentication's scrypt: the derived key encrypts the signer key of the project (github.com/firebase/scrypt).
//! For stored hashes only.

use aes::Aes256;
use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use zeroize::{Zeroize, Zeroizing};

use crate::Error;
use crate::password::kdf::{Family, Kdf, not_computed};
use crate::password::limits::Limits;
use crate::password::schemes::scrypt::Scrypt;

/// Firebase's scrypt with everything but the password.
pub(in crate::password) struct FirebaseScrypt {
    /// With the salt of the user, and the salt separator of the project after it.
    pub(in crate::password) scrypt: Scrypt,
    pub(in crate::password) signer_key: Vec<u8>,
}

impl Kdf for FirebaseScrypt {
    fn family(&self) -> Family {
        Family::Obsolete
    }

    fn strength(&self) -> [u64; 3] {
        [0; 3]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        self.scrypt.costs()
    }

    fn salt(&self) -> &[u8] {
        &self.scrypt.salt
    }

    fn tag_bytes(&self) -> usize {
        self.signer_key.len()
    }

    fn work(&self, limits: &Limits, password_bytes: usize, _: usize) -> u64 {
        self.scrypt.work(limits, password_bytes, 32)
    }

    fn scratch_bytes(&self) -> usize {
        self.scrypt.scratch_bytes()
    }

    fn is_ambiguous(&self, password: &str) -> bool {
        self.scrypt.is_ambiguous(password)
    }

    /// AES-256 in counter mode, from a counter of zero.
    fn tag(&self, password: &str, _: &[u8], _: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        let key = self.scrypt.tag(password, &[], 32)?;
        let cipher = Aes256::new_from_slice(&key).map_err(|_| not_computed())?;
        let mut tag = Zeroizing::new(self.signer_key.clone());
        for (counter, part) in (0_u128..).zip(tag.chunks_mut(16)) {
            let mut block = Block::<Aes256>::from(counter.to_be_bytes());
            cipher.encrypt_block(&mut block);
            part.iter_mut().zip(&block).for_each(|(byte, mask)| *byte ^= *mask);
            block.as_mut_slice().zeroize();
        }
        Ok(tag)
    }
}
