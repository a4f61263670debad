//! Cryptography for other programs: a provider for the crate `jsonwebtoken`, and signers and verifiers for any bytes.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error as TheirError, ErrorKind, Result as TheirResult};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash as TheirHash};
use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::{Error as SignatureError, Signer, Verifier};

use crate::Error;
use crate::crypto::curve::Curve;
use crate::crypto::ecdsa::EcPublic;
use crate::crypto::ed25519::Ed25519Public;
use crate::crypto::hmac::{hmac_signer, hmac_verifier};
use crate::crypto::rsa::RsaPublic;
use crate::crypto::signature::{BoxedSigner, BoxedVerifier};
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::document;
use crate::jose::key::Key;
use crate::jose::material::{Material, PrivateKey, PublicKey};

/// A `CryptoProvider` for the crate `jsonwebtoken`. Supports every algorithm of that crate, which is all of this
/// crate's except ES512 and ML-DSA.
///
/// Signatures are computed and keys are checked by this crate. The rules for headers and claims are not part of a
/// provider: `jsonwebtoken::decode` applies its own.
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
        rsa_pub_components_from_private_key,
        rsa_pub_components_from_public_key,
        ec_pub_components_from_private_key,
        ed_pub_components_from_private_key,
        compute_digest,
    },
};

/// The signer of a key, for any bytes. Use it for things other than tokens, and for algorithms that `jsonwebtoken`
/// lacks.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is public, or its JWK forbids signing.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, provider};
///
/// let key = Key::generate(Algorithm::Es512, &KeyOptions::default())?;
/// let signature = provider::signer(&key)?.sign(b"a message");
/// assert!(provider::verifier(&key.public_key()?)?.verify(b"a message", &signature).is_ok());
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn signer(key: &Key) -> Result<&(dyn Signer<Vec<u8>> + Send + Sync), Error> {
    key.signer().map(|signer| &**signer)
}

/// The verifier of a key, for any bytes.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key's JWK forbids verifying.
pub fn verifier(key: &Key) -> Result<&(dyn Verifier<Vec<u8>> + Send + Sync), Error> {
    key.verifier().map(|verifier| &**verifier)
}

/// A signer or verifier with the algorithm's name in `jsonwebtoken`.
struct Named<T> {
    algorithm: TheirAlgorithm,
    inner: T,
}

impl Signer<Vec<u8>> for Named<BoxedSigner> {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.inner.try_sign(message)
    }
}

impl JwtSigner for Named<BoxedSigner> {
    fn algorithm(&self) -> TheirAlgorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Named<BoxedVerifier> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        self.inner.verify(message, signature)
    }
}

impl JwtVerifier for Named<BoxedVerifier> {
    fn algorithm(&self) -> TheirAlgorithm {
        self.algorithm
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider's types prescribe this signature")]
fn signer_factory(algorithm: &TheirAlgorithm, key: &EncodingKey) -> TheirResult<Box<dyn JwtSigner>> {
    let ours = algorithm_for(*algorithm, key.family())?;
    let inner = match ours.family() {
        Family::Hmac(digest) => hmac_signer(digest, key.as_bytes()).map_err(theirs)?,
        _ => private_key(key.as_bytes())?.signer(ours).map_err(theirs)?,
    };
    Ok(Box::new(Named { algorithm: *algorithm, inner }))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider's types prescribe this signature")]
fn verifier_factory(algorithm: &TheirAlgorithm, key: &DecodingKey) -> TheirResult<Box<dyn JwtVerifier>> {
    let ours = algorithm_for(*algorithm, key.family())?;
    let public = match (ours.family(), key.kind()) {
        (Family::Hmac(digest), DecodingKeyKind::SecretOrDer(secret)) => {
            return Ok(Box::new(Named {
                algorithm: *algorithm,
                inner: hmac_verifier(digest, secret).map_err(theirs)?,
            }));
        }
        // `jsonwebtoken` has already unwrapped SPKI. For EC and Ed25519 keys it passes the point itself.
        (Family::Ecdsa(curve), DecodingKeyKind::SecretOrDer(point)) => {
            EcPublic::from_point(curve, point).map(PublicKey::Ec).map_err(theirs)?
        }
        (Family::Ed25519, DecodingKeyKind::SecretOrDer(point)) => {
            Ed25519Public::from_bytes(point).map(PublicKey::Ed25519).map_err(theirs)?
        }
        (Family::Rsa(..), DecodingKeyKind::SecretOrDer(pkcs1)) => PublicKey::Rsa(rsa_public(pkcs1)?),
        (Family::Rsa(..), DecodingKeyKind::RsaModulusExponent { n, e }) => {
            RsaPublic::from_components(n, e).map(PublicKey::Rsa).map_err(theirs)?
        }
        (Family::MlDsa(_), _) | (_, DecodingKeyKind::RsaModulusExponent { .. }) => {
            return Err(ErrorKind::InvalidKeyFormat.into());
        }
    };
    Ok(Box::new(Named { algorithm: *algorithm, inner: public.verifier(ours).map_err(theirs)? }))
}

/// The algorithm of that name in this crate, if the key is of the same family.
fn algorithm_for(algorithm: TheirAlgorithm, key: jsonwebtoken::AlgorithmFamily) -> TheirResult<Algorithm> {
    let ours = Algorithm::from_jsonwebtoken(algorithm).ok_or(ErrorKind::UnsupportedAlgorithm)?;
    if algorithm.family() == key { Ok(ours) } else { Err(ErrorKind::InvalidKeyFormat.into()) }
}

/// The private key in PKCS#8 or, for RSA, PKCS#1.
fn private_key(der: &[u8]) -> TheirResult<PrivateKey> {
    match document::read_any(der) {
        Ok(Material::Private(key)) => Ok(key),
        Ok(_) | Err(document::DocumentError::Unknown(_)) => Err(ErrorKind::InvalidKeyFormat.into()),
        Err(document::DocumentError::Invalid(error)) => Err(theirs(error)),
    }
}

/// The RSA public key in PKCS#1.
fn rsa_public(der: &[u8]) -> TheirResult<RsaPublic> {
    match document::read_any(der) {
        Ok(Material::Public(PublicKey::Rsa(key))) => Ok(key),
        Ok(_) | Err(document::DocumentError::Unknown(_)) => Err(ErrorKind::InvalidKeyFormat.into()),
        Err(document::DocumentError::Invalid(error)) => Err(theirs(error)),
    }
}

fn rsa_pub_components_from_private_key(der: &[u8]) -> TheirResult<(Vec<u8>, Vec<u8>)> {
    match private_key(der)?.public().map_err(theirs)? {
        PublicKey::Rsa(key) => Ok((key.modulus(), key.exponent())),
        _ => Err(ErrorKind::InvalidKeyFormat.into()),
    }
}

fn rsa_pub_components_from_public_key(der: &[u8]) -> TheirResult<(Vec<u8>, Vec<u8>)> {
    rsa_public(der).map(|key| (key.modulus(), key.exponent()))
}

fn ec_pub_components_from_private_key(
    pkcs8: &[u8],
    algorithm: TheirAlgorithm,
) -> TheirResult<(EllipticCurve, Vec<u8>, Vec<u8>)> {
    let PublicKey::Ec(key) = private_key(pkcs8)?.public().map_err(theirs)? else {
        return Err(ErrorKind::InvalidKeyFormat.into());
    };
    let curve = match (key.curve(), algorithm) {
        (Curve::P256, TheirAlgorithm::ES256) => EllipticCurve::P256,
        (Curve::P384, TheirAlgorithm::ES384) => EllipticCurve::P384,
        _ => return Err(ErrorKind::InvalidKeyFormat.into()),
    };
    let (x, y) = key.coordinates();
    Ok((curve, x, y))
}

fn ed_pub_components_from_private_key(pkcs8: &[u8], curve: &EllipticCurve) -> TheirResult<Vec<u8>> {
    match (curve, private_key(pkcs8)?) {
        (EllipticCurve::Ed25519, PrivateKey::Ed25519(secret)) => Ok(secret.public_bytes().to_vec()),
        _ => Err(ErrorKind::InvalidKeyFormat.into()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the provider's types prescribe this signature")]
fn compute_digest(data: &[u8], hash: TheirHash) -> TheirResult<Vec<u8>> {
    Ok(match hash {
        TheirHash::SHA256 => Sha256::digest(data).to_vec(),
        TheirHash::SHA384 => Sha384::digest(data).to_vec(),
        TheirHash::SHA512 => Sha512::digest(data).to_vec(),
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` needs")]
fn theirs(error: Error) -> TheirError {
    ErrorKind::Provider(error.to_string()).into()
}
