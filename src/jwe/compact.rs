//! Splits and joins the five segments of the compact serialization (RFC 7516 §7.1).

use crate::jose::base64url;
use crate::jose::segment::{decode, decode_jwe_header, too_long};
use crate::{Error, ErrorCode};

/// A token with five segments of limited length. Only the header can be read before there is a key.
pub(super) struct Compact<'t> {
    /// The encoded header, which is also the additional authenticated data (RFC 7516 §5.1 step 14).
    pub(super) header: &'t str,
    encrypted_key: &'t str,
    iv: &'t str,
    ciphertext: &'t str,
    tag: &'t str,
}

/// The four segments after the header, decoded.
pub(super) struct Parts {
    pub(super) encrypted_key: Vec<u8>,
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl<'t> Compact<'t> {
    /// Splits a token into its segments.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenTooLong`]: the token is longer than `max_length` bytes. Checked first.
    /// - [`ErrorCode::TokenMalformed`]: it does not have exactly five segments.
    pub(super) fn parse(token: &'t str, max_length: usize) -> Result<Self, Error> {
        if max_length < token.len() {
            return Err(too_long(max_length));
        }
        let mut parts = token.splitn(6, '.');
        let mut next = || parts.next();
        let (Some(header), Some(encrypted_key), Some(iv), Some(ciphertext), Some(tag), None) =
            (next(), next(), next(), next(), next(), next())
        else {
            return Err(malformed("token is not five segments separated by dots"));
        };
        Ok(Self { header, encrypted_key, iv, ciphertext, tag })
    }

    /// The header's JSON text, which is not authenticated yet.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: the segment is not canonical base64url of UTF-8.
    pub(super) fn header_text(&self) -> Result<String, Error> {
        decode_jwe_header(self.header)
    }

    /// Decodes the segments after the header.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`]: a segment is not canonical base64url.
    pub(super) fn parts(&self) -> Result<Parts, Error> {
        Ok(Parts {
            encrypted_key: decode("encrypted key", self.encrypted_key)?,
            iv: decode("initialization vector", self.iv)?,
            ciphertext: decode("ciphertext", self.ciphertext)?,
            tag: decode("authentication tag", self.tag)?,
        })
    }
}

/// Joins the encoded header and the other segments to a token.
pub(super) fn join(header: &str, parts: &Parts) -> String {
    let bytes = [&parts.encrypted_key, &parts.iv, &parts.ciphertext, &parts.tag];
    let length: usize = bytes.iter().map(|part| part.len()).sum();
    let mut token = String::with_capacity(header.len().saturating_add(length.saturating_mul(4) / 3).saturating_add(16));
    token.push_str(header);
    for part in bytes {
        token.push('.');
        base64url::encode_onto(part, &mut token);
    }
    token
}

pub(super) fn malformed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::TokenMalformed, message)
}
