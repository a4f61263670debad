//! The compact serialization (RFC 7515 §7.1), and what trust each part of it has earned.

use super::base64url;
use super::json::{Fault, Object, read_object};
use super::key::Key;
use super::scan::{Sought, equal, length_before};
use crate::{Error, ErrorCode};

/// Three segments of bounded length. Nothing of it has been checked; only the header may be read.
pub(crate) struct Untrusted<'t> {
    pub(crate) header: &'t str,
    signing_input: &'t str,
    payload: &'t str,
    signature: &'t str,
}

/// A token whose signature was right: only this has a payload.
pub(crate) struct Authentic<'t>(&'t str);

/// Where a token is decoded, whatever was there: who keeps it from token to token saves allocations.
#[derive(Default)]
pub(crate) struct Room {
    bytes: base64url::Room,
    signature: Vec<u8>,
}

impl<'t> Untrusted<'t> {
    /// # Errors
    /// - [`ErrorCode::TokenTooLong`]: longer than `max_length` bytes, judged before anything else.
    /// - [`ErrorCode::TokenMalformed`]: not exactly three segments.
    pub(crate) fn parse(token: &'t str, max_length: usize) -> Result<Self, Error> {
        if max_length < token.len() {
            return Err(too_long(max_length));
        }
        let not_three = || malformed("token is not three segments separated by dots");
        let (header, rest) = split_at_dot(token).ok_or_else(not_three)?;
        let (payload, signature) = split_at_dot(rest).ok_or_else(not_three)?;
        if split_at_dot(signature).is_some() {
            return Err(not_three());
        }
        let signing_input =
            token.get(..token.len().saturating_sub(signature.len()).saturating_sub(1)).unwrap_or_default();
        Ok(Self { header, signing_input, payload, signature })
    }

    /// The header's text, to be read before there is any trust.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: not canonical base64url of UTF-8.
    pub(crate) fn header_text(&self) -> Result<String, Error> {
        decode_text("header", self.header)
    }

    /// The payload's text without any trust: for `decode_unverified` only.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: payload or signature are not canonical base64url.
    pub(crate) fn payload_text_unverified(&self) -> Result<String, Error> {
        let payload = decode("payload", self.payload)?;
        decode("signature", self.signature)?;
        text("payload", payload)
    }

    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key must not verify.
    /// - [`ErrorCode::TokenMalformed`]: the signature is not canonical base64url.
    /// - [`ErrorCode::TokenSignatureInvalid`]: it is not this key's signature of this token.
    pub(crate) fn authenticate(self, key: &Key, room: &mut Room) -> Result<Authentic<'t>, Error> {
        check_signature(key, self.signing_input.as_bytes(), self.signature, room)?;
        Ok(Authentic(self.payload))
    }
}

impl Authentic<'_> {
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: not canonical base64url of UTF-8.
    pub(crate) fn payload_text<'r>(&self, room: &'r mut Room) -> Result<&'r str, Error> {
        let bytes = decode_in("payload", self.0, &mut room.bytes)?;
        str::from_utf8(bytes).map_err(|_| not_json("payload"))
    }
}

/// Whether the segment is the key's signature of the input.
///
/// # Errors
/// Those of [`Untrusted::authenticate`].
pub(crate) fn check_signature(key: &Key, signing_input: &[u8], signature: &str, room: &mut Room) -> Result<(), Error> {
    let verifier = key.verifier()?;
    let decoded = decode_in("signature", signature, &mut room.bytes)?;
    room.signature.clear();
    room.signature.extend_from_slice(decoded);
    verifier
        .verify(signing_input, &room.signature)
        .map_err(|_| Error::new(ErrorCode::TokenSignatureInvalid, "signature does not match"))
}

/// Reads a part as a JSON object.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: what the strict reader refuses.
pub(crate) fn object<'b>(part: &str, text: &'b str) -> Result<Object<'b>, Error> {
    read_object(text).map_err(|fault| malformed(format!("{part} {}", fault.clause())))
}

/// The error for a token over the limit.
pub(crate) fn too_long(max_length: usize) -> Error {
    Error::new(ErrorCode::TokenTooLong, format!("token is longer than {max_length} bytes"))
}

/// The bytes of a segment.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: not canonical base64url.
pub(crate) fn decode(part: &str, segment: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(segment).ok_or_else(|| not_canonical(part))
}

fn decode_in<'r>(part: &str, segment: &str, room: &'r mut base64url::Room) -> Result<&'r [u8], Error> {
    base64url::decode_in(segment, room).ok_or_else(|| not_canonical(part))
}

fn not_canonical(part: &str) -> Error {
    malformed(format!("{part} is not canonical base64url"))
}

/// The text of a segment.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: not canonical base64url, or not UTF-8.
pub(crate) fn decode_text(part: &str, segment: &str) -> Result<String, Error> {
    text(part, decode(part, segment)?)
}

struct Dot;

impl Sought for Dot {
    #[expect(clippy::inline_always, reason = "a few instructions, for every eight bytes")]
    #[inline(always)]
    fn marks(word: u64) -> u64 {
        equal(word, b'.')
    }
}

fn split_at_dot(text: &str) -> Option<(&str, &str)> {
    let at = length_before::<Dot>(text.as_bytes());
    // Where there is no dot nothing is behind it, not even an empty text.
    Some((text.get(..at)?, text.get(at.checked_add(1)?..)?))
}

fn text(part: &str, bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| not_json(part))
}

fn not_json(part: &str) -> Error {
    malformed(format!("{part} {}", Fault::NotJson.clause()))
}

pub(crate) fn malformed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::TokenMalformed, message)
}
