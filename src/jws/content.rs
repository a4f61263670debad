//! The payload of a JWS: within it or beside it, encoded or not, and out of reach until a signature held.

use std::borrow::Cow;

use super::signature::{Scratch, check_signature};
use crate::jose::base64url;
use crate::jose::header::invalid;
use crate::jose::json::{Json, Object};
use crate::jose::key::Key;
use crate::jose::segment::{decode, malformed};
use crate::{Error, ErrorCode};

/// Where a payload is.
pub(super) enum Content<'j> {
    /// In the JWS, as it is written there.
    Attached(&'j str),
    /// Beside it, as it is.
    Detached(&'j [u8]),
}

/// A payload that no signature has vouched for.
pub(super) struct UnverifiedPayload<'j> {
    content: Content<'j>,
    encoded: bool,
}

/// That a signature held: what opens a payload.
pub(super) struct SignatureProof(());

impl<'j> UnverifiedPayload<'j> {
    pub(super) fn new(content: Content<'j>, encoded: bool) -> Self {
        Self { content, encoded }
    }

    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: the signature is not canonical base64url.
    /// - [`ErrorCode::TokenSignatureInvalid`]: it is not this key's signature of this payload under this header.
    pub(super) fn check(&self, header: &str, signature: &str, key: &Key) -> Result<SignatureProof, Error> {
        let payload = match self.content {
            Content::Attached(text) => Cow::Borrowed(text.as_bytes()),
            Content::Detached(bytes) => as_signed(bytes, self.encoded),
        };
        check_signature(key, &signing_input(header, &payload), signature, &mut Scratch::default())?;
        Ok(SignatureProof(()))
    }

    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: not canonical base64url.
    pub(super) fn release(self, _: &SignatureProof) -> Result<Vec<u8>, Error> {
        match self.content {
            Content::Attached(text) if self.encoded => decode("payload", text),
            Content::Attached(text) => Ok(text.as_bytes().to_vec()),
            Content::Detached(bytes) => Ok(bytes.to_vec()),
        }
    }
}

/// Whether a header says that the payload is encoded, as it is unless `b64` says no.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: `b64` is not a boolean; or is `false` without being critical, so that who does
///   not know it would check something else (RFC 7797 §6).
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

/// What is signed of a payload (RFC 7797 §3).
pub(super) fn as_signed(payload: &[u8], encoded: bool) -> Cow<'_, [u8]> {
    if encoded { Cow::Owned(base64url::encode(payload).into_bytes()) } else { Cow::Borrowed(payload) }
}

/// The key's signature of a payload under an encoded header, in base64url.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key must not sign.
/// - [`ErrorCode::Internal`]: no random source for a signature that wants one.
pub(super) fn signature(header: &str, payload: &[u8], key: &Key) -> Result<String, Error> {
    let signed = key.signer()?.try_sign(&signing_input(header, payload));
    let signature = signed.map_err(|_| Error::new(ErrorCode::Internal, "signing failed"))?;
    Ok(base64url::encode(&signature))
}

/// Where the payload is, as it was said and as it is found: a payload in two places could be two payloads.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: it is in both places, or in none.
pub(super) fn locate<'j>(attached: Option<&'j str>, detached: Option<&'j [u8]>) -> Result<Content<'j>, Error> {
    match (attached, detached) {
        (None | Some(""), Some(bytes)) => Ok(Content::Detached(bytes)),
        (Some(_), Some(_)) => Err(malformed("payload is given but the JWS contains one")),
        (Some(text), None) => Ok(Content::Attached(text)),
        (None, None) => Err(malformed("payload is missing")),
    }
}

fn signing_input(header: &str, payload: &[u8]) -> Vec<u8> {
    [header.as_bytes(), b".", payload].concat()
}
