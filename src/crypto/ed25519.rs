//! Ed25519 (RFC 8032) with strict verification, which refuses signatures that implementations disagree about.

#![expect(clippy::arithmetic_side_effects, reason = "operations on curve points and scalars cannot overflow")]

mod multiples;

use core::ops::Neg;

use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::hazmat::ExpandedSecretKey;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha512};
use signature::{Error as SignatureError, Signer, Verifier};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use self::multiples::{BASE, Multiples};
use super::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

/// A private key: its 32-byte seed, wiped when dropped, and its public key.
#[derive(Clone)]
pub(crate) struct Ed25519Secret {
    // Boxed, so that moving the key leaves no copies of the seed in memory.
    seed: Box<Zeroizing<[u8; 32]>>,
    public: VerifyingKey,
}

impl Ed25519Secret {
    /// Makes a key from its 32-byte seed.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the seed is not 32 bytes long.
    pub(crate) fn from_seed(bytes: &[u8]) -> Result<Self, Error> {
        let mut seed = Box::new(Zeroizing::new([0; 32]));
        if bytes.len() != seed.len() {
            return Err(Error::new(ErrorCode::KeyInvalid, "an Ed25519 private key must be 32 bytes"));
        }
        seed.copy_from_slice(bytes);
        let public = VerifyingKey::from(BASE.times(&ExpandedSecretKey::from(&**seed).scalar));
        Ok(Self { seed, public })
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub(crate) fn public_bytes(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// Whether `bytes` is the public key of this private key.
    pub(crate) fn owns_public(&self, bytes: &[u8]) -> bool {
        self.public.as_bytes().ct_eq(bytes).into()
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        Box::new(Ed25519Signer { expanded: ExpandedSecretKey::from(&**self.seed), public: self.public })
    }
}

/// A public key: a point on the curve that is not of small order.
#[derive(Clone, Copy)]
pub(crate) struct Ed25519Public(VerifyingKey);

impl Ed25519Public {
    /// Makes a key from its 32-byte encoding.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the key is not 32 bytes long, not the canonical encoding of a point, or of small
    ///   order.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let invalid = |message: &str| Error::new(ErrorCode::KeyInvalid, message);
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| invalid("an Ed25519 public key must be 32 bytes"))?;
        let point = "the Ed25519 public key is not the canonical encoding of a point on the curve";
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| invalid(point))?;
        // RFC 8032 §5.1.3 decodes y only if y < p. The crate does not check this and keeps the given bytes, so compare
        // them with a new encoding of the point.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(invalid(point));
        }
        // With a key of small order, one signature can be valid for many messages.
        if key.is_weak() {
            return Err(invalid("the Ed25519 public key is of small order"));
        }
        Ok(Self(key))
    }

    pub(crate) fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        Box::new(Ed25519Verifier { key: self.0, negative: Multiples::of(self.0.to_edwards().neg()) })
    }
}

/// An Ed25519 signer. Keeps the expanded key, so that signing need not hash the seed each time.
struct Ed25519Signer {
    expanded: ExpandedSecretKey,
    public: VerifyingKey,
}

impl Signer<Vec<u8>> for Ed25519Signer {
    /// RFC 8032 §5.1.6, steps 2 to 6, written with the crate's group operations. The crate's own signing function would
    /// add a 30 KB table to the wasm module.
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let nonce = Sha512::new().chain_update(self.expanded.hash_prefix).chain_update(message);
        let nonce = Zeroizing::new(Scalar::from_hash(nonce));
        let commitment = BASE.times(&nonce).compress();
        let challenge = challenge(commitment.as_bytes(), &self.public, message);
        let response = challenge * self.expanded.scalar + *nonce;
        Ok([commitment.to_bytes(), response.to_bytes()].concat())
    }
}

/// An Ed25519 verifier. Keeps multiples of the negated key, which is what the verification equation adds.
struct Ed25519Verifier {
    key: VerifyingKey,
    negative: Multiples,
}

impl Verifier<Vec<u8>> for Ed25519Verifier {
    /// Gives the same verdicts as the crate's `verify_strict`. A test compares the two. This is RFC 8032 §5.1.7 without
    /// the cofactor: S is below the group's order, R is compared as bytes, and neither R nor the key is of small order.
    /// [`Ed25519Public::from_bytes`] has checked the order of the key.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let signature = Signature::from_slice(signature).map_err(|_| SignatureError::new())?;
        let (commitment, response) = (signature.r_bytes(), *signature.s_bytes());
        let response =
            Option::<Scalar>::from(Scalar::from_canonical_bytes(response)).ok_or_else(SignatureError::new)?;
        let challenge = challenge(commitment, &self.key, message);
        let expected = BASE.times(&response) + self.negative.times(&challenge);
        if !expected.is_small_order() && expected.compress().as_bytes() == commitment {
            Ok(())
        } else {
            Err(SignatureError::new())
        }
    }
}

/// SHA-512(R || A || M) modulo the group's order.
fn challenge(commitment: &[u8; 32], key: &VerifyingKey, message: &[u8]) -> Scalar {
    Scalar::from_hash(Sha512::new().chain_update(commitment).chain_update(key.as_bytes()).chain_update(message))
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;
    use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

    use super::{Ed25519Public, Ed25519Secret};
    use crate::crypto::ed25519_form::admits;

    /// 2^252 + 27742317777372353535851937790883648493 (RFC 8032 §5.1).
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    /// Enough rounds that the tables of multiples are built and used.
    const ROUNDS: u8 = 80;

    #[test]
    fn signs_like_ed25519_dalek() {
        for seed in 0..ROUNDS {
            let message = vec![seed; usize::from(seed) * 31];
            let secret = Ed25519Secret::from_seed(&[seed; 32]).unwrap();
            let theirs = SigningKey::from_bytes(&[seed; 32]);
            assert_eq!(secret.public_bytes(), theirs.verifying_key().to_bytes());
            assert_eq!(secret.into_signer().try_sign(&message).unwrap(), theirs.sign(&message).to_bytes());
        }
    }

    #[test]
    fn verifies_like_verify_strict() {
        let theirs = SigningKey::from_bytes(&[7; 32]);
        let public = theirs.verifying_key();
        let ours = Ed25519Public::from_bytes(public.as_bytes()).unwrap().into_verifier();
        for round in 0..ROUNDS {
            let message = [round; 40];
            let good = theirs.sign(&message).to_bytes();
            assert!(ours.verify(&message, &good.to_vec()).is_ok());
            assert!(ours.verify(&[round; 41], &good.to_vec()).is_err());
            // Over all rounds, this flips every bit once.
            for bit in (usize::from(round)..512).step_by(usize::from(ROUNDS)) {
                let mut bad = good;
                bad[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(ours.verify(&message, &bad.to_vec()).is_ok(), strict(&public, &message, &bad));
            }
        }
        assert!(ours.verify(b"", &Vec::new()).is_err());
    }

    #[test]
    fn admits_no_commitment_of_small_order_and_no_large_number() {
        let good = SigningKey::from_bytes(&[7; 32]).sign(b"message").to_bytes();
        assert!(admits(&good));
        assert!(!admits(&good[..63]) && !admits(&[&good[..], &[0]].concat()));
        for point in EIGHT_TORSION {
            assert!(point.is_small_order());
            let encoded = point.compress().to_bytes();
            for sign in [0, 0x80] {
                let mut signature = good;
                signature[..32].copy_from_slice(&encoded);
                signature[31] ^= sign;
                assert!(!admits(&signature));
            }
        }
        // p to 2^255 - 1 encode y again; one less is admitted.
        for last in 0xec..=0xff {
            let mut signature = good;
            signature[..32].fill(0xff);
            (signature[0], signature[31]) = (last, 0x7f);
            assert!(!admits(&signature));
            (signature[0], signature[1]) = (last, 0xfe);
            assert!(admits(&signature));
        }
        // The order of the group, and one less.
        for (delta, admitted) in [(0, false), (1, true)] {
            let mut signature = good;
            signature[32..].copy_from_slice(&ORDER);
            signature[32] -= delta;
            assert_eq!(admits(&signature), admitted);
        }
    }

    fn strict(public: &VerifyingKey, message: &[u8], signature: &[u8; 64]) -> bool {
        public.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}
