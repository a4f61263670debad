//! The members of a JWS in JSON (RFC 7515 §7.2), flattened or general, each with the type it must have.

use crate::jose::header::{invalid, text};
use crate::jose::json::{Json, Object, names_of};
use crate::jose::segment::malformed;
use crate::{Error, ErrorCode};

/// How many signatures a JWS may have. Each costs the work of a signature before there is any trust.
pub(super) const MAX_SIGNATURES: usize = 16;

/// A JWS in JSON. Nothing of it has been checked.
pub(super) struct Members<'j> {
    pub(super) payload: Option<&'j str>,
    pub(super) signatures: Vec<Signature<'j>>,
}

/// One signature, and what it says of itself.
pub(super) struct Signature<'j> {
    pub(super) protected: Option<&'j str>,
    pub(super) unprotected: Option<&'j Object<'j>>,
    pub(super) value: &'j str,
}

impl<'j> Members<'j> {
    /// Other members are ignored, as RFC 7515 §7.2 wants, but for those of one form in the other.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: a member is missing or of the wrong type; it is of both forms at once.
    /// - [`ErrorCode::TokenTooLong`]: more than 16 signatures.
    pub(super) fn read(document: &'j Object<'j>) -> Result<Self, Error> {
        let payload = string(document, "payload")?;
        let Some(signatures) = document.get("signatures") else {
            return Ok(Self { payload, signatures: vec![Signature::read(document)?] });
        };
        // RFC 7515 §7.2.2: who reads the one and who reads the other would see two documents.
        if let Some(name) = ["header", "protected", "signature"].iter().find(|name| document.has(name)) {
            return Err(malformed(format!("JWS has both \"signatures\" and \"{name}\"")));
        }
        let ill_formed = || malformed("\"signatures\" is not a non-empty array of objects");
        let Json::Array(signatures) = signatures else {
            return Err(ill_formed());
        };
        if signatures.is_empty() {
            return Err(ill_formed());
        }
        if MAX_SIGNATURES < signatures.len() {
            return Err(Error::new(ErrorCode::TokenTooLong, "JWS has more than 16 signatures"));
        }
        let read = signatures.iter().map(|signature| match signature {
            Json::Object(signature) => Signature::read(signature),
            _ => Err(ill_formed()),
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

/// Judges the two headers of a signature beside each other, and gives the `kid` that either names.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: the unprotected header has what has to be protected, repeats a name of the
///   protected one, or one of them has a `kid` that is not a string.
pub(super) fn kid<'h>(
    protected: &'h Object<'h>,
    unprotected: Option<&'h Object<'h>>,
) -> Result<Option<&'h str>, Error> {
    let Some(unprotected) = unprotected else {
        return text(protected, "kid");
    };
    // RFC 7515 §4.1.11 and RFC 7797 §3 say so of `crit` and `b64`. Of `alg` RFC 7515 §10.7 only advises it; with a key
    // bound to its algorithm nothing is lost by demanding it. `zip` would be refused if it were protected.
    for name in ["alg", "b64", "crit", "zip"] {
        if unprotected.has(name) {
            return Err(invalid(format!("\"{name}\" header is not protected")));
        }
    }
    // RFC 7515 §7.2.1: the names are disjoint. A set, as there is no trust yet and the work must stay near linear.
    let names = names_of(protected.members().map(|(name, _)| name)).unwrap_or_default();
    if unprotected.members().any(|(name, _)| names.contains(name)) {
        return Err(invalid("a header parameter is both protected and unprotected"));
    }
    Ok(text(protected, "kid")?.or(text(unprotected, "kid")?))
}

fn string<'j>(object: &'j Object<'j>, name: &str) -> Result<Option<&'j str>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("\"{name}\" is not a string"))),
    }
}
