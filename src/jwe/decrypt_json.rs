//! Decrypts the JSON serialization, general or flattened (RFC 7516 §7.2).

use zeroize::Zeroizing;

use super::compact::{Parts, malformed};
use super::decrypt::{DecryptOptions, Policy};
use super::decryption_keys::Keys;
use super::header::{Header, invalid};
use crate::jose::json::{Json, Object};
use crate::jose::segment::{decode, decode_jwe_header, object, too_long};
use crate::{Error, ErrorCode};

/// The maximum number of recipients. Trying each takes time, and the sender decides how many there are.
pub(super) const MAX_RECIPIENTS: usize = 16;

/// A decrypted token in JSON. Its unprotected headers are left out, because anyone can change them.
#[derive(Debug)]
pub struct DecryptedJson {
    /// The protected header, a JSON object. Empty if there is none.
    pub header: String,
    /// The content, wiped when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The additional authenticated data, which is not encrypted, if there is any.
    pub aad: Option<Vec<u8>>,
    /// The position of the recipient whose key decrypted the token, from 0.
    pub recipient: usize,
}

/// Decrypts a token in the JSON serialization that was encrypted for one of `keys`, among others.
///
/// Of the recipients that a key fits, each is tried until one succeeds; with a password, only the first. Options apply as
/// in [`decrypt`](super::decrypt()). If `typ` or `cty` is demanded, it must be protected.
///
/// # Errors
/// - Those of [`decrypt`](super::decrypt()), if there is one recipient.
/// - [`ErrorCode::TokenTooLong`]: the token is longer than `max_length`, or has more than 16 recipients.
/// - [`ErrorCode::TokenMalformed`]: it is not a strict JSON object of one of the two forms, a member has the wrong type,
///   or a part is not canonical base64url.
/// - [`ErrorCode::TokenHeaderInvalid`]: two of its headers share a parameter, or `crit` or `zip` is not protected.
/// - [`ErrorCode::KeyNotFound`], [`ErrorCode::KeyAmbiguous`]: no key fits any of several recipients, or several do.
/// - [`ErrorCode::DecryptionFailed`]: the keys that fit were not used for this token, or it was altered.
///
/// ```
/// use countersign::jwe::{
///     Algorithm, DecryptOptions, EncryptJsonOptions, EncryptionKey, GenerateOptions, decrypt_json, encrypt_json,
/// };
///
/// let make = || EncryptionKey::generate(Algorithm::EcdhEsA256Kw, &GenerateOptions::default());
/// let (alice, bob) = (make()?, make()?);
/// let token = encrypt_json(b"attack at dawn", &[&alice, &bob], &EncryptJsonOptions::default())?;
/// let decrypted = decrypt_json(&token, &bob, &DecryptOptions::default())?;
/// assert_eq!((decrypted.recipient, &**decrypted.plaintext), (1, &b"attack at dawn"[..]));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn decrypt_json(token: &str, keys: impl Into<Keys>, options: &DecryptOptions) -> Result<DecryptedJson, Error> {
    let policy = Policy::new(options)?;
    let keys = keys.into();
    let max_length = options.max_length()?;
    if max_length < token.len() {
        return Err(too_long(max_length));
    }
    let document = object("JWE", token)?;
    let recipients = recipients(&document)?;
    let protected = text(&document, "protected")?;
    let protected_text = protected.map_or_else(|| Ok("{}".into()), decode_jwe_header)?;
    let protected_header = object("header", &protected_text)?;
    let unprotected = header(&document, "unprotected")?;
    let aad = text(&document, "aad")?;
    let part = |name: &str, part: &str| decode(part, text(&document, name)?.unwrap_or_default());
    let mut parts = Parts {
        encrypted_key: Vec::new(),
        iv: part("iv", "initialization vector")?,
        ciphertext: part("ciphertext", "ciphertext")?,
        tag: part("tag", "authentication tag")?,
    };
    let decoded_aad = aad.map(|aad| decode("additional authenticated data", aad)).transpose()?;
    // RFC 7516 §5.1 step 14.
    let authenticated = match aad {
        Some(aad) => [protected.unwrap_or_default(), ".", aad].concat(),
        None => protected.unwrap_or_default().into(),
    };

    let mut failure = None;
    for (index, recipient) in recipients.iter().enumerate() {
        let whole = match whole_header(&protected_header, unprotected, recipient.header, options) {
            Err(error) if recipients.len() == 1 => return Err(error),
            whole => whole,
        };
        let (mut tried_password, mut has_key) = (false, false);
        let opened = whole.and_then(|whole| {
            let read = Header::read(&whole)?;
            policy.check_compression(&read)?;
            let key = keys.select(&read)?;
            (tried_password, has_key) = (key.is_password(), true);
            let encryption = policy.check(&read, key)?;
            parts.encrypted_key = decode("encrypted key", recipient.encrypted_key)?;
            policy.open(key, encryption, &read, &parts, authenticated.as_bytes())
        });
        match opened {
            Ok(plaintext) => {
                drop(protected_header);
                return Ok(DecryptedJson { header: protected_text, plaintext, aad: decoded_aad, recipient: index });
            }
            Err(error) if recipients.len() == 1 || !is_about_recipient(error.code()) => return Err(error),
            Err(error) if error.code() == ErrorCode::DecryptionFailed => failure = Some(error),
            // What is wrong with a recipient of ours helps more than that no key fits the others.
            Err(error) if has_key || error.code() == ErrorCode::KeyAmbiguous => failure = failure.or(Some(error)),
            Err(_) => {}
        }
        // Each password takes a second, and the sender decides how many recipients there are.
        if tried_password {
            break;
        }
    }
    Err(failure.unwrap_or_else(|| Error::new(ErrorCode::KeyNotFound, "no key for any recipient of the JWE")))
}

/// Whether another recipient may succeed after this error.
fn is_about_recipient(code: ErrorCode) -> bool {
    use ErrorCode::{
        DecryptionFailed, KeyAmbiguous, KeyNotFound, TokenAlgorithmMismatch, TokenHeaderInvalid, TokenMalformed,
    };
    matches!(
        code,
        DecryptionFailed | KeyAmbiguous | KeyNotFound | TokenAlgorithmMismatch | TokenHeaderInvalid | TokenMalformed
    )
}

/// What a token has for one recipient.
struct Recipient<'j> {
    header: Option<&'j Object<'j>>,
    encrypted_key: &'j str,
}

/// The recipients of a token, at least one.
fn recipients<'j>(document: &'j Object<'j>) -> Result<Vec<Recipient<'j>>, Error> {
    let recipient = |object: &'j Object<'j>| -> Result<Recipient<'j>, Error> {
        // RFC 7516 §7.2.1: an empty one must be absent.
        let encrypted_key = match text(object, "encrypted_key")? {
            Some("") => return Err(malformed("\"encrypted_key\" is empty")),
            encrypted_key => encrypted_key.unwrap_or_default(),
        };
        Ok(Recipient { header: header(object, "header")?, encrypted_key })
    };
    let Some(recipients) = document.get("recipients") else {
        return Ok(vec![recipient(document)?]);
    };
    // RFC 7516 §7.2.2. Otherwise, readers of either form would see different recipients.
    if let Some(name) = ["header", "encrypted_key"].iter().find(|name| document.has(name)) {
        return Err(malformed(format!("JWE has both \"recipients\" and \"{name}\"")));
    }
    let invalid_recipients = || malformed("\"recipients\" is not a non-empty array of objects");
    match recipients {
        Json::Array(elements) if MAX_RECIPIENTS < elements.len() => {
            Err(Error::new(ErrorCode::TokenTooLong, "JWE has more than 16 recipients"))
        }
        Json::Array(elements) if !elements.is_empty() => elements
            .iter()
            .map(|element| match element {
                Json::Object(object) => recipient(object),
                _ => Err(invalid_recipients()),
            })
            .collect(),
        _ => Err(invalid_recipients()),
    }
}

/// The JOSE header of one recipient: the union of up to three headers, which must not share a parameter (RFC 7516 §7.2.1).
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: two headers share a parameter, or a parameter is not protected that must be.
pub(super) fn whole_header<'j>(
    protected: &Object<'j>,
    unprotected: Option<&Object<'j>>,
    own: Option<&Object<'j>>,
    options: &DecryptOptions,
) -> Result<Object<'j>, Error> {
    let demanded = [("crit", true), ("zip", true), ("typ", options.typ.is_some()), ("cty", options.cty.is_some())];
    let others: Vec<&Object<'j>> = [unprotected, own].into_iter().flatten().collect();
    let is_open = |name: &str| others.iter().any(|header| header.has(name));
    if let Some((name, _)) = demanded.iter().find(|(name, must)| *must && is_open(name)) {
        return Err(invalid(format!("\"{name}\" header is not protected")));
    }
    let all: Vec<&Object<'j>> = core::iter::once(protected).chain(others).collect();
    Object::union(&all).ok_or_else(|| invalid("a header parameter is in two headers"))
}

fn text<'j>(object: &'j Object<'j>, name: &str) -> Result<Option<&'j str>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("\"{name}\" is not a string"))),
    }
}

fn header<'j>(object: &'j Object<'j>, name: &str) -> Result<Option<&'j Object<'j>>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Object(header)) => Ok(Some(header)),
        Some(_) => Err(malformed(format!("\"{name}\" is not an object"))),
    }
}
