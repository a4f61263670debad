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

use super::ecdsa::der;
use super::{BoxedSigner, BoxedVerifier};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::key::document::{KeyForm, write};
use crate::jwt::key::material::{Material, PrivateKey, PublicKey};

/// What the platform does. Each function may decline by giving nothing.
#[derive(Clone, Copy)]
pub(crate) struct Platform {
    /// Takes over a private key (PKCS#8) or, where that is false, a public one (SPKI), and gives it a number.
    pub(crate) take: fn(Algorithm, bool, &[u8]) -> Option<u32>,
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

/// A signer that leaves its work to the platform, and does it by itself where that declines.
pub(crate) fn signer(algorithm: Algorithm, key: PrivateKey, own: BoxedSigner) -> BoxedSigner {
    Box::new(Delegating { algorithm, key, own, lent: OnceLock::new() })
}

/// A verifier that leaves its work to the platform, and does it by itself where that declines.
pub(crate) fn verifier(algorithm: Algorithm, key: PublicKey, own: BoxedVerifier) -> BoxedVerifier {
    Box::new(Delegating { algorithm, key, own, lent: OnceLock::new() })
}

struct Delegating<K, O> {
    algorithm: Algorithm,
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
    fn lend(&self, form: KeyForm, material: impl Fn() -> Material) -> Option<(Platform, u32)> {
        let platform = PLATFORM.get()?;
        let lent = self.lent.get_or_init(|| {
            let document = write(form, &material()).ok()?;
            let number = (platform.take)(self.algorithm, form == KeyForm::Pkcs8, &document)?;
            Some(Lent { number, forget: platform.forget })
        });
        lent.as_ref().map(|lent| (platform, lent.number))
    }
}

/// Some platforms take DER for ECDSA and nothing else; others, as Node 24, are twice as fast by it.
fn to_platform(algorithm: Algorithm, signature: &[u8]) -> Cow<'_, [u8]> {
    match algorithm.family() {
        Family::Ecdsa(_) => Cow::Owned(der::to_der(signature)),
        _ => Cow::Borrowed(signature),
    }
}

fn from_platform(algorithm: Algorithm, signature: Vec<u8>) -> Option<Vec<u8>> {
    match algorithm.family() {
        Family::Ecdsa(curve) => der::from_der(curve, &signature),
        _ => Some(signature),
    }
}

impl Signer<Vec<u8>> for Delegating<PrivateKey, BoxedSigner> {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let signature = self
            .lend(KeyForm::Pkcs8, || Material::Private(self.key.clone()))
            .and_then(|(platform, number)| (platform.sign)(number, message))
            .and_then(|signature| from_platform(self.algorithm, signature));
        signature.map_or_else(|| self.own.try_sign(message), Ok)
    }
}

impl Verifier<Vec<u8>> for Delegating<PublicKey, BoxedVerifier> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        if !self.key.admits(signature) {
            return Err(SignatureError::new());
        }
        let verdict = self
            .lend(KeyForm::Spki, || Material::Public(self.key.clone()))
            .and_then(|(platform, number)| (platform.verify)(number, message, &to_platform(self.algorithm, signature)));
        match verdict {
            Some(true) => Ok(()),
            Some(false) => Err(SignatureError::new()),
            None => self.own.verify(message, signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;

    use super::*;
    use crate::jwt::{Key, KeyOptions, provider};

    thread_local! {
        static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
        static ANSWER: Cell<Option<bool>> = const { Cell::new(None) };
    }

    fn log(line: String) {
        LOG.with_borrow_mut(|lines| lines.push(line));
    }

    fn logged() -> Vec<String> {
        LOG.take()
    }

    const PLATFORM: Platform = Platform {
        take: |algorithm, private, document| {
            log(format!("take {algorithm} {private} {}", document.first().copied().unwrap_or_default()));
            (algorithm != Algorithm::Es512).then_some(7)
        },
        verify: |number, message, signature| {
            log(format!("verify {number} {} {}", message.len(), signature.len()));
            ANSWER.get()
        },
        sign: |number, message| {
            log(format!("sign {number} {}", message.len()));
            ANSWER.get().map(|_| vec![0x30, 6, 2, 1, 7, 2, 1, 9])
        },
        forget: |number| log(format!("forget {number}")),
    };

    fn key(algorithm: Algorithm) -> Key {
        Key::generate(algorithm, &KeyOptions::default()).unwrap()
    }

    #[test]
    fn leaves_to_the_platform_what_it_takes_and_forgets_it_with_the_key() {
        set(Some(PLATFORM));
        let key = key(Algorithm::Es256);
        ANSWER.set(Some(true));
        let signature = provider::signer(&key).unwrap().sign(b"message");
        assert_eq!(signature, [vec![0; 31], vec![7], vec![0; 31], vec![9]].concat());
        // A right signature, by the platform's word.
        assert!(provider::verifier(&key).unwrap().verify(b"message", &vec![1; 64]).is_ok());
        ANSWER.set(Some(false));
        assert!(provider::verifier(&key).unwrap().verify(b"message", &vec![1; 64]).is_err());
        let lines = ["take ES256 true 48", "sign 7 7", "take ES256 false 48", "verify 7 7 70", "verify 7 7 70"];
        assert_eq!(logged(), lines);
        drop(key);
        assert_eq!(logged(), ["forget 7", "forget 7"]);
    }

    #[test]
    fn asks_nobody_about_a_signature_that_is_ill_formed() {
        set(Some(PLATFORM));
        ANSWER.set(Some(true));
        let es256 = key(Algorithm::Es256);
        let verifier = provider::verifier(&es256).unwrap();
        let zero_s = [vec![1; 32], vec![0; 32]].concat();
        for signature in [vec![], vec![1; 63], vec![1; 65], vec![0; 64], vec![255; 64], zero_s] {
            assert!(verifier.verify(b"message", &signature).is_err());
        }
        let rs256 = key(Algorithm::Rs256);
        let verifier = provider::verifier(&rs256).unwrap();
        for signature in [vec![], vec![1; 255], vec![1; 257], vec![255; 256]] {
            assert!(verifier.verify(b"message", &signature).is_err());
        }
        assert!(logged().is_empty());
    }

    #[test]
    fn does_by_itself_what_the_platform_declines() {
        set(Some(PLATFORM));
        ANSWER.set(None);
        for algorithm in [Algorithm::Es256, Algorithm::Es512, Algorithm::Ps256] {
            let key = key(algorithm);
            let signature = provider::signer(&key).unwrap().sign(b"message");
            assert!(provider::verifier(&key).unwrap().verify(b"message", &signature).is_ok());
            assert!(provider::verifier(&key).unwrap().verify(b"another", &signature).is_err());
        }
    }

    #[test]
    fn keeps_secrets_and_checks_by_ed25519_to_itself() {
        set(Some(PLATFORM));
        ANSWER.set(None);
        for (algorithm, asked) in [(Algorithm::EdDsa, &["take EdDSA true 48", "sign 7 7"][..]), (Algorithm::Hs256, &[])]
        {
            let key = key(algorithm);
            let signature = provider::signer(&key).unwrap().sign(b"message");
            assert!(provider::verifier(&key).unwrap().verify(b"message", &signature).is_ok());
            assert_eq!(logged(), asked);
            drop(key);
            logged();
        }
    }
}
