//! Runs RSA, ECDSA and Ed25519 on the platform's own cryptography (`node:crypto`, `WebCrypto`) where that is faster.
//!
//! The platform only does arithmetic. This crate parses and checks the key, selects it, and checks the form of the
//! signature before it asks the platform. If the platform declines, or there is none (every native program), this
//! crate's own code computes the same result.
//!
//! `WebCrypto` answers later. So the core runs a check twice: in the first run, the platform notes what it is asked and says
//! that the signature is invalid, which no error can turn into an acceptance. In the second run, it gives the answer.

use core::cell::Cell;
use std::borrow::Cow;
use std::sync::OnceLock;

use signature::{Error as SignatureError, Signer, Verifier};

use zeroize::Zeroizing;

use super::curve::Curve;
use super::ecdsa_der as der;
use super::signature::{BoxedSigner, BoxedVerifier};

/// The functions that the platform provides. Each may decline by returning `None`.
#[derive(Clone, Copy)]
pub(crate) struct Platform {
    /// Imports a key for the named algorithm and returns a handle. The flag says whether the bytes are a private key
    /// (PKCS#8) or a public key (SPKI).
    pub(crate) take: fn(&'static str, bool, &[u8]) -> Option<u32>,
    /// Verifies a signature: key handle, message, signature.
    pub(crate) verify: fn(u32, &[u8], &[u8]) -> Option<bool>,
    /// Signs a message: key handle, message. ECDSA signatures are in DER.
    pub(crate) sign: fn(u32, &[u8]) -> Option<Vec<u8>>,
    /// Releases a key handle.
    pub(crate) forget: fn(u32),
    /// Whether this is `WebCrypto`, which answers in the second run. It gets ECDSA signatures as they are in tokens.
    /// Otherwise, `verify` gets ECDSA signatures in DER.
    pub(crate) answers_later: bool,
}

thread_local! {
    static PLATFORM: Cell<Option<Platform>> = const { Cell::new(None) };
}

/// Sets the platform to use on this thread, or removes it.
#[cfg_attr(
    not(all(feature = "npm-verify", target_family = "wasm")),
    allow(dead_code, reason = "only the wasm boundary sets one")
)]
pub(crate) fn set(platform: Option<Platform>) {
    PLATFORM.set(platform);
}

/// A private key that can be handed to the platform for signing.
pub(crate) trait PlatformPrivate: Send + Sync {
    /// The key in PKCS#8.
    fn pkcs8(&self) -> Option<Zeroizing<Vec<u8>>>;
    /// The curve, for an ECDSA key.
    fn curve(&self) -> Option<Curve>;
}

/// A public key that can be handed to the platform for verifying.
pub(crate) trait PlatformPublic: Send + Sync {
    /// The key in SPKI.
    fn spki(&self) -> Option<Zeroizing<Vec<u8>>>;
    /// Whether the key is for ECDSA.
    fn is_ecdsa(&self) -> bool;
    /// Whether the bytes have the form of a signature by such a key. A platform need not check what this checks.
    fn admits(&self, signature: &[u8]) -> bool;
}

/// A signer that uses the platform, and `fallback` where the platform declines.
pub(crate) fn signer(
    algorithm: &'static str,
    key: impl PlatformPrivate + 'static,
    fallback: BoxedSigner,
) -> BoxedSigner {
    Box::new(Delegating { algorithm, key, fallback, imported: OnceLock::new() })
}

/// A verifier that uses the platform, and `fallback` where the platform declines.
pub(crate) fn verifier(
    algorithm: &'static str,
    key: impl PlatformPublic + 'static,
    fallback: BoxedVerifier,
) -> BoxedVerifier {
    Box::new(Delegating { algorithm, key, fallback, imported: OnceLock::new() })
}

struct Delegating<K, F> {
    algorithm: &'static str,
    key: K,
    fallback: F,
    /// Set on first use. `None` inside means that the platform declined the key.
    imported: OnceLock<Option<ImportedKey>>,
}

/// A key that the platform has imported, released on drop.
struct ImportedKey {
    handle: u32,
    forget: fn(u32),
}

impl Drop for ImportedKey {
    fn drop(&mut self) {
        (self.forget)(self.handle);
    }
}

impl<K, F> Delegating<K, F> {
    /// The platform and the handle of the key there. Imports the key on the first call.
    fn imported_key(
        &self,
        private: bool,
        document: impl Fn(&K) -> Option<Zeroizing<Vec<u8>>>,
    ) -> Option<(Platform, u32)> {
        let platform = PLATFORM.get()?;
        let imported = self.imported.get_or_init(|| {
            let handle = (platform.take)(self.algorithm, private, &document(&self.key)?)?;
            Some(ImportedKey { handle, forget: platform.forget })
        });
        imported.as_ref().map(|key| (platform, key.handle))
    }
}

/// Some versions of `node:crypto` accept ECDSA signatures in DER only. Others, such as Node 24, are twice as fast with DER.
fn to_platform(is_in_der: bool, signature: &[u8]) -> Cow<'_, [u8]> {
    if is_in_der { Cow::Owned(der::to_der(signature)) } else { Cow::Borrowed(signature) }
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
            .imported_key(true, K::pkcs8)
            .and_then(|(platform, handle)| (platform.sign)(handle, message))
            .and_then(|signature| from_platform(self.key.curve(), signature));
        signature.map_or_else(|| self.fallback.try_sign(message), Ok)
    }
}

impl<K: PlatformPublic> Verifier<Vec<u8>> for Delegating<K, BoxedVerifier> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        if !self.key.admits(signature) {
            return Err(SignatureError::new());
        }
        let answers_later = PLATFORM.get().is_some_and(|platform| platform.answers_later);
        let verdict = self.imported_key(false, K::spki).and_then(|(platform, handle)| {
            let is_in_der = !answers_later && self.key.is_ecdsa();
            (platform.verify)(handle, message, &to_platform(is_in_der, signature))
        });
        match verdict {
            Some(true) => Ok(()),
            Some(false) => Err(SignatureError::new()),
            None => self.fallback.verify(message, signature),
        }
    }
}
