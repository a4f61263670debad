//! Key material: the numbers of a key, before it is bound to an algorithm.

use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Family};
use crate::crypto::curve::Curve;
use crate::crypto::ecdsa::{EcPublic, EcSecret};
use crate::crypto::ed25519::{Ed25519Public, Ed25519Secret};
use crate::crypto::ml_dsa::{MlDsaPublic, MlDsaSecret, ParameterSet};
use crate::crypto::rsa::{Padding, RsaPublic, RsaSecret};
use crate::{Error, ErrorCode};

/// The material of any kind of key.
pub(crate) enum Material {
    Private(PrivateKey),
    Public(PublicKey),
    Secret(Zeroizing<Vec<u8>>),
    /// A private key or a secret that is not in this process, and its public half if that is known.
    Elsewhere(Option<PublicKey>),
}

/// A private key, which includes its public key.
#[derive(Clone)]
pub(crate) enum PrivateKey {
    Ec(EcSecret),
    Ed25519(Ed25519Secret),
    MlDsa(MlDsaSecret),
    Rsa(RsaSecret),
}

/// A public key.
#[derive(Clone)]
pub(crate) enum PublicKey {
    Ec(EcPublic),
    Ed25519(Ed25519Public),
    MlDsa(MlDsaPublic),
    Rsa(RsaPublic),
}

impl PrivateKey {
    /// The public key.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the Ed25519 public key is of small order. This does not happen with derived keys.
    pub(crate) fn public(&self) -> Result<PublicKey, Error> {
        Ok(match self {
            Self::Ec(secret) => PublicKey::Ec(secret.public()),
            Self::Ed25519(secret) => PublicKey::Ed25519(Ed25519Public::from_bytes(&secret.public_bytes())?),
            Self::MlDsa(secret) => PublicKey::MlDsa(secret.public().clone()),
            Self::Rsa(secret) => PublicKey::Rsa(secret.public()),
        })
    }

    pub(crate) fn description(&self) -> &'static str {
        match self {
            Self::Ec(secret) => match secret.curve() {
                Curve::P256 => "a P-256 private key",
                Curve::P384 => "a P-384 private key",
                Curve::P521 => "a P-521 private key",
            },
            Self::Ed25519(_) => "an Ed25519 private key",
            Self::MlDsa(secret) => match secret.set() {
                ParameterSet::MlDsa44 => "an ML-DSA-44 private key",
                ParameterSet::MlDsa65 => "an ML-DSA-65 private key",
                ParameterSet::MlDsa87 => "an ML-DSA-87 private key",
            },
            Self::Rsa(_) => "an RSA private key",
        }
    }
}

impl PublicKey {
    pub(crate) fn description(&self) -> &'static str {
        match self {
            Self::Ec(public) => match public.curve() {
                Curve::P256 => "a P-256 public key",
                Curve::P384 => "a P-384 public key",
                Curve::P521 => "a P-521 public key",
            },
            Self::Ed25519(_) => "an Ed25519 public key",
            Self::MlDsa(public) => match public.set() {
                ParameterSet::MlDsa44 => "an ML-DSA-44 public key",
                ParameterSet::MlDsa65 => "an ML-DSA-65 public key",
                ParameterSet::MlDsa87 => "an ML-DSA-87 public key",
            },
            Self::Rsa(_) => "an RSA public key",
        }
    }
}

impl Family {
    /// The kind of key that an algorithm of this family needs.
    const fn needs(self) -> &'static str {
        match self {
            Self::Ecdsa(Curve::P256) => "a P-256 key",
            Self::Ecdsa(Curve::P384) => "a P-384 key",
            Self::Ecdsa(Curve::P521) => "a P-521 key",
            Self::Ed25519 => "an Ed25519 key",
            Self::Hmac(_) => "a secret",
            Self::MlDsa(ParameterSet::MlDsa44) => "an ML-DSA-44 key",
            Self::MlDsa(ParameterSet::MlDsa65) => "an ML-DSA-65 key",
            Self::MlDsa(ParameterSet::MlDsa87) => "an ML-DSA-87 key",
            Self::Rsa(Padding::Pkcs1 | Padding::Pss, _) => "an RSA key",
        }
    }
}

/// The error for a key whose kind does not fit the algorithm.
pub(crate) fn wrong_kind(found: &str, algorithm: Algorithm) -> Error {
    let needs = algorithm.family().needs();
    Error::new(ErrorCode::KeyInvalid, format!("this is {found}; alg \"{algorithm}\" needs {needs}"))
}

/// The error for an algorithm that is not the one of a key.
pub(crate) fn other_algorithm(own: Algorithm) -> Error {
    Error::new(ErrorCode::KeyInvalid, format!("the key is for {own} only"))
}
