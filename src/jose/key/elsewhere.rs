//! Keys that are not in this process: in a key management service, a hardware module, or the platform's own store.

use std::sync::Arc;

use signature::{Error as SignatureError, Verifier};

use super::{Inner, Key};
use crate::crypto::{ecdsa, ecdsa_der, rsa_form};
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::jwk::Certificates;
use crate::jose::material::{Material, other_algorithm};
use crate::jose::usage::Usage;
use crate::{Error, ErrorCode};

impl Key {
    /// A private key or an HMAC secret that is kept elsewhere. It signs in two steps:
    /// [`Signer::prepare`](crate::jwt::Signer::prepare) says what to sign, and the answer is given to
    /// [`Unsigned::add`](crate::jws::Unsigned::add). Every signature is checked with `public`, if it is given.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: `public` is for another algorithm.
    /// - [`ErrorCode::KeyUsage`]: `public` is a secret.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, KeyType};
    ///
    /// let public = Key::generate(Algorithm::Es256, &KeyOptions::default())?.public_key()?;
    /// let key = Key::elsewhere(Algorithm::Es256, Some("kms-1".into()), Some(&public))?;
    /// assert_eq!(key.key_type(), KeyType::Private);
    /// assert!(key.to_jwk(true).is_err());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn elsewhere(algorithm: Algorithm, kid: Option<String>, public: Option<&Self>) -> Result<Self, Error> {
        let public = match public {
            Some(key) if key.algorithm().family() != algorithm.family() => {
                return Err(other_algorithm(key.algorithm()));
            }
            Some(key) => match key.public_key()?.material() {
                Material::Public(public) => Some(public.clone()),
                _ => None,
            },
            None => None,
        };
        Self::new(algorithm, kid, Material::Elsewhere(public), Usage::ANY)
    }

    /// A key that verifies one signature: that of `input`, which the platform that has this secret found valid. It verifies
    /// nothing else. Without a signature, it verifies nothing, so that it finds every other fault of a token.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, Verifier, VerifyOptions, sign};
    ///
    /// let secret = Key::elsewhere(Algorithm::Hs256, None, None)?;
    /// let options = VerifyOptions::default();
    /// let verified = Verifier::new(&secret.having_verified(b"header.payload", None), &options)?.verify("a.b.c", 0.0);
    /// assert_eq!(verified.unwrap_err().to_string(), "header is not canonical base64url");
    /// # Ok::<(), countersign::Error>(())
    /// ```
    #[must_use]
    pub fn having_verified(&self, input: &[u8], signature: Option<&[u8]>) -> Self {
        let verifier = Known { input: input.to_vec(), signature: signature.map(<[u8]>::to_vec) };
        Self {
            kid: self.kid.clone(),
            inner: Arc::new(Inner {
                algorithm: self.algorithm(),
                material: Material::Elsewhere(None),
                usage: Usage::ANY,
                certificates: Certificates::default(),
                signer: None,
                verifier: Some(Box::new(verifier)),
            }),
        }
    }

    /// Whether the key itself is not in this process.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self.material(), Material::Elsewhere(_))
    }

    /// Refuses a key that cannot sign, here or elsewhere.
    ///
    /// # Errors
    /// Those of [`Key::signer`].
    pub(crate) fn expect_signing(&self) -> Result<(), Error> {
        if self.is_elsewhere() { Ok(()) } else { self.signer().map(drop) }
    }

    /// The signature of `input` from what a signer elsewhere has answered: of the right form, and verified if the public
    /// half is known.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUnavailable`]: it is no signature, or not the one of this key and input.
    pub(crate) fn read_signature(&self, input: &[u8], answer: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = self.read_unverified_signature(answer)?;
        match self.verifier() {
            Ok(verifier) if verifier.verify(input, &signature).is_err() => {
                let message = "the signer returned a signature of another key or of other data";
                Err(Error::new(ErrorCode::KeyUnavailable, message))
            }
            _ => Ok(signature),
        }
    }

    /// A signature in the form of RFC 7518 §3.
    ///
    /// ECDSA signatures may also be in DER. An answer that is as long as r and s together is read as r and s, never as
    /// DER: one in 2^40 signatures in DER is so short, and is then refused if the public half is known.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUnavailable`]: it is no signature.
    pub(crate) fn read_unverified_signature(&self, answer: &[u8]) -> Result<Vec<u8>, Error> {
        let family = self.algorithm().family();
        let signature = match family {
            Family::Ecdsa(curve) if answer.len() != curve.field_len().saturating_mul(2) => {
                ecdsa_der::from_der(curve, answer)
            }
            _ => Some(answer.to_vec()),
        };
        let fits = |signature: &Vec<u8>| match family {
            Family::Ecdsa(curve) => ecdsa::admits(curve, signature),
            Family::Ed25519 => signature.len() == 64,
            Family::Hmac(digest) => signature.len() == digest.len(),
            Family::MlDsa(set) => signature.len() == set.signature_len(),
            Family::Rsa(..) => rsa_form::admits_length(signature),
        };
        signature.filter(fits).ok_or_else(|| {
            let message = format!("the signer did not return an {} signature", self.algorithm());
            Error::new(ErrorCode::KeyUnavailable, message)
        })
    }
}

/// Verifies one signature of one message.
struct Known {
    input: Vec<u8>,
    signature: Option<Vec<u8>>,
}

impl Verifier<Vec<u8>> for Known {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let is_known = self.input == message && self.signature.as_ref() == Some(signature);
        if is_known { Ok(()) } else { Err(SignatureError::new()) }
    }
}
