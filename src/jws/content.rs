//! The payload of a JWS: attached or detached, encoded or not. It can be read only after a signature has been verified.

use std::borrow::Cow;

use super::signature::{Scratch, check_signature};
use crate::Error;
use crate::jose::base64url;
use crate::jose::header::invalid;
use crate::jose::json::{Json, Object};
use crate::jose::key::Key;
use crate::jose::segment::{Padding, decode, malformed};

/// Where a payload is.
pub(super) enum Content<'j> {
    /// In the JWS, in its original encoding.
    Attached(&'j str),
    /// Passed separately, as bytes.
    Detached(&'j [u8]),
}

/// A payload whose signature has not been verified.
pub(super) struct UnverifiedPayload<'j> {
    content: Content<'j>,
    encoded: bool,
    padding: Padding,
}

/// The proof that a signature is valid, which releases the payload.
pub(super) struct SignatureProof(());

impl<'j> UnverifiedPayload<'j> {
    pub(super) fn new(content: Content<'j>, encoded: bool, padding: Padding) -> Self {
        Self { content, encoded, padding }
    }

    /// Verifies a signature of this payload and an encoded header.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: the signature is not canonical base64url.
    /// - [`ErrorCode::TokenSignatureInvalid`]: the key did not sign this payload and header.
    pub(super) fn check(&self, header: &str, signature: &str, key: &Key) -> Result<SignatureProof, Error> {
        let payload = match self.content {
            Content::Attached(text) => Cow::Borrowed(text.as_bytes()),
            Content::Detached(bytes) => as_signed(bytes, self.encoded),
        };
        let signature = self.padding.strip(signature);
        check_signature(key, &signing_input(header, &payload), signature, &mut Scratch::default())?;
        Ok(SignatureProof(()))
    }

    /// The decoded payload.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: the payload is not canonical base64url.
    pub(super) fn release(self, _: &SignatureProof) -> Result<Vec<u8>, Error> {
        match self.content {
            Content::Attached(text) if self.encoded => decode("payload", self.padding.strip(text)),
            Content::Attached(text) => Ok(text.as_bytes().to_vec()),
            Content::Detached(bytes) => Ok(bytes.to_vec()),
        }
    }
}

/// Whether the payload is encoded, which is the default of `b64`.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: `b64` is not a boolean, or is `false` and not critical. It must be critical so
///   that software that does not support it refuses the JWS (RFC 7797 §6).
pub(super) fn is_encoded(header: &Object<'_>) -> Result<bool, Error> {
    let is_critical = || {
        matches!(header.get("crit"), Some(Json::Array(names))
            if names.iter().any(|name| matches!(name, Json::Text(text) if text == "b64")))
    };
    match header.get("b64") {
        None | Some(Json::Bool(true)) => Ok(true),
        Some(Json::Bool(false)) if is_critical() => Ok(false),
        Some(Json::Bool(false)) => Err(invalid("\"b64\" header is false and not named by \"crit\"")),
        Some(_) => Err(invalid("\"b64\" header is not a boolean")),
    }
}

/// The payload in the form that is signed (RFC 7797 §3).
pub(super) fn as_signed(payload: &[u8], encoded: bool) -> Cow<'_, [u8]> {
    if encoded { Cow::Owned(base64url::encode(payload).into_bytes()) } else { Cow::Borrowed(payload) }
}

/// Finds the payload. It must be either in the JWS or passed separately, because two payloads could differ.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: there are two payloads, or none.
pub(super) fn locate<'j>(attached: Option<&'j str>, detached: Option<&'j [u8]>) -> Result<Content<'j>, Error> {
    match (attached, detached) {
        (None | Some(""), Some(bytes)) => Ok(Content::Detached(bytes)),
        (Some(_), Some(_)) => Err(malformed("payload is given but the JWS contains one")),
        (Some(text), None) => Ok(Content::Attached(text)),
        (None, None) => Err(malformed("payload is missing")),
    }
}

/// What a key signs (RFC 7515 §5.1).
pub(super) fn signing_input(header: &str, payload: &[u8]) -> Vec<u8> {
    [header.as_bytes(), b".", payload].concat()
}
