//! Signers and verifiers, each built once from a key and kept.

use signature::{Signer, Verifier};

/// A signer that is kept in a key and may be used from any thread.
pub(crate) type BoxedSigner = Box<dyn Signer<Vec<u8>> + Send + Sync>;
/// A verifier that is kept in a key and may be used from any thread.
pub(crate) type BoxedVerifier = Box<dyn Verifier<Vec<u8>> + Send + Sync>;
