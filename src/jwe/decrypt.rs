//! Decrypts tokens (RFC 7516 §5.2).

use serde::Deserialize;
use zeroize::Zeroizing;

use super::compact::{Compact, Parts, malformed};
use super::content_key::recover;
use super::decryption_keys::Keys;
use super::encryption::Encryption;
use super::header::{Header, invalid};
use super::inflate::inflate;
use super::key::EncryptionKey;
use super::pbes2::checked_iterations;
use crate::jose::one_or_many::OneOrMany;
use crate::jose::segment::object;
use crate::options::{some, some_size};
use crate::{Error, ErrorCode};

/// The default limit for a token, in bytes: four times that of a signed token, because it may hold more than claims.
pub(crate) const MAX_LENGTH: usize = 65_536;

/// The default limit for decompressed content, in bytes: four times that for a token.
const MAX_DECOMPRESSED_LENGTH: usize = 262_144;

/// The largest limit that can be set, in bytes. A token is decoded in memory.
const LARGEST_MAX_LENGTH: usize = 16_777_216;

/// The options for decrypting a token.
///
/// ```
/// use countersign::jwe::DecryptOptions;
///
/// let options = DecryptOptions { enc: Some("A256GCM".into()), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DecryptOptions {
    /// The `cty` that the header must have, compared as a media type.
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// The accepted content encryptions. The default is all that this library supports.
    #[serde(deserialize_with = "some")]
    pub enc: Option<OneOrMany>,
    /// Accepts a token without `cty` although a `cty` is required.
    #[serde(deserialize_with = "some")]
    pub allow_missing_cty: Option<bool>,
    /// The maximum length of compressed content after decompression, in bytes: 262144 by default, at most 16777216. With 0,
    /// compressed tokens are refused.
    #[serde(deserialize_with = "some_size")]
    pub max_decompressed_length: Option<usize>,
    /// The most PBKDF2 iterations that a token may ask for, from 1000 to 10000000. The default is 600000, or the key's
    /// own number if that is higher.
    #[serde(deserialize_with = "some_size")]
    pub max_iterations: Option<usize>,
    /// The maximum length of a token, in bytes: 65536 by default, at most 16777216.
    #[serde(deserialize_with = "some_size")]
    pub max_length: Option<usize>,
    /// The `typ` that the header must have, compared as a media type.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

impl DecryptOptions {
    /// The maximum length of a token, in bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the option is out of range.
    pub(crate) fn max_length(&self) -> Result<usize, Error> {
        let length = self.max_length.unwrap_or(MAX_LENGTH);
        if !(1..=LARGEST_MAX_LENGTH).contains(&length) {
            let message = format!("option \"maxLength\" is not between 1 and {LARGEST_MAX_LENGTH}");
            return Err(Error::new(ErrorCode::OptionInvalid, message));
        }
        Ok(length)
    }

    /// The maximum length of decompressed content, in bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the option is out of range.
    fn max_decompressed_length(&self) -> Result<usize, Error> {
        let length = self.max_decompressed_length.unwrap_or(MAX_DECOMPRESSED_LENGTH);
        if LARGEST_MAX_LENGTH < length {
            let message = format!("option \"maxDecompressedLength\" is not between 0 and {LARGEST_MAX_LENGTH}");
            return Err(Error::new(ErrorCode::OptionInvalid, message));
        }
        Ok(length)
    }

    /// The accepted content encryptions. `None` means all.
    fn accepted(&self) -> Result<Option<Vec<Encryption>>, Error> {
        let names = match &self.enc {
            None => return Ok(None),
            Some(OneOrMany::One(name)) => core::slice::from_ref(name),
            Some(OneOrMany::Many(names)) => names,
        };
        if names.is_empty() {
            let message = "option \"enc\" is not a string or a non-empty array of strings";
            return Err(Error::new(ErrorCode::OptionInvalid, message));
        }
        names.iter().map(|name| name.parse()).collect::<Result<_, _>>().map(Some)
    }
}

/// A decrypted token.
#[derive(Debug)]
pub struct Decrypted {
    /// The header, a JSON object.
    pub header: String,
    /// The content, wiped when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
}

/// Decrypts a token that was encrypted for one of `keys`.
///
/// If the key is a secret or a password, only someone who knows it can have made the token. With a public key, anyone
/// can make one. To know who sent it, use signed tokens: [`decrypt_and_verify`](super::decrypt_and_verify).
///
/// # Errors
/// In the order of the checks:
/// - [`ErrorCode::OptionInvalid`]: an option is out of range, or names an unknown content encryption.
/// - [`ErrorCode::TokenTooLong`]: the token is longer than `max_length`.
/// - [`ErrorCode::TokenMalformed`]: it does not have five segments, or its header is not a strict JSON object in
///   canonical base64url.
/// - [`ErrorCode::TokenHeaderInvalid`]: a header parameter is missing, has the wrong type or is refused (`crit`,
///   `zip`).
/// - [`ErrorCode::KeyNotFound`]: none of the keys has the token's `kid` and `alg`.
/// - [`ErrorCode::KeyAmbiguous`]: several keys fit the token.
/// - [`ErrorCode::TokenAlgorithmMismatch`]: the key has another `alg`, or is for `dir` with another `enc`.
/// - [`ErrorCode::TokenHeaderInvalid`]: `enc`, `typ` or `cty` is not an accepted one.
/// - [`ErrorCode::TokenMalformed`]: a segment is not canonical base64url, or has an impossible length.
/// - [`ErrorCode::KeyUsage`]: the key is public, or its JWK forbids decrypting.
/// - [`ErrorCode::TokenHeaderInvalid`]: a parameter of the algorithm (`epk`, `apu`, `apv`, `p2s`, `p2c`) is missing,
///   malformed or out of range.
/// - [`ErrorCode::DecryptionFailed`]: the token was made for another key, or altered. The error does not say which.
///
/// ```
/// use countersign::ErrorCode;
/// use countersign::jwe::{Algorithm, DecryptOptions, EncryptOptions, EncryptionKey, KeyOptions, decrypt, encrypt};
///
/// let key = |byte| EncryptionKey::from_secret(&[byte; 32], Algorithm::A256Kw, &KeyOptions::default());
/// let token = encrypt(b"attack at dawn", &key(7)?, &EncryptOptions::default())?;
/// let error = decrypt(&token, &key(8)?, &DecryptOptions::default()).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::DecryptionFailed);
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn decrypt(token: &str, keys: impl Into<Keys>, options: &DecryptOptions) -> Result<Decrypted, Error> {
    let policy = Policy::new(options)?;
    let keys = keys.into();
    let compact = Compact::parse(token, options.max_length()?)?;
    let text = compact.header_text()?;
    let object = object("header", &text)?;
    let header = Header::read(&object)?;
    policy.check_compression(&header)?;
    let key = keys.select(&header)?;
    let encryption = policy.check(&header, key)?;
    let plaintext = policy.open(key, encryption, &header, &compact.parts()?, compact.header.as_bytes())?;
    drop(object);
    Ok(Decrypted { header: text, plaintext })
}

/// Options that have been checked.
pub(super) struct Policy<'o> {
    options: &'o DecryptOptions,
    /// The accepted content encryptions. `None` means all.
    accepted: Option<Vec<Encryption>>,
    max_decompressed_length: usize,
    max_iterations: Option<u32>,
}

impl<'o> Policy<'o> {
    /// Checks the options.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an option is out of range, or names an unknown content encryption.
    pub(super) fn new(options: &'o DecryptOptions) -> Result<Self, Error> {
        let accepted = options.accepted()?;
        let max_iterations =
            options.max_iterations.map(|most| checked_iterations("maxIterations", most)).transpose()?;
        Ok(Self { options, accepted, max_decompressed_length: options.max_decompressed_length()?, max_iterations })
    }

    /// Checks `zip`.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: the content is compressed in an unknown way, or although it must not be.
    pub(super) fn check_compression(&self, header: &Header<'_>) -> Result<(), Error> {
        if header.is_compressed()? && self.max_decompressed_length == 0 {
            return Err(invalid("\"zip\" header is not supported"));
        }
        Ok(())
    }

    /// Checks what a header says about the content. Returns the content encryption.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: `enc` is not the key's own.
    /// - [`ErrorCode::TokenHeaderInvalid`]: `enc`, `typ` or `cty` is not accepted.
    pub(super) fn check(&self, header: &Header<'_>, key: &EncryptionKey) -> Result<Encryption, Error> {
        let encryption = header.encryption()?;
        if key.algorithm().encryption().is_some_and(|own| own != encryption) {
            return Err(Error::new(
                ErrorCode::TokenAlgorithmMismatch,
                "\"enc\" header is not the key's content encryption",
            ));
        }
        if !self.accepted.as_ref().is_none_or(|accepted| accepted.contains(&encryption)) {
            return Err(invalid("\"enc\" header is not an accepted content encryption"));
        }
        if let Some(typ) = &self.options.typ {
            header.expect_typ(typ)?;
        }
        if let Some(cty) = &self.options.cty {
            header.expect_cty(cty, self.options.allow_missing_cty == Some(true))?;
        }
        Ok(encryption)
    }

    /// Recovers the content encryption key, decrypts the content and decompresses it.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`], [`ErrorCode::TokenTooLong`], [`ErrorCode::TokenHeaderInvalid`],
    ///   [`ErrorCode::KeyUsage`]: those of [`decrypt`].
    /// - [`ErrorCode::DecryptionFailed`]: the token was encrypted for another key, or was altered.
    pub(super) fn open(
        &self,
        key: &EncryptionKey,
        encryption: Encryption,
        header: &Header<'_>,
        parts: &Parts,
        aad: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let Parts { encrypted_key, iv, ciphertext, tag } = parts;
        expect_length("initialization vector", iv, encryption.row().iv_length)?;
        expect_length("authentication tag", tag, encryption.row().tag_length)?;
        let content_key = recover(key, encryption, header, encrypted_key, self.max_iterations)?;
        let plaintext = content_key
            .and_then(|content_key| encryption.open(&content_key, iv, aad, ciphertext, tag))
            .ok_or_else(|| Error::new(ErrorCode::DecryptionFailed, "token cannot be decrypted with this key"))?;
        if header.is_compressed()? { inflate(&plaintext, self.max_decompressed_length) } else { Ok(plaintext) }
    }
}

fn expect_length(part: &str, bytes: &[u8], length: usize) -> Result<(), Error> {
    if bytes.len() == length { Ok(()) } else { Err(malformed(format!("{part} is not {length} bytes"))) }
}
