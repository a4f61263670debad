//! Generates encryption keys.

use super::EncryptionKey;
use super::material::{Material, PrivateKey};
use super::options::GenerateOptions;
use super::usage::Usage;
use crate::crypto::random::random_bytes;
use crate::crypto::rsa::RsaSecret;
use crate::jwe::agreement::Private;
use crate::jwe::algorithm::{Algorithm, Family};
use crate::{Error, ErrorCode};

/// The default length of an RSA key, in bits: as strong as AES-128 (NIST SP 800-57 part 1 §5.6.1). It is longer than
/// for signatures, because encrypted content may have to stay secret for long.
const DEFAULT_MODULUS_LENGTH: usize = 3072;

impl EncryptionKey {
    /// Generates a random key: a secret of the algorithm's length, or a key pair. RSA keys are slow to generate: see
    /// [`jwt::Key::generate`](crate::jwt::Key::generate).
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option is out of range or not for this algorithm, or the algorithm uses
    ///   passwords.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions};
    ///
    /// let key = EncryptionKey::generate(Algorithm::EcdhEsA256Kw, &GenerateOptions::default())?;
    /// assert_eq!(key.to_jwk(true)?.crv.as_deref(), Some("X25519"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn generate(algorithm: Algorithm, options: &GenerateOptions) -> Result<Self, Error> {
        let invalid = |message: &str| Err(Error::new(ErrorCode::OptionInvalid, message));
        if options.crv.is_some() && !algorithm.agrees() {
            return invalid("option \"crv\" is for ECDH-ES only");
        }
        if options.modulus_length.is_some() && !matches!(algorithm.family(), Family::RsaOaep(_)) {
            return invalid("option \"modulusLength\" is for RSA keys only");
        }
        let material = match (algorithm.family(), algorithm.secret_length()) {
            (Family::EcdhEs(_), _) => {
                Material::Private(PrivateKey::Agreement(Private::generate(options.crv.unwrap_or_default())?))
            }
            (Family::RsaOaep(_), _) => {
                let bits = options.modulus_length.unwrap_or(DEFAULT_MODULUS_LENGTH);
                Material::Private(PrivateKey::Rsa(RsaSecret::generate(bits)?))
            }
            (_, Some(length)) => Material::Secret(random_bytes(length)?),
            (_, None) => return invalid("option \"alg\" is for passwords, which cannot be generated"),
        };
        Ok(Self::new(algorithm, options.kid.clone(), material, Usage::ANY))
    }
}
