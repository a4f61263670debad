//! The arithmetic of RSA, ECDSA and signing with Ed25519 by the platform's own cryptography, where there is one that does it
//! faster. Ed25519 signatures are checked here alone: platforms accept some that this crate refuses.
//!
//! It is labour and no judgement of keys or tokens: this crate has read and judged the key, has chosen it, and has seen
//! that the signature is well-formed before the platform is asked whether it is right. Where the platform declines, or
//! there is none, as in every native program, this crate's own code does the same.

use core::cell::Cell;
use std::borrow::Cow;
use std::sync::OnceLock;

use signature::{Error as SignatureError, Signer, Verifier};

use zeroize::Zeroizing;

use super::curve::Curve;
use super::ecdsa::der;
use super::signature::{BoxedSigner, BoxedVerifier};

/// What the platform does. Each function may decline by giving nothing.
#[derive(Clone, Copy)]
pub(crate) struct Platform {
    /// Takes over a private key (PKCS#8) or, where that is false, a public one (SPKI), for the algorithm of that name, and
    /// gives it a number.
    pub(crate) take: fn(&'static str, bool, &[u8]) -> Option<u32>,
    /// Whether this is that key's signature of a message, of ECDSA in DER.
    pub(crate) verify: fn(u32, &[u8], &[u8]) -> Option<bool>,
    /// That key's signature of a message, of ECDSA in DER.
    pub(crate) sign: fn(u32, &[u8]) -> Option<Vec<u8>>,
    /// Lets go of a key.
    pub(crate) forget: fn(u32),
}

thread_local! {
    static PLATFORM: Cell<Option<Platform>> = const { Cell::new(None) };
}

/// Has the platform do the work from now on, or no longer.
#[cfg_attr(not(all(feature = "npm-jwt", target_family = "wasm")), allow(dead_code, reason = "the boundary knows one"))]
pub(crate) fn set(platform: Option<Platform>) {
    PLATFORM.set(platform);
}

/// A private key that the platform may sign with.
pub(crate) trait PlatformPrivate: Send + Sync {
    /// The key in PKCS#8.
    fn pkcs8(&self) -> Option<Zeroizing<Vec<u8>>>;
    /// The curve of a key for ECDSA.
    fn curve(&self) -> Option<Curve>;
}

/// A public key that the platform may check signatures with.
pub(crate) trait PlatformPublic: Send + Sync {
    /// The key in SPKI.
    fn spki(&self) -> Option<Zeroizing<Vec<u8>>>;
    /// Whether the key is for ECDSA.
    fn is_ecdsa(&self) -> bool;
    /// Whether the bytes can be a signature of such a key, right or wrong.
    fn admits(&self, signature: &[u8]) -> bool;
}

/// A signer that leaves its work to the platform, and does it by itself where that declines.
pub(crate) fn signer(algorithm: &'static str, key: impl PlatformPrivate + 'static, own: BoxedSigner) -> BoxedSigner {
    Box::new(Delegating { algorithm, key, own, lent: OnceLock::new() })
}

/// A verifier that leaves its work to the platform, and does it by itself where that declines.
pub(crate) fn verifier(
    algorithm: &'static str,
    key: impl PlatformPublic + 'static,
    own: BoxedVerifier,
) -> BoxedVerifier {
    Box::new(Delegating { algorithm, key, own, lent: OnceLock::new() })
}

struct Delegating<K, O> {
    algorithm: &'static str,
    key: K,
    own: O,
    /// Once the platform was asked to take the key.
    lent: OnceLock<Option<Lent>>,
}

/// A key in the platform's hands.
struct Lent {
    number: u32,
    forget: fn(u32),
}

impl Drop for Lent {
    fn drop(&mut self) {
        (self.forget)(self.number);
    }
}

impl<K, O> Delegating<K, O> {
    /// The platform and the number of the key there.
    fn lend(&self, private: bool, document: impl Fn(&K) -> Option<Zeroizing<Vec<u8>>>) -> Option<(Platform, u32)> {
        let platform = PLATFORM.get()?;
        let lent = self.lent.get_or_init(|| {
            let number = (platform.take)(self.algorithm, private, &document(&self.key)?)?;
            Some(Lent { number, forget: platform.forget })
        });
        lent.as_ref().map(|lent| (platform, lent.number))
    }
}

/// Some platforms take DER for ECDSA and nothing else; others, as Node 24, are twice as fast by it.
fn to_platform(is_ecdsa: bool, signature: &[u8]) -> Cow<'_, [u8]> {
    if is_ecdsa { Cow::Owned(der::to_der(signature)) } else { Cow::Borrowed(signature) }
}

fn from_platform(curve: Option<Curve>, signature: Vec<u8>) -> Option<Vec<u8>> {
    match curve {
        Some(curve) => der::from_der(curve, &signature),
        None => Some(signature),
    }
}

impl<K: PlatformPrivate> Signer<Vec<u8>> for Delegating<K, BoxedSigner> {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let signature = self
            .lend(true, K::pkcs8)
            .and_then(|(platform, number)| (platform.sign)(number, message))
            .and_then(|signature| from_platform(self.key.curve(), signature));
        signature.map_or_else(|| self.own.try_sign(message), Ok)
    }
}

impl<K: PlatformPublic> Verifier<Vec<u8>> for Delegating<K, BoxedVerifier> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        if !self.key.admits(signature) {
            return Err(SignatureError::new());
        }
        let verdict = self.lend(false, K::spki).and_then(|(platform, number)| {
            (platform.verify)(number, message, &to_platform(self.key.is_ecdsa(), signature))
        });
        match verdict {
            Some(true) => Ok(()),
            Some(false) => Err(SignatureError::new()),
            None => self.own.verify(message, signature),
        }
    }
}
