//! The two signature schemes (RFC 8017 §8). What depends on the digest is its value alone and no type, as the compiler
//! would make a copy of a scheme for each.

use std::sync::Arc;

use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, PrivateKey, PublicKey};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Error as SignatureError, Signer, Verifier};

use super::padding::Padding;
use crate::crypto::digest::Digest;

/// Signs; blinded with fresh random numbers, as its time must not tell the key.
pub(super) struct RsaSigner {
    pub(super) key: Arc<PrivateKey>,
    pub(super) padding: Padding,
    pub(super) digest: Digest,
}

impl Signer<Vec<u8>> for RsaSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let hash = hash(self.digest, &[message]);
        let signature = match (self.padding, self.digest) {
            (Padding::Pkcs1, digest) => self.key.sign(pkcs1(digest), &hash),
            (Padding::Pss, Digest::Sha256) => self.key.pss_sign_prehash::<Sha256>(&hash),
            (Padding::Pss, Digest::Sha384) => self.key.pss_sign_prehash::<Sha384>(&hash),
            (Padding::Pss, Digest::Sha512) => self.key.pss_sign_prehash::<Sha512>(&hash),
        };
        signature.map_err(|_| SignatureError::new())
    }
}

pub(super) struct RsaVerifier {
    pub(super) key: PublicKey,
    pub(super) padding: Padding,
    pub(super) digest: Digest,
}

impl Verifier<Vec<u8>> for RsaVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let key = &self.key;
        // RFC 8017 §8.1.2 and §8.2.2, step 1: exactly as long as the modulus.
        if signature.len() != key.size() {
            return Err(SignatureError::new());
        }
        let hash = hash(self.digest, &[message]);
        let verdict = match (self.padding, self.digest) {
            (Padding::Pkcs1, digest) => key.verify(pkcs1(digest), &hash, signature),
            (Padding::Pss, Digest::Sha256) => key.pss_verify_prehash::<Sha256>(&hash, signature),
            (Padding::Pss, Digest::Sha384) => key.pss_verify_prehash::<Sha384>(&hash, signature),
            (Padding::Pss, Digest::Sha512) => key.pss_verify_prehash::<Sha512>(&hash, signature),
        };
        verdict.map_err(|_| SignatureError::new())
    }
}

/// RSASSA-PKCS1-v1_5, with what stands before the digest (§9.2, note 1).
fn pkcs1(digest: Digest) -> Pkcs1v15Sign {
    // id-sha256, id-sha384 and id-sha512 differ in the last number; the lengths of both sequences and of the digest follow.
    let (length, all, id) = match digest {
        Digest::Sha256 => (32, 49, 1),
        Digest::Sha384 => (48, 65, 2),
        Digest::Sha512 => (64, 81, 3),
    };
    let prefix = [0x30, all, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, id, 5, 0, 4, length];
    Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: prefix.into() }
}

/// The digest of the parts, one after the other.
fn hash(digest: Digest, parts: &[&[u8]]) -> Vec<u8> {
    fn of<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
        let mut hasher = D::new();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().to_vec()
    }
    match digest {
        Digest::Sha256 => of::<Sha256>(parts),
        Digest::Sha384 => of::<Sha384>(parts),
        Digest::Sha512 => of::<Sha512>(parts),
    }
}

#[cfg(test)]
mod tests {
    use rsa::Pkcs1v15Sign;
    use sha2::{Sha256, Sha384, Sha512};

    use super::pkcs1;
    use crate::crypto::digest::Digest;

    #[test]
    fn names_the_digests_as_the_crate_does() {
        assert_eq!(pkcs1(Digest::Sha256), Pkcs1v15Sign::new::<Sha256>());
        assert_eq!(pkcs1(Digest::Sha384), Pkcs1v15Sign::new::<Sha384>());
        assert_eq!(pkcs1(Digest::Sha512), Pkcs1v15Sign::new::<Sha512>());
    }
}
