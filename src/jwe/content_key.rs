//! The content encryption key: generates it for a new token, and recovers it from a token (RFC 7516 §5.1 and §5.2).

use zeroize::Zeroizing;

use super::agreement::{Public, agree_as_recipient, agree_as_sender};
use super::algorithm::{Algorithm, Family};
use super::compact::malformed;
use super::encryption::Encryption;
use super::header::Header;
use super::key::EncryptionKey;
use super::key::material::{Material, PrivateKey, PublicKey};
use super::pbes2::{MAX_ITERATIONS, MIN_ITERATIONS, SALT_BYTES, derive_wrapping_key};
use crate::crypto::aead::Sealed;
use crate::crypto::aes_key_wrap::{OVERHEAD, Wrap};
use crate::crypto::concat_kdf::{KdfContext, derive};
use crate::crypto::random::random_bytes;
use crate::crypto::rsa_form;
use crate::crypto::rsa_oaep;
use crate::jose::base64url;
use crate::{Error, ErrorCode};

/// The content encryption key of a new token.
pub(super) struct ContentKey {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// The encrypted key for the token. Empty if both sides can compute the key.
    pub(super) encrypted: Vec<u8>,
    /// The header parameters that the recipient needs, as JSON members with leading commas.
    pub(super) parameters: String,
}

/// The decoded `apu` and `apv`, which name the parties of a key agreement.
pub(super) struct Parties {
    pub(super) apu: Vec<u8>,
    pub(super) apv: Vec<u8>,
}

impl ContentKey {
    /// Generates a key for `encryption` that the owner of `key` can recover.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key's JWK forbids encrypting.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(super) fn make(key: &EncryptionKey, encryption: Encryption, parties: &Parties) -> Result<Self, Error> {
        Self::wrap(key, encryption, parties, &random_bytes(encryption.row().key_length)?)
    }

    /// Encrypts the content key `bytes` for the owner of `key`. With `dir` and `ECDH-ES`, which determine the content key
    /// themselves, `bytes` is not used, and `encrypted` is empty.
    ///
    /// # Errors
    /// Those of [`ContentKey::make`].
    pub(super) fn wrap(
        key: &EncryptionKey,
        encryption: Encryption,
        parties: &Parties,
        bytes: &Zeroizing<Vec<u8>>,
    ) -> Result<Self, Error> {
        let algorithm = key.algorithm();
        let wrapped = |wrap: Wrap, wrapping_key: &[u8], parameters: String| {
            let encrypted = wrap.wrap(wrapping_key, bytes).ok_or_else(impossible)?;
            Ok(Self { bytes: bytes.clone(), encrypted, parameters })
        };
        let public;
        let material = match key.to_encrypt()? {
            Material::Private(private) => {
                public = Material::Public(Box::new(private.public()));
                &public
            }
            Material::Elsewhere(key) => {
                public = Material::Public(Box::new(key.public()?.clone()));
                &public
            }
            material => material,
        };
        match (material, algorithm.family()) {
            (Material::Secret(secret), Family::Dir(_)) => Ok(Self::unwrapped(secret.clone(), String::new())),
            (Material::Secret(secret), Family::AesKw(wrap)) => wrapped(wrap, secret, String::new()),
            (Material::Secret(secret), Family::AesGcmKw(cipher)) => {
                let iv = random_bytes(cipher.row().iv_length)?;
                let Sealed { ciphertext, tag } = cipher.seal(secret, &iv, &[], bytes).ok_or_else(impossible)?;
                let (iv, tag) = (base64url::encode(&iv), base64url::encode(&tag));
                let parameters = format!(",\"iv\":\"{iv}\",\"tag\":\"{tag}\"");
                Ok(Self { bytes: bytes.clone(), encrypted: ciphertext, parameters })
            }
            (Material::Password(password), Family::Pbes2(digest, wrap)) => {
                let salt = random_bytes(SALT_BYTES)?;
                let wrapping_key =
                    derive_wrapping_key((digest, wrap), algorithm, &password.text, &salt, password.iterations);
                let p2s = base64url::encode(&salt);
                wrapped(wrap, &wrapping_key, format!(",\"p2s\":\"{p2s}\",\"p2c\":{}", password.iterations))
            }
            (Material::Public(public), family) => match (&**public, family) {
                (PublicKey::Agreement(public), Family::EcdhEs(wrap)) => {
                    let (agreed, epk) = agree_as_sender(public, &context(algorithm, wrap, encryption, parties))?;
                    let parameters = format!(",\"epk\":{epk}");
                    match wrap {
                        Some(wrap) => wrapped(wrap, &agreed, parameters),
                        None => Ok(Self::unwrapped(agreed, parameters)),
                    }
                }
                (PublicKey::Rsa(public), Family::RsaOaep(hash)) => {
                    let encrypted = rsa_oaep::encrypt(public, hash, bytes)?;
                    Ok(Self { bytes: bytes.clone(), encrypted, parameters: String::new() })
                }
                _ => Err(impossible()),
            },
            _ => Err(impossible()),
        }
    }

    fn unwrapped(bytes: Zeroizing<Vec<u8>>, parameters: String) -> Self {
        Self { bytes, encrypted: Vec::new(), parameters }
    }
}

/// Recovers the content encryption key of a token. If the encrypted key is not for `key`, returns a random key instead.
/// Decryption then fails in the same way as for any altered token and does not reveal which step failed (RFC 7516
/// §11.5).
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key is public, or its JWK forbids decrypting.
/// - [`ErrorCode::TokenHeaderInvalid`]: a parameter of the algorithm is missing, malformed or out of range.
/// - [`ErrorCode::TokenMalformed`]: the encrypted key has an impossible length.
pub(super) fn recover(
    key: &EncryptionKey,
    encryption: Encryption,
    header: &Header<'_>,
    encrypted: &[u8],
    max_iterations: Option<u32>,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let algorithm = key.algorithm();
    let material = key.to_decrypt()?;
    expect_length(material, algorithm.family(), encryption, encrypted)?;
    // Always drawn, so that the time does not reveal whether it is needed.
    let random_key = random_bytes(encryption.row().key_length);
    let found = match (material, algorithm.family()) {
        (Material::Secret(secret), Family::Dir(_)) => Some(secret.clone()),
        (Material::Secret(secret), Family::AesKw(wrap)) => wrap.unwrap(secret, encrypted),
        (Material::Secret(secret), Family::AesGcmKw(cipher)) => {
            let (iv, tag) =
                (header.bytes("iv", cipher.row().iv_length)?, header.bytes("tag", cipher.row().tag_length)?);
            cipher.open(secret, &iv, &[], encrypted, &tag)
        }
        (Material::Password(password), Family::Pbes2(digest, wrap)) => {
            let most = max_iterations.unwrap_or(MAX_ITERATIONS.max(password.iterations));
            let (salt, iterations) = (header.salt()?, header.iterations(MIN_ITERATIONS, most)?);
            let wrapping_key = derive_wrapping_key((digest, wrap), algorithm, &password.text, &salt, iterations);
            wrap.unwrap(&wrapping_key, encrypted)
        }
        (Material::Private(PrivateKey::Agreement(private)), Family::EcdhEs(wrap)) => {
            let parties = Parties { apu: header.party("apu")?, apv: header.party("apv")? };
            let agreed =
                agree_as_recipient(header.ephemeral_key()?, private, &context(algorithm, wrap, encryption, &parties))?;
            match wrap {
                Some(wrap) => wrap.unwrap(&agreed, encrypted),
                None => Some(agreed),
            }
        }
        (Material::Elsewhere(key), Family::EcdhEs(wrap)) => {
            let parties = Parties { apu: header.party("apu")?, apv: header.party("apv")? };
            let ephemeral = Public::read(key.agreement_curve(), header.ephemeral_key()?)?.bytes();
            let context = context(algorithm, wrap, encryption, &parties);
            let shared = key.answer(&ephemeral)?.filter(|shared| shared.len() == key.agreement_curve().length());
            shared.map(|shared| derive(shared, &context)).and_then(|agreed| match wrap {
                Some(wrap) => wrap.unwrap(&agreed, encrypted),
                None => Some(agreed),
            })
        }
        (Material::Elsewhere(key), _) => {
            key.answer(encrypted)?.filter(|key| key.len() == encryption.row().key_length).cloned()
        }
        (Material::Private(PrivateKey::Rsa(secret)), Family::RsaOaep(hash)) => {
            rsa_oaep::decrypt(secret, hash, encrypted)?.filter(|key| key.len() == encryption.row().key_length)
        }
        _ => return Err(impossible()),
    };
    Ok(found.or(random_key.ok()))
}

/// The key derivation context for an agreed key (RFC 7518 §4.6.2).
fn context(
    algorithm: Algorithm,
    wrap: Option<Wrap>,
    encryption: Encryption,
    Parties { apu, apv }: &Parties,
) -> KdfContext<'_> {
    let (algorithm, key_length) = match wrap {
        Some(wrap) => (algorithm.name(), wrap.key_length()),
        None => (encryption.name(), encryption.row().key_length),
    };
    KdfContext { algorithm, key_length, apu, apv }
}

fn expect_length(material: &Material, family: Family, encryption: Encryption, encrypted: &[u8]) -> Result<(), Error> {
    let length = match (family, material) {
        (_, Material::Private(PrivateKey::Rsa(secret))) => rsa_oaep::length(secret),
        (Family::RsaOaep(_), Material::Elsewhere(key)) => match key.public() {
            Ok(PublicKey::Rsa(public)) => public.bits().div_ceil(8),
            _ if rsa_form::admits_length(encrypted) => encrypted.len(),
            _ => return Err(malformed("encrypted key is not 256 to 1024 bytes")),
        },
        (Family::Dir(_) | Family::EcdhEs(None), _) => 0,
        (Family::AesGcmKw(_), _) => encryption.row().key_length,
        _ => encryption.row().key_length.saturating_add(OVERHEAD),
    };
    if encrypted.len() == length {
        return Ok(());
    }
    Err(malformed(format!("encrypted key is not {length} bytes")))
}

/// Does not happen: importing a key checks that its material fits its algorithm.
fn impossible() -> Error {
    Error::new(ErrorCode::Internal, "key does not fit its algorithm")
}
