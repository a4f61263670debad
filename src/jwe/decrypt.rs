//! Decrypts tokens (RFC 7516 §5.2).

use serde::Deserialize;
use zeroize::Zeroizing;

use super::compact::{Compact, Parts, malformed};
use super::content_key::recover;
use super::encryption::Encryption;
use super::header::{Header, invalid};
use super::key_ring::Keys;
use super::pbes2::checked_iterations;
use crate::jose::one_or_many::OneOrMany;
use crate::jose::segment::object;
use crate::options::{some, some_size};
use crate::{Error, ErrorCode};

/// The default limit for a token, in bytes: four times that of a signed token, because it may hold more than claims.
const MAX_LENGTH: usize = 65_536;

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
/// - [`ErrorCode::KeyNotFound`]: no key in the ring has the token's `kid` and `alg`.
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
    let accepted = options.accepted()?;
    let max_iterations = options.max_iterations.map(|most| checked_iterations("maxIterations", most)).transpose()?;
    let keys = keys.into();
    let compact = Compact::parse(token, options.max_length()?)?;
    let text = compact.header_text()?;
    let object = object("header", &text)?;
    let header = Header::read(&object)?;
    let key = keys.select(&header)?;
    let encryption = header.encryption()?;
    if key.algorithm().encryption().is_some_and(|own| own != encryption) {
        return Err(Error::new(
            ErrorCode::TokenAlgorithmMismatch,
            "\"enc\" header is not the key's content encryption",
        ));
    }
    if !accepted.is_none_or(|accepted| accepted.contains(&encryption)) {
        return Err(invalid("\"enc\" header is not an accepted content encryption"));
    }
    if let Some(typ) = &options.typ {
        header.expect_typ(typ)?;
    }
    if let Some(cty) = &options.cty {
        header.expect_cty(cty)?;
    }
    let Parts { encrypted_key, iv, ciphertext, tag } = compact.parts()?;
    expect_length("initialization vector", &iv, encryption.row().iv_length)?;
    expect_length("authentication tag", &tag, encryption.row().tag_length)?;
    let content_key = recover(key, encryption, &header, &encrypted_key, max_iterations)?;
    let plaintext = content_key
        .and_then(|content_key| encryption.open(&content_key, &iv, compact.header.as_bytes(), &ciphertext, &tag))
        .ok_or_else(|| Error::new(ErrorCode::DecryptionFailed, "token cannot be decrypted with this key"))?;
    drop(object);
    Ok(Decrypted { header: text, plaintext })
}

fn expect_length(part: &str, bytes: &[u8], length: usize) -> Result<(), Error> {
    if bytes.len() == length { Ok(()) } else { Err(malformed(format!("{part} is not {length} bytes"))) }
}
