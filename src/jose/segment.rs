//! Decodes the segments of compact serializations (RFC 7515 §7.1, RFC 7516 §7.1). The parameter `part` is the
//! segment's name in error messages.

use super::base64url::{self, DecodeBuffer};
use super::json::{JsonError, Object, read_object};
use crate::{Error, ErrorCode};

/// Reads a text as a JSON object.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: the strict JSON reader refuses the text.
pub(crate) fn object<'b>(part: &str, text: &'b str) -> Result<Object<'b>, Error> {
    read_object(text).map_err(|fault| malformed(format!("{part} {}", fault.clause())))
}

/// The error for a token that is longer than `max_length` bytes.
pub(crate) fn too_long(max_length: usize) -> Error {
    Error::new(ErrorCode::TokenTooLong, format!("token is longer than {max_length} bytes"))
}

/// Decodes a segment.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: the segment is not canonical base64url.
pub(crate) fn decode(part: &str, segment: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(segment).ok_or_else(|| not_canonical(part, segment))
}

pub(crate) fn decode_in<'r>(part: &str, segment: &str, buffer: &'r mut DecodeBuffer) -> Result<&'r [u8], Error> {
    base64url::decode_in(segment, buffer).ok_or_else(|| not_canonical(part, segment))
}

fn not_canonical(part: &str, segment: &str) -> Error {
    // The parts of a JWS. No function reads a JWE with padding.
    let is_in_jws = matches!(part, "header" | "payload" | "signature");
    let bare = Padding::Allowed.strip(segment);
    if is_in_jws && bare.len() < segment.len() && base64url::decode(bare).is_some() {
        return malformed(format!("{part} is padded: see option \"allowPadding\" of verifyJws"));
    }
    malformed(format!("{part} is not canonical base64url"))
}

/// Whether segments may be padded with `=`. RFC 7515 §2 leaves padding out; the load balancers of AWS write it.
#[derive(Clone, Copy)]
pub(crate) enum Padding {
    Allowed,
    Refused,
}

impl Padding {
    /// The segment without its padding, if padding is allowed and fills the last group of four characters. Otherwise the
    /// segment itself, which [`decode`] refuses if it is padded.
    pub(crate) fn strip(self, segment: &str) -> &str {
        let bare = segment.trim_end_matches('=');
        let fills_a_group = segment.len().is_multiple_of(4) && segment.len().saturating_sub(bare.len()) < 3;
        if matches!(self, Self::Allowed) && fills_a_group { bare } else { segment }
    }
}

/// Decodes a segment that holds text.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: the segment is not canonical base64url, or not UTF-8.
pub(crate) fn decode_text(part: &str, segment: &str) -> Result<String, Error> {
    text(part, decode(part, segment)?)
}

/// Decodes the header of a JWE.
///
/// # Errors
/// Those of [`decode_text`].
#[cfg(feature = "jwe")]
pub(crate) fn decode_jwe_header(segment: &str) -> Result<String, Error> {
    text("header", base64url::decode(segment).ok_or_else(|| malformed("header is not canonical base64url"))?)
}

pub(crate) fn text(part: &str, bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| not_json(part))
}

pub(crate) fn not_json(part: &str) -> Error {
    malformed(format!("{part} {}", JsonError::NotJson.clause()))
}

pub(crate) fn malformed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::TokenMalformed, message)
}
