//! The cryptography: signers and verifiers, each built once from a key and kept.
//!
//! They are plain `jsonwebtoken` [`JwtSigner`]s and [`JwtVerifier`]s on current RustCrypto crates, so the same code
//! serves this crate's [`Key`](super::Key) and, through [`PROVIDER`], anything that already uses `jsonwebtoken`.

mod ed25519;
mod hmac;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error as TheirError, ErrorKind, Result as TheirResult};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash as TheirHash};
use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, EncodingKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::algorithm::{Algorithm, Digest, Family};
use super::key::pem;
use crate::Error;

pub(crate) use ed25519::{Ed25519Public, Ed25519Secret};

/// A signer that is kept in a key and may be used from any thread.
pub(crate) type BoxedSigner = Box<dyn JwtSigner + Send + Sync>;
/// A verifier that is kept in a key and may be used from any thread.
pub(crate) type BoxedVerifier = Box<dyn JwtVerifier + Send + Sync>;

/// The HMAC signer of an algorithm, with both of its inner states computed.
pub(crate) fn hmac_signer(digest: Digest, secret: &[u8]) -> BoxedSigner {
    Box::new(hmac::HmacKey::new(digest, secret))
}

/// The HMAC verifier of an algorithm, with both of its inner states computed.
pub(crate) fn hmac_verifier(digest: Digest, secret: &[u8]) -> BoxedVerifier {
    Box::new(hmac::HmacKey::new(digest, secret))
}

/// This crate's cryptography as a provider for the `jsonwebtoken` crate, for HS256, HS384, HS512 and EdDSA.
///
/// Its primitives are those of this crate; the rules of this crate (key policy, claims, headers) are not part of it:
/// `jsonwebtoken::decode` judges a token by its own rules.
///
/// ```
/// use countersign::jwt::provider::PROVIDER;
/// use jsonwebtoken::{EncodingKey, Header, encode};
///
/// PROVIDER.install_default().expect("no other provider was installed before");
/// let key = EncodingKey::from_secret(&[7; 32]);
/// assert!(encode(&Header::default(), &serde_json::json!({ "sub": "alice" }), &key).is_ok());
/// ```
pub static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory,
    verifier_factory,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ec_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ed_pub_components_from_private_key,
        compute_digest,
    },
};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is the provider's")]
fn signer_factory(algorithm: &TheirAlgorithm, key: &EncodingKey) -> TheirResult<Box<dyn JwtSigner>> {
    match family_of(*algorithm, key.family())? {
        Family::Ed25519 => {
            Ok(pem::ed25519_secret_from_pkcs8(key.as_bytes()).map_err(|error| theirs(&error))?.into_signer())
        }
        Family::Hmac(digest) => Ok(hmac_signer(digest, key.as_bytes())),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is the provider's")]
fn verifier_factory(algorithm: &TheirAlgorithm, key: &DecodingKey) -> TheirResult<Box<dyn JwtVerifier>> {
    let bytes = key.try_get_as_bytes()?;
    match family_of(*algorithm, key.family())? {
        Family::Ed25519 => Ok(Ed25519Public::from_bytes(bytes).map_err(|error| theirs(&error))?.into_verifier()),
        Family::Hmac(digest) => Ok(hmac_verifier(digest, bytes)),
    }
}

/// The family of an algorithm we have, if the key is of that family too.
fn family_of(algorithm: TheirAlgorithm, key: jsonwebtoken::AlgorithmFamily) -> TheirResult<Family> {
    let ours = Algorithm::from_jsonwebtoken(algorithm).ok_or(ErrorKind::UnsupportedAlgorithm)?;
    if algorithm.family() == key { Ok(ours.family()) } else { Err(ErrorKind::InvalidKeyFormat.into()) }
}

fn ed_pub_components_from_private_key(pkcs8: &[u8], curve: &EllipticCurve) -> TheirResult<Vec<u8>> {
    match curve {
        EllipticCurve::Ed25519 => {
            Ok(pem::ed25519_secret_from_pkcs8(pkcs8).map_err(|error| theirs(&error))?.public_bytes().to_vec())
        }
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is the provider's")]
fn compute_digest(data: &[u8], hash: TheirHash) -> TheirResult<Vec<u8>> {
    Ok(match hash {
        TheirHash::SHA256 => Sha256::digest(data).to_vec(),
        TheirHash::SHA384 => Sha384::digest(data).to_vec(),
        TheirHash::SHA512 => Sha512::digest(data).to_vec(),
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    })
}

fn theirs(error: &Error) -> TheirError {
    ErrorKind::Provider(error.to_string()).into()
}
