//! Reads the members of a JWS in JSON (RFC 7515 §7.2), flattened or general, and checks their types.

use crate::jose::distinct_names::Names;
use crate::jose::header::{invalid, text_or_null};
use crate::jose::json::{Json, Object};
use crate::jose::segment::malformed;
use crate::{Error, ErrorCode};

/// The maximum number of signatures. Each takes time to verify, and an attacker decides how many there are.
pub(super) const MAX_SIGNATURES: usize = 16;

/// A JWS in JSON whose signatures have not been verified.
pub(super) struct Members<'j> {
    pub(super) payload: Option<&'j str>,
    pub(super) signatures: Vec<Signature<'j>>,
}

/// One signature with its headers.
pub(super) struct Signature<'j> {
    pub(super) protected: Option<&'j str>,
    pub(super) unprotected: Option<&'j Object<'j>>,
    pub(super) value: &'j str,
}

impl<'j> Members<'j> {
    /// Reads the members. Unknown members are ignored (RFC 7515 §7.2).
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: a member is missing or has the wrong type, or the JWS is flattened and general
    ///   at the same time.
    /// - [`ErrorCode::TokenTooLong`]: there are more than 16 signatures.
    pub(super) fn read(document: &'j Object<'j>) -> Result<Self, Error> {
        let payload = string(document, "payload")?;
        let Some(signatures) = document.get("signatures") else {
            return Ok(Self { payload, signatures: vec![Signature::read(document)?] });
        };
        // RFC 7515 §7.2.2. Otherwise, readers of either form would see different signatures.
        if let Some(name) = ["header", "protected", "signature"].iter().find(|name| document.has(name)) {
            return Err(malformed(format!("JWS has both \"signatures\" and \"{name}\"")));
        }
        let invalid_signatures = || malformed("\"signatures\" is not a non-empty array of objects");
        let Json::Array(signatures) = signatures else {
            return Err(invalid_signatures());
        };
        if signatures.is_empty() {
            return Err(invalid_signatures());
        }
        if MAX_SIGNATURES < signatures.len() {
            return Err(Error::new(ErrorCode::TokenTooLong, "JWS has more than 16 signatures"));
        }
        let read = signatures.iter().map(|signature| match signature {
            Json::Object(signature) => Signature::read(signature),
            _ => Err(invalid_signatures()),
        });
        Ok(Self { payload, signatures: read.collect::<Result<_, _>>()? })
    }
}

impl<'j> Signature<'j> {
    fn read(object: &'j Object<'j>) -> Result<Self, Error> {
        let unprotected = match object.get("header") {
            None => None,
            Some(Json::Object(header)) => Some(header),
            Some(_) => return Err(malformed("\"header\" is not an object")),
        };
        let value = string(object, "signature")?.ok_or_else(|| malformed("\"signature\" is missing"))?;
        Ok(Self { protected: string(object, "protected")?, unprotected, value })
    }
}

/// Checks the two headers of a signature against each other, and returns the `kid` from either of them.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: the unprotected header has a parameter that must be protected, or that the
///   protected header has too; or `kid` is not a string.
pub(super) fn kid<'h>(
    protected: &'h Object<'h>,
    unprotected: Option<&'h Object<'h>>,
) -> Result<Option<&'h str>, Error> {
    let Some(unprotected) = unprotected else {
        return text_or_null(protected, "kid");
    };
    // `crit` and `b64` must be protected (RFC 7515 §4.1.11, RFC 7797 §3). RFC 7515 §10.7 only recommends it for `alg`.
    // Requiring it costs nothing here, because a key is bound to its algorithm.
    for name in ["alg", "b64", "crit"] {
        if unprotected.has(name) {
            return Err(invalid(format!("\"{name}\" header is not protected")));
        }
    }
    // The two headers must not share a name (RFC 7515 §7.2.1). An attacker controls them, so a set keeps the work
    // nearly linear.
    let names = Names::distinct(protected.members().map(|(name, _)| name)).unwrap_or_default();
    if unprotected.members().any(|(name, _)| names.contains(name)) {
        return Err(invalid("a header parameter is both protected and unprotected"));
    }
    Ok(text_or_null(protected, "kid")?.or(text_or_null(unprotected, "kid")?))
}

fn string<'j>(object: &'j Object<'j>, name: &str) -> Result<Option<&'j str>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("\"{name}\" is not a string"))),
    }
}
