//! New keys from the platform's random source.

use super::secret::secret_length;
use super::{EncryptionKey, Material, Usage};
use crate::jwe::agreement::{Curve, Private};
use crate::jwe::algorithm::{Algorithm, Family};
use crate::jwt::key::random_bytes;
use crate::{Error, ErrorCode};

/// What a new key shall be like.
///
/// ```
/// use countersign::jwe::{Curve, GenerateOptions};
///
/// let options = GenerateOptions { crv: Some(Curve::X25519), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GenerateOptions {
    /// The curve, for `ECDH-ES` and its kin; X25519 by default.
    pub crv: Option<Curve>,
    /// The key's identifier.
    pub kid: Option<String>,
}

impl EncryptionKey {
    /// A new random key: a secret of the algorithm's length, or a key pair.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option that is not for this algorithm, or an algorithm of passwords.
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
        if options.crv.is_some() && !matches!(algorithm.family(), Family::EcdhEs(_)) {
            return invalid("option \"crv\" is for ECDH-ES only");
        }
        let material = match (algorithm.family(), secret_length(algorithm)) {
            (Family::EcdhEs(_), _) => Material::Private(Private::generate(options.crv.unwrap_or_default())?),
            (_, Some(length)) => Material::Secret(random_bytes(length)?),
            (_, None) => return invalid("option \"alg\" is of passwords, which are not generated"),
        };
        Ok(Self::new(algorithm, options.kid.clone(), material, Usage::ANY))
    }
}
