//! HMAC with SHA-2 (RFC 7518 §3.2). A key is its two precomputed states; a call starts from a copy of them.

use hmac::digest::common::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Error, Signer, Verifier};
use subtle::{Choice, ConstantTimeEq};

use crate::jwt::algorithm::Digest;

/// The two states of a key, wiped when dropped.
pub(super) struct HmacKey(Box<dyn States>);

trait States: Send + Sync {
    fn mac(&self, message: &[u8]) -> Vec<u8>;
}

impl<M: Mac + Clone + Send + Sync> States for M {
    fn mac(&self, message: &[u8]) -> Vec<u8> {
        self.clone().chain_update(message).finalize().into_bytes().to_vec()
    }
}

impl HmacKey {
    pub(super) fn new(digest: Digest, secret: &[u8]) -> Self {
        match digest {
            Digest::Sha256 => Self(states::<Hmac<Sha256>>(secret)),
            Digest::Sha384 => Self(states::<Hmac<Sha384>>(secret)),
            Digest::Sha512 => Self(states::<Hmac<Sha512>>(secret)),
        }
    }
}

fn states<M: Mac + KeyInit + Clone + Send + Sync + 'static>(secret: &[u8]) -> Box<dyn States> {
    // HMAC takes keys of any length (RFC 2104 §2), so the default, which signs nothing anyone accepts, never stands in.
    Box::new(<M as KeyInit>::new_from_slice(secret).unwrap_or_else(|_| <M as KeyInit>::new(&Key::<M>::default())))
}

impl Signer<Vec<u8>> for HmacKey {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.mac(message))
    }
}

impl Verifier<Vec<u8>> for HmacKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        if same(&self.0.mac(message), signature).into() { Ok(()) } else { Err(Error::new()) }
    }
}

/// Compares in constant time, eight bytes at once: a MAC is a multiple of that. What differs in length, which is no
/// secret, is different.
fn same(mac: &[u8], signature: &[u8]) -> Choice {
    let ((left, left_rest), (right, right_rest)) = (mac.as_chunks(), signature.as_chunks());
    let lengths = Choice::from(u8::from(left.len() == right.len()));
    left.iter().zip(right).fold(lengths & left_rest.ct_eq(right_rest), |same, (left, right)| {
        same & u64::from_ne_bytes(*left).ct_eq(&u64::from_ne_bytes(*right))
    })
}
