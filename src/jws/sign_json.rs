//! Signs a JWS in JSON, with one signature or several.

use core::mem::take;
use std::borrow::Cow;

use super::content::{as_signed, signing_input};
use super::header::{self, Parameters};
use super::members::{self, MAX_SIGNATURES};
use super::options::{SignJsonOptions, Signatory};
use super::unsigned::{Missing, Unsigned};
use crate::jose::base64url;
use crate::jose::json::{quote, read_object};
use crate::{Error, ErrorCode};

/// Signs bytes with one key. Returns `{ "payload", "protected", "header", "signature" }` (RFC 7515 §7.2.2).
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
    prepare_flattened(payload, by, options)?.finish()
}

/// Like [`sign_flattened`], for a key that is kept elsewhere: everything but the signature.
///
/// # Errors
/// Those of [`sign_general`].
pub fn prepare_flattened(payload: &[u8], by: &Signatory<'_>, options: &SignJsonOptions) -> Result<Unsigned, Error> {
    let draft = Draft::new(payload, options)?;
    let before = ["{", &draft.member].concat();
    Ok(Unsigned::new(vec![draft.signed_by(by, &before)?], "\"}"))
}

/// Signs bytes with several keys. Returns `{ "payload", "signatures": [{ "protected", "header", "signature" }, …] }`
/// (RFC 7515 §7.2.1).
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: a key is public, or its JWK forbids signing.
/// - [`ErrorCode::OptionInvalid`]: there is no signatory or more than 16, or a key is given twice; `header` sets a
///   parameter that this library sets itself or that [`verify_json`](super::verify_json) would refuse; a parameter is
///   both protected and unprotected; or the payload is unencoded, not detached and not UTF-8.
/// - [`ErrorCode::Internal`]: the platform has no random source, which RSA signatures need.
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
    prepare_general(payload, by, options)?.finish()
}

/// Like [`sign_general`], with keys of which some are kept elsewhere: everything but the signatures.
///
/// # Errors
/// Those of [`sign_general`].
pub fn prepare_general(payload: &[u8], by: &[Signatory<'_>], options: &SignJsonOptions) -> Result<Unsigned, Error> {
    if !(1..=MAX_SIGNATURES).contains(&by.len()) {
        return Err(invalid("a JWS must have 1 to 16 signatures"));
    }
    let signs_twice =
        |(index, one): (usize, &Signatory<'_>)| by.iter().take(index).any(|earlier| earlier.key.is(one.key));
    if by.iter().enumerate().any(signs_twice) {
        return Err(invalid("the same key is given twice for one JWS"));
    }
    let draft = Draft::new(payload, options)?;
    let mut before = ["{", &draft.member, "\"signatures\":[{"].concat();
    let mut signatures = Vec::new();
    for signatory in by {
        signatures.push(draft.signed_by(signatory, &take(&mut before))?);
        before.push_str("\"},{");
    }
    Ok(Unsigned::new(signatures, "\"}]}"))
}

/// The parts of a JWS that all its signatures share.
struct Draft<'p> {
    /// The member `payload` with a trailing comma, or nothing if the payload is detached.
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
            // A JSON string can only hold Unicode text (RFC 7797 §5.3).
            let text = core::str::from_utf8(&payload)
                .map_err(|_| invalid("an unencoded payload that is not detached must be UTF-8"))?;
            ["\"payload\":", &quote(text)?, ","].concat()
        };
        Ok(Self { member, payload, unencoded })
    }

    /// The missing signature, with `before` and its other members before it.
    fn signed_by(&self, Signatory { key, options }: &Signatory<'_>, before: &str) -> Result<Missing, Error> {
        key.expect_signing()?;
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
        let before = [before, "\"protected\":\"", &protected, "\",", &unprotected, "\"signature\":\""].concat();
        Ok(Missing::new(key, signing_input(&protected, &self.payload), before))
    }
}

/// The member `header` with a trailing comma, or nothing for an empty header (RFC 7515 §7.2.1).
fn unprotected_member(protected: &str, unprotected: &str) -> Result<String, Error> {
    let refused = |clause: &str| invalid(format!("option \"unprotected\" {clause}"));
    let object = read_object(unprotected).map_err(|fault| refused(fault.clause()))?;
    if object.is_empty() {
        return Ok(String::new());
    }
    // Readers ignore it (RFC 7515 §4), but older ones refuse the JWS.
    if object.has("zip") {
        return Err(invalid("option \"unprotected\": \"zip\" header is not protected"));
    }
    let protected = read_object(protected).map_err(|fault| refused(fault.clause()))?;
    members::kid(&protected, Some(&object)).map_err(|error| invalid(format!("option \"unprotected\": {error}")))?;
    Ok(["\"header\":", unprotected, ","].concat())
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
