//! Encryption key material: the numbers of a key, before it is bound to an algorithm.

use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::crypto::curve::Curve;
use crate::crypto::rsa::{RsaPublic, RsaSecret};
use crate::jose::document::DocumentError;
use crate::jose::material as signing;
use crate::jose::usage::{no_public_half, usage_error};
use crate::jwe::agreement::{Curve as AgreementCurve, Private as AgreementPrivate, Public as AgreementPublic};
use crate::jwe::algorithm::{Algorithm, Family};
use crate::{Error, ErrorCode};

/// The material of any kind of key. Large variants are boxed: moving an enum copies the bytes of its largest variant,
/// and the unused bytes of a smaller one may hold remains of private keys from the stack.
#[derive(Clone)]
pub(crate) enum Material {
    Password(Password),
    Private(PrivateKey),
    Public(Box<PublicKey>),
    Secret(Zeroizing<Vec<u8>>),
    /// A private key or a secret that is not in this process.
    Elsewhere(Box<Elsewhere>),
}

/// A key that is kept elsewhere: its known parts, and the answers so far.
#[derive(Clone, Default)]
pub(crate) struct Elsewhere {
    pub(super) public: Option<Box<PublicKey>>,
    /// The curve of a key for ECDH-ES.
    pub(super) curve: Option<AgreementCurve>,
    pub(super) answers: Vec<Answer>,
    /// The last question without an answer.
    pub(super) open: Arc<Mutex<Option<Vec<u8>>>>,
}

/// A question, and its answer if there is one.
#[derive(Clone)]
pub(super) struct Answer {
    question: Vec<u8>,
    answer: Option<Zeroizing<Vec<u8>>>,
}

/// A password, and the number of PBKDF2 iterations for new tokens.
#[derive(Clone)]
pub(crate) struct Password {
    pub(crate) text: Zeroizing<Vec<u8>>,
    pub(crate) iterations: u32,
}

/// A private key, which includes its public key.
#[derive(Clone)]
pub(crate) enum PrivateKey {
    Agreement(AgreementPrivate),
    Rsa(RsaSecret),
}

/// A public key.
#[derive(Clone)]
pub(crate) enum PublicKey {
    Agreement(AgreementPublic),
    Rsa(RsaPublic),
}

impl Elsewhere {
    /// The public half.
    ///
    /// # Errors
    /// - [`KeyUsage`](crate::ErrorCode::KeyUsage): it is not known.
    pub(crate) fn public(&self) -> Result<&PublicKey, Error> {
        self.public.as_deref().ok_or_else(no_public_half)
    }

    /// The curve of a key for ECDH-ES, which always has one.
    pub(crate) fn agreement_curve(&self) -> AgreementCurve {
        self.curve.unwrap_or_default()
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// - [`KeyUsage`](crate::ErrorCode::KeyUsage): there is none yet.
    pub(crate) fn answer(&self, question: &[u8]) -> Result<Option<&Zeroizing<Vec<u8>>>, Error> {
        if let Some(known) = self.answers.iter().find(|known| known.question == question) {
            return Ok(known.answer.as_ref());
        }
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(question.to_vec());
        Err(usage_error("this key is kept elsewhere: use the function that ends in Async"))
    }

    pub(super) fn take_question(&self) -> Option<Vec<u8>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn add(&mut self, question: &[u8], answer: Option<Zeroizing<Vec<u8>>>) {
        self.answers.push(Answer { question: question.to_vec(), answer });
    }

    /// Whether both are clones of one key.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.open, &other.open)
    }
}

impl PrivateKey {
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Agreement(private) => PublicKey::Agreement(private.public()),
            Self::Rsa(secret) => PublicKey::Rsa(secret.public()),
        }
    }
}

impl Material {
    /// Converts material that was read as a signing key, if it fits this encryption algorithm.
    ///
    /// # Errors
    /// - [`KeyInvalid`](crate::ErrorCode::KeyInvalid): the key's kind does not fit the algorithm.
    pub(super) fn from_signing(material: signing::Material, algorithm: Algorithm) -> Result<Self, Error> {
        use signing::{PrivateKey as TheirPrivate, PublicKey as TheirPublic};
        Ok(match (material, algorithm.family()) {
            (signing::Material::Private(TheirPrivate::Ec(secret)), Family::EcdhEs(_)) => {
                Self::Private(PrivateKey::Agreement(AgreementPrivate::Ec(secret)))
            }
            (signing::Material::Public(TheirPublic::Ec(public)), Family::EcdhEs(_)) => {
                Self::Public(Box::new(PublicKey::Agreement(AgreementPublic::Ec(public))))
            }
            // An RSASSA-PSS key must not be used for anything else (RFC 4055 §1.2).
            (signing::Material::Private(TheirPrivate::Rsa(secret)), Family::RsaOaep(_)) if secret.pss().is_none() => {
                Self::Private(PrivateKey::Rsa(secret))
            }
            (signing::Material::Public(TheirPublic::Rsa(public)), Family::RsaOaep(_)) if public.pss().is_none() => {
                Self::Public(Box::new(PublicKey::Rsa(public)))
            }
            (material, _) => return Err(wrong_kind(kind_of(&material), algorithm)),
        })
    }
}

impl PrivateKey {
    /// The same material as a signing key, for export. `None` for a kind of key that cannot sign.
    pub(super) fn to_signing(&self) -> Option<signing::PrivateKey> {
        match self {
            Self::Agreement(AgreementPrivate::Ec(secret)) => Some(signing::PrivateKey::Ec(secret.clone())),
            Self::Agreement(AgreementPrivate::X25519(_)) => None,
            Self::Rsa(secret) => Some(signing::PrivateKey::Rsa(secret.clone())),
        }
    }
}

impl PublicKey {
    /// Like [`PrivateKey::to_signing`].
    pub(super) fn to_signing(&self) -> Option<signing::PublicKey> {
        match self {
            Self::Agreement(AgreementPublic::Ec(public)) => Some(signing::PublicKey::Ec(public.clone())),
            Self::Agreement(AgreementPublic::X25519(_)) => None,
            Self::Rsa(public) => Some(signing::PublicKey::Rsa(public.clone())),
        }
    }
}

fn kind_of(material: &signing::Material) -> &'static str {
    match material {
        signing::Material::Private(signing::PrivateKey::Ec(secret)) => kind_of_curve(secret.curve()),
        signing::Material::Public(signing::PublicKey::Ec(public)) => kind_of_curve(public.curve()),
        signing::Material::Private(signing::PrivateKey::Ed25519(_))
        | signing::Material::Public(signing::PublicKey::Ed25519(_)) => "an Ed25519 key",
        signing::Material::Private(signing::PrivateKey::Rsa(secret)) if secret.pss().is_some() => "an RSA-PSS key",
        signing::Material::Public(signing::PublicKey::Rsa(public)) if public.pss().is_some() => "an RSA-PSS key",
        signing::Material::Private(_) | signing::Material::Public(_) => "an RSA key",
        signing::Material::Secret(_) | signing::Material::Elsewhere(_) => "a secret",
    }
}

const fn kind_of_curve(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "a P-256 key",
        Curve::P384 => "a P-384 key",
        Curve::P521 => "a P-521 key",
    }
}

/// The error for a key whose kind does not fit the algorithm.
pub(super) fn wrong_kind(found: &str, algorithm: Algorithm) -> Error {
    let needs = match algorithm.family() {
        Family::AesGcmKw(_) | Family::AesKw(_) | Family::Dir(_) => "a secret",
        Family::EcdhEs(_) => "a P-256, P-384, P-521 or X25519 key",
        Family::Pbes2(..) => "a password",
        Family::RsaOaep(_) => "an RSA key",
    };
    Error::new(ErrorCode::KeyInvalid, format!("this is {found}; alg \"{algorithm}\" needs {needs}"))
}

/// The error for a document or JWK that contains no key for `algorithm`.
pub(super) fn against(fault: DocumentError, algorithm: Algorithm) -> Error {
    match fault {
        DocumentError::Invalid(error) => error,
        DocumentError::Unknown(kind) => wrong_kind(kind, algorithm),
    }
}
