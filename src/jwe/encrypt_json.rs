//! Encrypts in the JSON serialization, general or flattened (RFC 7516 §7.2).

use super::content_key::{ContentKey, Parties};
use super::decrypt::DecryptOptions;
use super::decrypt_json::{MAX_RECIPIENTS, whole_header};
use super::encrypt::{checked_header, encryption_of, extra_members, texts};
use super::encryption::Encryption;
use super::key::EncryptionKey;
use crate::crypto::aead::Sealed;
use crate::crypto::random::random_bytes;
use crate::jose::base64url;
use crate::jose::json::{Object, read_object};
use crate::options::some;
use crate::{Error, ErrorCode};

/// The options for encrypting in JSON.
///
/// ```
/// use countersign::jwe::EncryptJsonOptions;
///
/// let options = EncryptJsonOptions { aad: Some(b"not secret".to_vec()), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EncryptJsonOptions {
    /// Additional authenticated data: sent unencrypted, and protected against change.
    #[serde(skip)]
    pub aad: Option<Vec<u8>>,
    /// The media type of the content, for the protected header's `cty`.
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// The content encryption. The default is `A256GCM`, or the key's own for `dir`.
    #[serde(deserialize_with = "some")]
    pub enc: Option<Encryption>,
    /// Additional parameters of the protected header, as the text of a JSON object. Refuses those that this library sets
    /// itself.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// The media type of the token, for the protected header's `typ`.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
    /// Parameters that are **not protected**, as the text of a JSON object. Anyone can change them in transit.
    #[serde(deserialize_with = "some")]
    pub unprotected: Option<String>,
}

/// Encrypts `plaintext` for the owners of one or several keys. With one key, the result is the flattened serialization,
/// with several the general one.
///
/// With one key, all parameters are protected, except `unprotected`. With several, `alg`, `kid` and what each recipient
/// needs to recover the content key are in the recipient's own header, which cannot be protected.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: a key's JWK forbids encrypting.
/// - [`ErrorCode::OptionInvalid`]: there is no key, or more than 16; of several, one has the algorithm `dir` or `ECDH-ES`,
///   with which the content key is the recipient's own; `enc` is not the key's own; or a header sets a parameter that this
///   library sets itself, that another header has, or that [`decrypt_json`](super::decrypt_json()) would refuse.
/// - [`ErrorCode::Internal`]: the platform has no random source.
///
/// ```
/// use countersign::jwe::{
///     Algorithm, DecryptOptions, EncryptJsonOptions, EncryptionKey, GenerateOptions, decrypt_json, encrypt_json,
/// };
///
/// let key = EncryptionKey::generate(Algorithm::A256Kw, &GenerateOptions::default())?;
/// let options = EncryptJsonOptions { aad: Some(b"for everyone".to_vec()), ..Default::default() };
/// let token = encrypt_json(b"for one", &[&key], &options)?;
/// assert_eq!(decrypt_json(&token, &key, &DecryptOptions::default())?.aad.as_deref(), Some(&b"for everyone"[..]));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn encrypt_json(plaintext: &[u8], keys: &[&EncryptionKey], options: &EncryptJsonOptions) -> Result<String, Error> {
    let [first, ..] = keys else { return Err(recipients()) };
    if MAX_RECIPIENTS < keys.len() {
        return Err(recipients());
    }
    let encryption = encryption_of(first, options.enc)?;
    let parties = Parties { apu: Vec::new(), apv: Vec::new() };
    let is_one = keys.len() == 1;
    let (mut protected, mut cek, mut members) = (format!("{{\"enc\":\"{encryption}\""), None, Vec::new());
    for key in keys {
        let content_key = match &cek {
            None => ContentKey::make(key, encryption, &parties)?,
            Some(cek) => ContentKey::wrap(key, encryption, &parties, cek)?,
        };
        if !is_one && content_key.encrypted.is_empty() {
            let message = format!("alg \"{}\" is for one recipient only", key.algorithm());
            return Err(invalid(message));
        }
        let own = own_parameters(key, &content_key.parameters)?;
        let encrypted_key = base64url::encode(&content_key.encrypted);
        let encrypted_key =
            if encrypted_key.is_empty() { String::new() } else { format!("\"encrypted_key\":\"{encrypted_key}\"") };
        if is_one {
            protected.push_str(&own);
            members.push(encrypted_key);
        } else {
            members.push(format!("{{\"header\":{{{}}},{encrypted_key}}}", own.trim_start_matches(',')));
        }
        cek.get_or_insert(content_key.bytes);
    }
    protected.push_str(&texts([("typ", options.typ.as_deref()), ("cty", options.cty.as_deref())])?);
    protected.push_str(&extra_members(options.header.as_deref())?);
    protected.push('}');
    let unprotected = checked_unprotected(&protected, keys, options)?;

    let protected = base64url::encode(protected.as_bytes());
    let aad = options.aad.as_ref().map(|aad| base64url::encode(aad));
    let authenticated = match &aad {
        Some(aad) => [&protected, ".", aad].concat(),
        None => protected.clone(),
    };
    let iv = random_bytes(encryption.row().iv_length)?;
    let Sealed { ciphertext, tag } = cek
        .and_then(|cek| encryption.seal(&cek, &iv, authenticated.as_bytes(), plaintext))
        .ok_or_else(|| Error::new(ErrorCode::Internal, "encrypting failed"))?;
    let member = |name: &str, value: &str| format!("\"{name}\":\"{value}\",");
    let recipients = match members.as_slice() {
        [own] if is_one && own.is_empty() => String::new(),
        [own] if is_one => format!("{own},"),
        several => format!("\"recipients\":[{}],", several.join(",")),
    };
    Ok([
        "{",
        &member("protected", &protected),
        &unprotected,
        &recipients,
        &aad.map(|aad| member("aad", &aad)).unwrap_or_default(),
        &member("iv", &base64url::encode(&iv)),
        &member("ciphertext", &base64url::encode(&ciphertext)),
        "\"tag\":\"",
        &base64url::encode(&tag),
        "\"}",
    ]
    .concat())
}

/// `alg`, `kid` and the parameters of the content key, as JSON members with leading commas.
fn own_parameters(key: &EncryptionKey, parameters: &str) -> Result<String, Error> {
    Ok([&format!(",\"alg\":\"{}\"", key.algorithm()), &*texts([("kid", key.kid())])?, parameters].concat())
}

/// The member `unprotected` with a trailing comma, or nothing. Checked with the code that decrypts, so that every token
/// that is made can be read.
fn checked_unprotected(
    protected: &str,
    keys: &[&EncryptionKey],
    options: &EncryptJsonOptions,
) -> Result<String, Error> {
    let refused = |clause: &str| invalid(format!("option \"unprotected\" {clause}"));
    let protected = checked_header(protected, keys.len() == 1)?;
    let Some(text) = options.unprotected.as_deref() else { return Ok(String::new()) };
    let unprotected = read_object(text).map_err(|fault| refused(fault.clause()))?;
    extra_members(Some(text)).map_err(|_| refused("sets a parameter that this library sets itself"))?;
    whole_header(&protected, Some(&unprotected), None::<&Object<'_>>, &DecryptOptions::default())
        .map_err(|error| invalid(format!("option \"unprotected\": {error}")))?;
    Ok(if unprotected.is_empty() { String::new() } else { ["\"unprotected\":", text, ","].concat() })
}

fn recipients() -> Error {
    invalid("a JWE must have 1 to 16 recipients")
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
