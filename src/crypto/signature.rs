//! The types of signers and verifiers, which a key builds once and keeps.

use signature::{Signer, Verifier};

/// A signer for any algorithm, usable from any thread.
pub(crate) type BoxedSigner = Box<dyn Signer<Vec<u8>> + Send + Sync>;
/// A verifier for any algorithm, usable from any thread.
pub(crate) type BoxedVerifier = Box<dyn Verifier<Vec<u8>> + Send + Sync>;
