//! Keys, signers and verifiers for ML-DSA (FIPS 204).
//!
//! The arithmetic is in `src/post_quantum.rs`. The npm package has it in a wasm module of its own, which the module for
//! tokens calls through the platform object. Where it is not at hand, no key can be made, so nothing is accepted.

mod engine;

use std::sync::Arc;

use signature::{Error as SignatureError, Signer, Verifier};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

#[cfg(all(not(feature = "post-quantum"), target_arch = "wasm32", feature = "npm-jwt"))]
pub(crate) use self::engine::{Engine, set};
pub(crate) use self::engine::{engine, expect_engine};
use super::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

/// A parameter set of ML-DSA (FIPS 204 §4).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ParameterSet {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl ParameterSet {
    pub(crate) const ALL: [Self; 3] = [Self::MlDsa44, Self::MlDsa65, Self::MlDsa87];

    /// The name of the algorithm (RFC 9964 §5).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }

    /// The number in its name.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::MlDsa44 => 44,
            Self::MlDsa65 => 65,
            Self::MlDsa87 => 87,
        }
    }

    /// The length of a public key in bytes (FIPS 204 table 2).
    pub(crate) const fn public_len(self) -> usize {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
    }

    /// The length of a signature in bytes (FIPS 204 table 2).
    pub(crate) const fn signature_len(self) -> usize {
        match self {
            Self::MlDsa44 => 2420,
            Self::MlDsa65 => 3309,
            Self::MlDsa87 => 4627,
        }
    }
}

/// A private key: its 32-byte seed, wiped when dropped, and its public key.
#[derive(Clone)]
pub(crate) struct MlDsaSecret {
    // Boxed, so that moving the key leaves no copies of the seed in memory.
    seed: Box<Zeroizing<[u8; 32]>>,
    public: MlDsaPublic,
}

impl MlDsaSecret {
    /// Makes a key from its 32-byte seed (RFC 9964 §4).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the seed is not 32 bytes long, or ML-DSA is not at hand.
    pub(crate) fn from_seed(set: ParameterSet, bytes: &[u8]) -> Result<Self, Error> {
        let mut seed = Box::new(Zeroizing::new([0; 32]));
        if bytes.len() != seed.len() {
            return Err(Error::new(ErrorCode::KeyInvalid, "an ML-DSA private key must be its seed of 32 bytes"));
        }
        seed.copy_from_slice(bytes);
        let public = (expect_engine()?.public_key)(set.number(), &**seed);
        let public = public.ok_or_else(|| Error::new(ErrorCode::Internal, "internal error"))?;
        Ok(Self { seed, public: MlDsaPublic::from_bytes(set, &public)? })
    }

    pub(crate) fn set(&self) -> ParameterSet {
        self.public.set
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub(crate) fn public(&self) -> &MlDsaPublic {
        &self.public
    }

    /// Whether `bytes` is the public key of this private key.
    pub(crate) fn owns_public(&self, bytes: &[u8]) -> bool {
        self.public.bytes.ct_eq(bytes).into()
    }

    /// Whether `expanded` is the expanded form of this private key.
    pub(crate) fn expands_to(&self, expanded: &[u8]) -> bool {
        engine().is_some_and(|engine| (engine.expands_to)(self.set().number(), &**self.seed, expanded))
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        Box::new(self)
    }
}

/// A public key. Every text of the right length is one (FIPS 204, algorithm 23).
#[derive(Clone)]
pub(crate) struct MlDsaPublic {
    set: ParameterSet,
    bytes: Arc<[u8]>,
}

impl MlDsaPublic {
    /// Makes a key from its encoding.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the key has another length, or ML-DSA is not at hand.
    pub(crate) fn from_bytes(set: ParameterSet, bytes: &[u8]) -> Result<Self, Error> {
        expect_engine()?;
        if bytes.len() != set.public_len() {
            let message = format!("an {} public key must be {} bytes", set.name(), set.public_len());
            return Err(Error::new(ErrorCode::KeyInvalid, message));
        }
        Ok(Self { set, bytes: bytes.into() })
    }

    pub(crate) fn set(&self) -> ParameterSet {
        self.set
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn admits(&self, signature: &[u8]) -> bool {
        signature.len() == self.set.signature_len()
    }

    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        Box::new(self)
    }
}

impl Signer<Vec<u8>> for MlDsaSecret {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        engine()
            .and_then(|engine| (engine.sign)(self.set().number(), &**self.seed, message))
            .filter(|signature| self.public.admits(signature))
            .ok_or_else(SignatureError::new)
    }
}

impl Verifier<Vec<u8>> for MlDsaPublic {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let is_valid = |engine: engine::Engine| (engine.verify)(self.set.number(), &self.bytes, message, signature);
        if self.admits(signature) && engine().is_some_and(is_valid) { Ok(()) } else { Err(SignatureError::new()) }
    }
}
