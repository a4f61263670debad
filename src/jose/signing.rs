//! Makes a signer or a verifier from key material and an algorithm.

use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Family};
use super::document::{KeyForm, spki, write};
use super::material::{Material, PrivateKey, PublicKey, wrong_kind};
use crate::Error;
use crate::crypto::curve::Curve;
use crate::crypto::ed25519_form;
use crate::crypto::platform::{self, PlatformPrivate, PlatformPublic};
use crate::crypto::signature::{BoxedSigner, BoxedVerifier};

impl PrivateKey {
    /// The signer for an algorithm.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): the key's kind does not fit the algorithm.
    pub(crate) fn signer(&self, algorithm: Algorithm) -> Result<BoxedSigner, Error> {
        match (self, algorithm.family()) {
            (Self::Ec(secret), Family::Ecdsa(curve)) if secret.curve() == curve => {
                Ok(platform::signer(algorithm.name(), self.clone(), secret.clone().into_signer()))
            }
            (Self::Ed25519(secret), Family::Ed25519) => {
                Ok(platform::signer(algorithm.name(), self.clone(), secret.clone().into_signer()))
            }
            (Self::MlDsa(secret), Family::MlDsa(set)) if secret.set() == set => {
                Ok(platform::signer(algorithm.name(), self.clone(), secret.clone().into_signer()))
            }
            (Self::Rsa(secret), Family::Rsa(padding, digest)) => {
                secret.public().expect_use(padding, digest)?;
                Ok(platform::signer(algorithm.name(), self.clone(), secret.clone().into_signer(padding, digest)))
            }
            _ => Err(wrong_kind(self.description(), algorithm)),
        }
    }
}

impl PublicKey {
    /// The verifier for an algorithm.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): the key's kind does not fit the algorithm.
    pub(crate) fn verifier(&self, algorithm: Algorithm) -> Result<BoxedVerifier, Error> {
        match (self, algorithm.family()) {
            (Self::Ec(public), Family::Ecdsa(curve)) if public.curve() == curve => {
                Ok(platform::verifier(algorithm.name(), self.clone(), public.clone().into_verifier()))
            }
            (Self::Ed25519(public), Family::Ed25519) => {
                Ok(platform::verifier(algorithm.name(), self.clone(), public.into_verifier()))
            }
            (Self::MlDsa(public), Family::MlDsa(set)) if public.set() == set => {
                Ok(platform::verifier(algorithm.name(), self.clone(), public.clone().into_verifier()))
            }
            (Self::Rsa(public), Family::Rsa(padding, digest)) => {
                public.expect_use(padding, digest)?;
                Ok(platform::verifier(algorithm.name(), self.clone(), public.clone().into_verifier(padding, digest)))
            }
            _ => Err(wrong_kind(self.description(), algorithm)),
        }
    }
}

impl PlatformPrivate for PrivateKey {
    fn pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        write(KeyForm::Pkcs8, &Material::Private(self.clone())).ok()
    }

    fn curve(&self) -> Option<Curve> {
        match self {
            Self::Ec(secret) => Some(secret.curve()),
            Self::Ed25519(_) | Self::MlDsa(_) | Self::Rsa(_) => None,
        }
    }
}

impl PlatformPublic for PublicKey {
    fn spki(&self) -> Option<Zeroizing<Vec<u8>>> {
        // `WebCrypto` imports no key that is restricted to RSASSA-PSS. Its algorithm has been compared with the restriction.
        let key = match self.clone() {
            Self::Rsa(key) => Self::Rsa(key.restricted(None)),
            other => other,
        };
        Some(spki(&key))
    }

    fn is_ecdsa(&self) -> bool {
        matches!(self, Self::Ec(_))
    }

    fn admits(&self, signature: &[u8]) -> bool {
        match self {
            Self::Ec(public) => public.admits(signature),
            Self::Ed25519(_) => ed25519_form::admits(signature),
            Self::MlDsa(public) => public.admits(signature),
            Self::Rsa(public) => public.admits(signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::cell::{Cell, RefCell};

    use crate::crypto::platform::{Platform, set};
    use crate::jwt::{Algorithm, Key, KeyOptions, provider};

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
            (algorithm != "ES512").then_some(7)
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
        answers_later: false,
    };

    fn key(algorithm: Algorithm) -> Key {
        Key::generate(algorithm, &KeyOptions::default()).unwrap()
    }

    #[test]
    fn uses_the_platform_and_releases_its_keys_on_drop() {
        set(Some(PLATFORM));
        let key = key(Algorithm::Es256);
        ANSWER.set(Some(true));
        let signature = provider::signer(&key).unwrap().sign(b"message");
        assert_eq!(signature, [vec![0; 31], vec![7], vec![0; 31], vec![9]].concat());
        // The platform says that the signature is valid.
        assert!(provider::verifier(&key).unwrap().verify(b"message", &vec![1; 64]).is_ok());
        ANSWER.set(Some(false));
        assert!(provider::verifier(&key).unwrap().verify(b"message", &vec![1; 64]).is_err());
        let lines = ["take ES256 true 48", "sign 7 7", "take ES256 false 48", "verify 7 7 70", "verify 7 7 70"];
        assert_eq!(logged(), lines);
        drop(key);
        assert_eq!(logged(), ["forget 7", "forget 7"]);
    }

    #[test]
    fn passes_an_ecdsa_signature_as_it_is_in_the_token() {
        set(Some(Platform { answers_later: true, ..PLATFORM }));
        ANSWER.set(Some(true));
        assert!(provider::verifier(&key(Algorithm::Es256)).unwrap().verify(b"message", &vec![1; 64]).is_ok());
        assert_eq!(logged().get(1).map(String::as_str), Some("verify 7 7 64"));
    }

    #[test]
    fn refuses_malformed_signatures_without_asking_the_platform() {
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
    fn falls_back_when_the_platform_declines() {
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
    fn asks_the_platform_about_ed25519_if_the_form_is_strict() {
        set(Some(PLATFORM));
        let key = key(Algorithm::EdDsa);
        let verifier = provider::verifier(&key).unwrap();
        ANSWER.set(Some(true));
        assert!(verifier.verify(b"message", &[vec![9; 32], vec![1; 32]].concat()).is_ok());
        assert_eq!(logged(), ["take EdDSA false 48", "verify 7 7 64"]);
        for signature in [vec![], vec![1; 63], vec![0; 64], vec![255; 64], [vec![9; 32], vec![255; 32]].concat()] {
            assert!(verifier.verify(b"message", &signature).is_err());
        }
        assert!(logged().is_empty());
    }

    #[test]
    fn never_gives_the_platform_secrets() {
        set(Some(PLATFORM));
        ANSWER.set(None);
        let key = key(Algorithm::Hs256);
        let signature = provider::signer(&key).unwrap().sign(b"message");
        assert!(provider::verifier(&key).unwrap().verify(b"message", &signature).is_ok());
        assert!(logged().is_empty());
    }
}
