//! Making a JWS in JSON, with one signature or several.

use std::borrow::Cow;

use super::content::{as_signed, signature};
use super::header::{self, Parameters};
use super::members::{self, MAX_SIGNATURES};
use super::options::{SignJsonOptions, Signatory};
use crate::jose::base64url;
use crate::jose::json::{quote, read_object};
use crate::{Error, ErrorCode};

/// Signs bytes with one key: `{ "payload", "protected", "header", "signature" }` (RFC 7515 §7.2.2).
///
/// # Errors
/// Those of [`sign_general`].
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions};
/// use countersign::jwt::jws::{self, Signatory, SignatoryOptions, SignJsonOptions};
///
/// let key = Key::generate(Algorithm::Hs256, &KeyOptions::default())?;
/// let by = Signatory { key: &key, options: SignatoryOptions::default() };
/// let signed = jws::sign_flattened(b"any bytes", &by, &SignJsonOptions::default())?;
/// assert!(signed.starts_with(r#"{"payload":"YW55IGJ5dGVz","protected":"#));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn sign_flattened(payload: &[u8], by: &Signatory<'_>, options: &SignJsonOptions) -> Result<String, Error> {
    let draft = Draft::new(payload, options)?;
    Ok(["{", &draft.member, &draft.signed_by(by)?, "}"].concat())
}

/// Signs bytes with several keys: `{ "payload", "signatures": [{ "protected", "header", "signature" }, …] }` (RFC 7515
/// §7.2.1).
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: a key must not sign.
/// - [`ErrorCode::OptionInvalid`]: no signatory or more than 16, or one key twice; a header parameter that is not the caller's to set, or
///   one that [`verify_json`](super::verify_json) would refuse; a parameter that is protected and unprotected; an
///   unencoded payload that is not detached and not UTF-8.
/// - [`ErrorCode::Internal`]: no random source for a signature that wants one.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions};
/// use countersign::jwt::jws::{self, Signatory, SignatoryOptions, SignJsonOptions};
///
/// let keys = [Key::generate(Algorithm::EdDsa, &KeyOptions::default())?, Key::generate(Algorithm::Hs256, &KeyOptions::default())?];
/// let by = keys.each_ref().map(|key| Signatory { key, options: SignatoryOptions::default() });
/// let signed = jws::sign_general(b"any bytes", &by, &SignJsonOptions::default())?;
/// assert!(signed.starts_with(r#"{"payload":"YW55IGJ5dGVz","signatures":[{"protected":"#));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn sign_general(payload: &[u8], by: &[Signatory<'_>], options: &SignJsonOptions) -> Result<String, Error> {
    if !(1..=MAX_SIGNATURES).contains(&by.len()) {
        return Err(invalid("a JWS must have 1 to 16 signatures"));
    }
    let signs_twice =
        |(index, one): (usize, &Signatory<'_>)| by.iter().take(index).any(|earlier| earlier.key.is(one.key));
    if by.iter().enumerate().any(signs_twice) {
        return Err(invalid("the same key is given twice for one JWS"));
    }
    let draft = Draft::new(payload, options)?;
    let mut signatures = Vec::new();
    for signatory in by {
        signatures.push(["{", &draft.signed_by(signatory)?, "}"].concat());
    }
    Ok(["{", &draft.member, "\"signatures\":[", &signatures.join(","), "]}"].concat())
}

/// What the signatures of a JWS have in common.
struct Draft<'p> {
    /// The member `payload` and the comma behind it, or nothing where the payload is detached.
    member: String,
    payload: Cow<'p, [u8]>,
    unencoded: bool,
}

impl<'p> Draft<'p> {
    fn new(payload: &'p [u8], options: &SignJsonOptions) -> Result<Self, Error> {
        let unencoded = options.b64 == Some(false);
        let payload = as_signed(payload, !unencoded);
        let member = if options.detached == Some(true) {
            String::new()
        } else {
            // RFC 7797 §5.3: a JSON string holds Unicode and nothing else.
            let text = core::str::from_utf8(&payload)
                .map_err(|_| invalid("an unencoded payload that is not detached must be UTF-8"))?;
            ["\"payload\":", &quote(text)?, ","].concat()
        };
        Ok(Self { member, payload, unencoded })
    }

    /// The members of one signature.
    fn signed_by(&self, Signatory { key, options }: &Signatory<'_>) -> Result<String, Error> {
        key.signer()?;
        let parameters = Parameters {
            typ: options.typ.as_deref(),
            cty: options.cty.as_deref(),
            unencoded: self.unencoded,
            crit: options.crit.as_deref().unwrap_or_default(),
            more: options.header.as_deref(),
        };
        let header = header::write(key, &parameters)?;
        let unprotected = match &options.unprotected {
            Some(unprotected) => unprotected_member(&header, unprotected)?,
            None => String::new(),
        };
        let protected = base64url::encode(header.as_bytes());
        let signature = signature(&protected, &self.payload, key)?;
        Ok(["\"protected\":\"", &protected, "\",", &unprotected, "\"signature\":\"", &signature, "\""].concat())
    }
}

/// The member `header` and the comma behind it. RFC 7515 §7.2.1: an empty header is absent.
fn unprotected_member(protected: &str, unprotected: &str) -> Result<String, Error> {
    let refused = |clause: &str| invalid(format!("option \"unprotected\" {clause}"));
    let object = read_object(unprotected).map_err(|fault| refused(fault.clause()))?;
    if object.is_empty() {
        return Ok(String::new());
    }
    let protected = read_object(protected).map_err(|fault| refused(fault.clause()))?;
    members::kid(&protected, Some(&object)).map_err(|error| invalid(format!("option \"unprotected\": {error}")))?;
    Ok(["\"header\":", unprotected, ","].concat())
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
