//! Ed25519 (RFC 8032), with the strict verification that leaves one meaning to each signature.

use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jsonwebtoken::Algorithm as TheirAlgorithm;
use jsonwebtoken::crypto::{JwtSigner, JwtVerifier};
use sha2::Sha512;
use signature::{Error as SignatureError, Signer, Verifier};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

/// A private key: its 32-byte seed, wiped when dropped, and the public key that follows from it.
#[derive(Clone)]
pub(crate) struct Ed25519Secret {
    // Boxed, so that moving the key does not leave copies of the seed behind.
    seed: Box<Zeroizing<[u8; 32]>>,
    public: VerifyingKey,
}

impl Ed25519Secret {
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not 32 bytes.
    pub(crate) fn from_seed(bytes: &[u8]) -> Result<Self, Error> {
        let mut seed = Box::new(Zeroizing::new([0; 32]));
        if bytes.len() != seed.len() {
            return Err(Error::new(ErrorCode::KeyInvalid, "an Ed25519 private key is 32 bytes"));
        }
        seed.copy_from_slice(bytes);
        let public = SigningKey::from_bytes(&seed).verifying_key();
        Ok(Self { seed, public })
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub(crate) fn public_bytes(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// Whether `bytes` is the public key that belongs to this private one.
    pub(crate) fn owns_public(&self, bytes: &[u8]) -> bool {
        self.public.as_bytes().ct_eq(bytes).into()
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        Box::new(Ed25519Signer { expanded: ExpandedSecretKey::from(&**self.seed), public: self.public })
    }
}

/// A public key that is a point of the curve and not of small order.
#[derive(Clone, Copy)]
pub(crate) struct Ed25519Public(VerifyingKey);

impl Ed25519Public {
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not 32 bytes, not the canonical encoding of a point, or of small order.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let invalid = |message: &str| Error::new(ErrorCode::KeyInvalid, message);
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| invalid("an Ed25519 public key is 32 bytes"))?;
        let point = "an Ed25519 public key is the canonical encoding of a point of the curve";
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| invalid(point))?;
        // RFC 8032 §5.1.3 decodes y < p only; the crate keeps the bytes it was given, so compare with a fresh encoding.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(invalid(point));
        }
        // With such a key, one signature fits every message.
        if key.is_weak() {
            return Err(invalid("the Ed25519 public key is of small order"));
        }
        Ok(Self(key))
    }

    pub(crate) fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        Box::new(Ed25519Verifier(self.0))
    }
}

/// Keeps the expanded key, so that a signature does not start by hashing the seed.
struct Ed25519Signer {
    expanded: ExpandedSecretKey,
    public: VerifyingKey,
}

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(raw_sign::<Sha512>(&self.expanded, message, &self.public).to_bytes().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> TheirAlgorithm {
        TheirAlgorithm::EdDSA
    }
}

struct Ed25519Verifier(VerifyingKey);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let signature = Signature::from_slice(signature).map_err(|_| SignatureError::new())?;
        self.0.verify_strict(message, &signature).map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> TheirAlgorithm {
        TheirAlgorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::Signer as _;

    use super::Ed25519Secret;

    #[test]
    fn signs_as_the_crates_own_signing_key_does() {
        for seed in 0..16_u8 {
            let message = vec![seed; usize::from(seed) * 31];
            let ours = Ed25519Secret::from_seed(&[seed; 32]).unwrap().into_signer().try_sign(&message).unwrap();
            let theirs = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).sign(&message);
            assert_eq!(ours, theirs.to_bytes());
        }
    }
}
