//! What a key is, number by number, before an algorithm is bound to it.

use zeroize::Zeroizing;

use crate::jwt::algorithm::{Algorithm, Curve, Family, Padding};
use crate::jwt::provider::{
    BoxedSigner, BoxedVerifier, EcPublic, EcSecret, Ed25519Public, Ed25519Secret, RsaPublic, RsaSecret,
    platform_signer, platform_verifier,
};
use crate::{Error, ErrorCode};

/// A key's numbers.
pub(crate) enum Material {
    Private(PrivateKey),
    Public(PublicKey),
    Secret(Zeroizing<Vec<u8>>),
}

/// The private half of a pair, which contains the public one.
#[derive(Clone)]
pub(crate) enum PrivateKey {
    Ec(EcSecret),
    Ed25519(Ed25519Secret),
    Rsa(RsaSecret),
}

/// The public half of a pair.
#[derive(Clone)]
pub(crate) enum PublicKey {
    Ec(EcPublic),
    Ed25519(Ed25519Public),
    Rsa(RsaPublic),
}

impl PrivateKey {
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: an Ed25519 key whose public half is of small order, of which there is none.
    pub(crate) fn public(&self) -> Result<PublicKey, Error> {
        Ok(match self {
            Self::Ec(secret) => PublicKey::Ec(secret.public()),
            Self::Ed25519(secret) => PublicKey::Ed25519(Ed25519Public::from_bytes(&secret.public_bytes())?),
            Self::Rsa(secret) => PublicKey::Rsa(secret.public()),
        })
    }

    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: a key of another kind than the algorithm wants.
    pub(crate) fn signer(&self, algorithm: Algorithm) -> Result<BoxedSigner, Error> {
        match (self, algorithm.family()) {
            (Self::Ec(secret), Family::Ecdsa(curve)) if secret.curve() == curve => {
                Ok(platform_signer(algorithm, self.clone(), secret.clone().into_signer()))
            }
            (Self::Ed25519(secret), Family::Ed25519) => {
                Ok(platform_signer(algorithm, self.clone(), secret.clone().into_signer()))
            }
            (Self::Rsa(secret), Family::Rsa(padding, digest)) => {
                secret.public().expect_use(padding, digest)?;
                Ok(platform_signer(algorithm, self.clone(), secret.clone().into_signer(padding, digest)))
            }
            _ => Err(wrong_kind(self.description(), algorithm)),
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Ec(secret) => match secret.curve() {
                Curve::P256 => "a P-256 private key",
                Curve::P384 => "a P-384 private key",
                Curve::P521 => "a P-521 private key",
            },
            Self::Ed25519(_) => "an Ed25519 private key",
            Self::Rsa(_) => "an RSA private key",
        }
    }
}

impl PublicKey {
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: a key of another kind than the algorithm wants.
    pub(crate) fn verifier(&self, algorithm: Algorithm) -> Result<BoxedVerifier, Error> {
        match (self, algorithm.family()) {
            (Self::Ec(public), Family::Ecdsa(curve)) if public.curve() == curve => {
                Ok(platform_verifier(algorithm, self.clone(), public.clone().into_verifier()))
            }
            (Self::Ed25519(public), Family::Ed25519) => Ok(public.into_verifier()),
            (Self::Rsa(public), Family::Rsa(padding, digest)) => {
                public.expect_use(padding, digest)?;
                Ok(platform_verifier(algorithm, self.clone(), public.clone().into_verifier(padding, digest)))
            }
            _ => Err(wrong_kind(self.description(), algorithm)),
        }
    }

    /// Whether the bytes can be a signature of such a key, right or wrong: of RSA below the modulus and as long, of ECDSA
    /// two numbers in range.
    pub(crate) fn admits(&self, signature: &[u8]) -> bool {
        match self {
            Self::Ec(public) => public.admits(signature),
            Self::Ed25519(_) => signature.len() == 64,
            Self::Rsa(public) => public.admits(signature),
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Ec(public) => match public.curve() {
                Curve::P256 => "a P-256 public key",
                Curve::P384 => "a P-384 public key",
                Curve::P521 => "a P-521 public key",
            },
            Self::Ed25519(_) => "an Ed25519 public key",
            Self::Rsa(_) => "an RSA public key",
        }
    }
}

impl Family {
    /// What an algorithm of this family is used with.
    const fn wants(self) -> &'static str {
        match self {
            Self::Ecdsa(Curve::P256) => "a P-256 key",
            Self::Ecdsa(Curve::P384) => "a P-384 key",
            Self::Ecdsa(Curve::P521) => "a P-521 key",
            Self::Ed25519 => "an Ed25519 key",
            Self::Hmac(_) => "a secret",
            Self::Rsa(Padding::Pkcs1 | Padding::Pss, _) => "an RSA key",
        }
    }
}

/// The error for a key of one kind offered to an algorithm of another.
pub(crate) fn wrong_kind(found: &str, algorithm: Algorithm) -> Error {
    let wants = algorithm.family().wants();
    Error::new(ErrorCode::KeyInvalid, format!("this is {found}; alg \"{algorithm}\" wants {wants}"))
}
