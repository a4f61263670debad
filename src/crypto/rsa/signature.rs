//! Signs and verifies with RSA (RFC 8017 §8). The digest is a value and not a type parameter, because the compiler
//! would otherwise generate a copy of each scheme for each digest.

use std::sync::Arc;

use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, PrivateKey, PublicKey};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Error as SignatureError, Signer, Verifier};

use super::Padding;
use crate::crypto::digest::Digest;

/// An RSA signer. Random blinding keeps the time independent of the key.
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
        // RFC 8017 §8.1.2 and §8.2.2, step 1: the signature must be exactly as long as the modulus.
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

/// RSASSA-PKCS1-v1_5 with the DER prefix of the digest (RFC 8017 §9.2, note 1).
fn pkcs1(digest: Digest) -> Pkcs1v15Sign {
    // The identifiers of SHA-256, -384 and -512 differ in their last byte. `all` and `length` are lengths in bytes: of
    // the whole DigestInfo and of the digest.
    let (length, all, id) = match digest {
        Digest::Sha256 => (32, 49, 1),
        Digest::Sha384 => (48, 65, 2),
        Digest::Sha512 => (64, 81, 3),
    };
    let prefix = [0x30, all, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, id, 5, 0, 4, length];
    Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: prefix.into() }
}

/// The digest of the concatenated parts.
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
    fn writes_the_same_digest_prefixes_as_the_crate_rsa() {
        assert_eq!(pkcs1(Digest::Sha256), Pkcs1v15Sign::new::<Sha256>());
        assert_eq!(pkcs1(Digest::Sha384), Pkcs1v15Sign::new::<Sha384>());
        assert_eq!(pkcs1(Digest::Sha512), Pkcs1v15Sign::new::<Sha512>());
    }
}
