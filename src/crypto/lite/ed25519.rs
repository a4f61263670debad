//! Keys of Ed25519, for `WebCrypto`.

use super::points::{Ed25519Point, read_ed25519};
use super::{NoArithmetic, no_private_keys};
use crate::crypto::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

/// A public key: the canonical encoding of a point that is not of small order.
#[derive(Clone, Copy)]
pub(crate) struct Ed25519Public([u8; 32]);

impl Ed25519Public {
    /// Makes a key from its 32-byte encoding.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the key is not 32 bytes long, not the canonical encoding of a point, or of small
    ///   order.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let invalid = |message: &str| Err(Error::new(ErrorCode::KeyInvalid, message));
        let Ok(bytes) = bytes.try_into() else { return invalid("an Ed25519 public key must be 32 bytes") };
        match read_ed25519(&bytes) {
            Ed25519Point::NotCanonical => {
                invalid("the Ed25519 public key is not the canonical encoding of a point on the curve")
            }
            // With a key of small order, one signature can be valid for many messages.
            Ed25519Point::OfSmallOrder => invalid("the Ed25519 public key is of small order"),
            Ed25519Point::Valid => Ok(Self(bytes)),
        }
    }

    pub(crate) fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    #[expect(clippy::unused_self, reason = "the interface of the keys that compute")]
    pub(crate) fn into_verifier(self) -> BoxedVerifier {
        Box::new(NoArithmetic)
    }
}

/// No private key can be made.
#[derive(Clone)]
pub(crate) enum Ed25519Secret {}

impl Ed25519Secret {
    pub(crate) fn from_seed(_: &[u8]) -> Result<Self, Error> {
        Err(no_private_keys())
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        match *self {}
    }

    pub(crate) fn public_bytes(&self) -> [u8; 32] {
        match *self {}
    }

    pub(crate) fn owns_public(&self, _: &[u8]) -> bool {
        match *self {}
    }

    pub(crate) fn into_signer(self) -> BoxedSigner {
        match self {}
    }
}
