//! Encrypts tokens (RFC 7516 §5.1).

use super::compact::{Parts, join};
use super::content_key::{ContentKey, Parties};
use super::encryption::Encryption;
use super::header::{Header, MAX_PARAMETER_BYTES};
use super::key::EncryptionKey;
use crate::crypto::aead::Sealed;
use crate::crypto::random::random_bytes;
use crate::jose::base64url;
use crate::jose::json::{Object, inside, quote, read_object};
use crate::options::some;
use crate::{Error, ErrorCode};

/// The options for encrypting a token.
///
/// ```
/// use countersign::jwe::{EncryptOptions, Encryption};
///
/// let options = EncryptOptions { enc: Some(Encryption::A128CbcHs256), typ: Some("JOSE".into()), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EncryptOptions {
    /// The sender (`PartyUInfo`), in base64url. For ECDH-ES only. At most 1024 bytes.
    #[serde(deserialize_with = "some")]
    pub apu: Option<String>,
    /// The recipient (`PartyVInfo`), in base64url. For ECDH-ES only. At most 1024 bytes.
    #[serde(deserialize_with = "some")]
    pub apv: Option<String>,
    /// The media type of the content, for the header's `cty`.
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// The content encryption. The default is `A256GCM`, or the key's own for `dir`.
    #[serde(deserialize_with = "some")]
    pub enc: Option<Encryption>,
    /// Additional header parameters, as the text of a JSON object. Refuses those that this library sets itself.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// The media type of the token, for the header's `typ`.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

/// Encrypts `plaintext` for the owner of `key`, in the compact serialization.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key's JWK forbids encrypting.
/// - [`ErrorCode::OptionInvalid`]: `enc` is not the key's own; `apu` or `apv` is malformed or not allowed for the
///   algorithm; or `header` sets a parameter that this library sets itself, or that [`decrypt`](super::decrypt()) would
///   refuse.
/// - [`ErrorCode::Internal`]: the platform has no random source.
///
/// ```
/// use countersign::jwe::{Algorithm, DecryptOptions, EncryptOptions, EncryptionKey, GenerateOptions, decrypt, encrypt};
///
/// let key = EncryptionKey::generate(Algorithm::EcdhEsA256Kw, &GenerateOptions::default())?;
/// let token = encrypt(b"attack at dawn", &key.public_key()?, &EncryptOptions::default())?;
/// assert_eq!(*decrypt(&token, &key, &DecryptOptions::default())?.plaintext, *b"attack at dawn");
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn encrypt(plaintext: &[u8], key: &EncryptionKey, options: &EncryptOptions) -> Result<String, Error> {
    let encryption = encryption_of(key, options.enc)?;
    let parties =
        Parties { apu: party(key, "apu", options.apu.as_deref())?, apv: party(key, "apv", options.apv.as_deref())? };
    let fixed = fixed_parameters(key, encryption, options)?;
    let content_key = ContentKey::make(key, encryption, &parties)?;
    let header = [&fixed, content_key.parameters.as_str(), "}"].concat();
    let header = base64url::encode(header.as_bytes());
    let iv = random_bytes(encryption.row().iv_length)?.to_vec();
    let Sealed { ciphertext, tag } = encryption
        .seal(&content_key.bytes, &iv, header.as_bytes(), plaintext)
        .ok_or_else(|| Error::new(ErrorCode::Internal, "encrypting failed"))?;
    Ok(join(&header, &Parts { encrypted_key: content_key.encrypted, iv, ciphertext, tag }))
}

/// The content encryption: the key's own, or the one asked for, or the default.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: the key has its own, and another one is asked for.
pub(super) fn encryption_of(key: &EncryptionKey, asked: Option<Encryption>) -> Result<Encryption, Error> {
    match (key.algorithm().encryption(), asked) {
        (Some(own), Some(asked)) if own != asked => {
            Err(invalid("option \"enc\" is not the key's own content encryption"))
        }
        (own, asked) => Ok(own.or(asked).unwrap_or_default()),
    }
}

fn party(key: &EncryptionKey, name: &str, text: Option<&str>) -> Result<Vec<u8>, Error> {
    let Some(text) = text else { return Ok(Vec::new()) };
    if !key.algorithm().agrees() {
        return Err(invalid(format!("option \"{name}\" is for ECDH-ES only")));
    }
    base64url::decode(text)
        .filter(|bytes| bytes.len() <= MAX_PARAMETER_BYTES)
        .ok_or_else(|| invalid(format!("option \"{name}\" is not canonical base64url of at most 1024 bytes")))
}

/// The header without the parameters of the content encryption key and without the closing brace.
fn fixed_parameters(key: &EncryptionKey, encryption: Encryption, options: &EncryptOptions) -> Result<String, Error> {
    let texts = texts([
        ("kid", key.kid()),
        ("typ", options.typ.as_deref()),
        ("cty", options.cty.as_deref()),
        ("apu", options.apu.as_deref()),
        ("apv", options.apv.as_deref()),
    ])?;
    let start = format!("{{\"alg\":\"{}\",\"enc\":\"{encryption}\"", key.algorithm());
    let json = [&start, &*texts, &extra_members(options.header.as_deref())?].concat();
    checked_header(&[&json, "}"].concat(), true)?;
    Ok(json)
}

/// Optional texts as JSON members with leading commas.
pub(super) fn texts<const N: usize>(texts: [(&str, Option<&str>); N]) -> Result<String, Error> {
    let mut json = String::new();
    for (name, text) in texts {
        if let Some(text) = text {
            for part in [",\"", name, "\":", &quote(text)?] {
                json.push_str(part);
            }
        }
    }
    Ok(json)
}

/// The members of the option `header` with a leading comma, or nothing.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: it is not an object, or sets a parameter that this library sets itself.
pub(super) fn extra_members(header: Option<&str>) -> Result<String, Error> {
    let Some(parameters) = header else { return Ok(String::new()) };
    let object = read_object(parameters).map_err(|fault| refused(fault.clause()))?;
    if let Some(name) = RESERVED.iter().find(|name| object.has(name)) {
        return Err(refused(&format!("must not set \"{name}\"")));
    }
    Ok(if object.is_empty() { String::new() } else { [",", inside(parameters)].concat() })
}

/// Checks a header with the code that decrypts, so that every token that is made can be read.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: the option `header` repeats a name, or has a parameter that is refused.
pub(super) fn checked_header(json: &str, has_alg: bool) -> Result<Object<'_>, Error> {
    let object = read_object(json).map_err(|fault| refused(fault.clause()))?;
    if has_alg {
        Header::read(&object).map_err(|error| invalid(format!("option \"header\": {error}")))?;
    }
    Ok(object)
}

fn refused(clause: &str) -> Error {
    invalid(format!("option \"header\" {clause}"))
}

/// The parameters that this library sets itself or does not support.
const RESERVED: [&str; 15] =
    ["alg", "apu", "apv", "b64", "crit", "cty", "enc", "epk", "iv", "kid", "p2c", "p2s", "tag", "typ", "zip"];

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
