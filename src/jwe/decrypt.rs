//! Decrypting, in the order of trust (RFC 7516 §5.2).

use serde::Deserialize;
use zeroize::Zeroizing;

use super::compact::{Compact, Parts, malformed};
use super::content_key::recover;
use super::encryption::Encryption;
use super::header::{Header, invalid};
use super::key_ring::Keys;
use super::pbes2::bounded;
use crate::jose::one_or_many::OneOrMany;
use crate::jose::segment::object;
use crate::options::{some, some_size};
use crate::{Error, ErrorCode};

/// How many bytes of a token are read by default: four times those of a signed one, as it may hold more than claims.
const MAX_LENGTH: usize = 65_536;

/// The most that can be asked for. A token is decoded whole.
const LARGEST_MAX_LENGTH: usize = 16_777_216;

/// What may be demanded of an encrypted token.
///
/// ```
/// use countersign::jwe::DecryptOptions;
///
/// let options = DecryptOptions { enc: Some("A256GCM".into()), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DecryptOptions {
    /// What the header's `cty` must be, as media types are compared.
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// The content encryptions that are accepted; all of this library's by default.
    #[serde(deserialize_with = "some")]
    pub enc: Option<OneOrMany>,
    /// How often a password may be hashed, at most: what the token asks for beyond it is refused. 600000 by default, or
    /// as often as the key itself does, if that is more; at least 1000 and at most 10000000.
    #[serde(deserialize_with = "some_size")]
    pub max_iterations: Option<usize>,
    /// The longest token read, in bytes: 65536 by default, at most 16777216.
    #[serde(deserialize_with = "some_size")]
    pub max_length: Option<usize>,
    /// What the header's `typ` must be, as media types are compared.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

impl DecryptOptions {
    /// The longest token read.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: out of bounds.
    pub(crate) fn max_length(&self) -> Result<usize, Error> {
        let length = self.max_length.unwrap_or(MAX_LENGTH);
        if !(1..=LARGEST_MAX_LENGTH).contains(&length) {
            let message = format!("option \"maxLength\" is not between 1 and {LARGEST_MAX_LENGTH}");
            return Err(Error::new(ErrorCode::OptionInvalid, message));
        }
        Ok(length)
    }

    /// The content encryptions to accept; nothing where all are.
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

/// What was in a token.
#[derive(Debug)]
pub struct Decrypted {
    /// The header, as JSON text.
    pub header: String,
    /// The content, wiped when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
}

/// The content of a token that was encrypted for one of `keys`.
///
/// With a secret or a password, whoever made the token knew it. With a public key anybody can make one: what was decrypted
/// says nothing about who sent it, unless it is signed.
///
/// # Errors
/// In this order:
/// - [`ErrorCode::OptionInvalid`]: an option is out of bounds, or names no content encryption.
/// - [`ErrorCode::TokenTooLong`]: longer than `max_length`.
/// - [`ErrorCode::TokenMalformed`]: not five segments, or a header that is not canonical base64url of a JSON object.
/// - [`ErrorCode::TokenHeaderInvalid`]: a parameter is missing, of the wrong type, or refused: `crit`, `zip`.
/// - [`ErrorCode::TokenAlgorithmMismatch`], [`ErrorCode::KeyNotFound`], [`ErrorCode::KeyAmbiguous`]: no key for it, or
///   one of another `alg`, or a key for `dir` of another `enc`.
/// - [`ErrorCode::TokenHeaderInvalid`]: another `enc`, `typ` or `cty` than demanded.
/// - [`ErrorCode::KeyUsage`]: the key must not decrypt.
/// - [`ErrorCode::TokenMalformed`], [`ErrorCode::TokenHeaderInvalid`]: a segment of a length that it cannot have, or an
///   ill-formed parameter of the algorithm: `epk`, `apu`, `apv`, `p2s`, or a `p2c` out of bounds.
/// - [`ErrorCode::DecryptionFailed`]: made for another key, or altered; which of the two, and where, it does not say.
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
    let max_iterations = options.max_iterations.map(|most| bounded("maxIterations", most)).transpose()?;
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
