//! Splits a token in compact serialization (RFC 7515 §7.1). The types say how far it can be trusted.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::{u8x16_eq, u8x16_splat, v128};

use crate::Error;
use crate::jose::byte_search::{ByteClass, equal, length_before};
use crate::jose::key::Key;
use crate::jose::segment::{decode, decode_in, decode_text, malformed, not_json, text, too_long};
use crate::jws::signature::{Scratch, check_signature};

/// A token with three segments of limited length. Nothing in it is authenticated, so only the header can be read.
pub(crate) struct Untrusted<'t> {
    pub(crate) header: &'t str,
    signing_input: &'t str,
    payload: &'t str,
    signature: &'t str,
}

/// A token whose signature is valid. Only this type has a payload.
pub(crate) struct Authentic<'t>(&'t str);

impl<'t> Untrusted<'t> {
    /// Splits a token into its segments.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenTooLong`](crate::ErrorCode::TokenTooLong): it is longer than `max_length` bytes. Checked
    ///   first.
    /// - [`ErrorCode::TokenMalformed`](crate::ErrorCode::TokenMalformed): it does not have exactly three segments.
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

    /// The header's JSON text, which is not authenticated yet.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`](crate::ErrorCode::TokenMalformed): the segment is not canonical base64url of
    ///   UTF-8.
    pub(crate) fn header_text(&self) -> Result<String, Error> {
        decode_text("header", self.header)
    }

    /// The payload's text without authentication. Only for `decode_unverified` and for refusing a token without a key.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`](crate::ErrorCode::TokenMalformed): payload or signature is not canonical
    ///   base64url.
    pub(crate) fn payload_text_unverified(&self) -> Result<String, Error> {
        let payload = decode("payload", self.payload)?;
        decode("signature", self.signature)?;
        text("payload", payload)
    }

    /// Verifies the signature.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key's JWK forbids verifying.
    /// - [`ErrorCode::TokenMalformed`](crate::ErrorCode::TokenMalformed): the signature is not canonical base64url.
    /// - [`ErrorCode::TokenSignatureInvalid`](crate::ErrorCode::TokenSignatureInvalid): this key did not sign this
    ///   token.
    pub(crate) fn authenticate(self, key: &Key, scratch: &mut Scratch) -> Result<Authentic<'t>, Error> {
        check_signature(key, self.signing_input.as_bytes(), self.signature, scratch)?;
        Ok(Authentic(self.payload))
    }
}

impl Authentic<'_> {
    /// The payload's text.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenMalformed`](crate::ErrorCode::TokenMalformed): the segment is not canonical base64url of
    ///   UTF-8.
    pub(crate) fn payload_text<'r>(&self, scratch: &'r mut Scratch) -> Result<&'r str, Error> {
        let bytes = decode_in("payload", self.0, &mut scratch.decoded)?;
        str::from_utf8(bytes).map_err(|_| not_json("payload"))
    }
}

struct Dot;

impl ByteClass for Dot {
    #[expect(clippy::inline_always, reason = "a few instructions, executed for every eight bytes")]
    #[inline(always)]
    fn marks(word: u64) -> u64 {
        equal(word, b'.')
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[expect(clippy::inline_always, reason = "a few instructions, executed for every sixteen bytes")]
    #[inline(always)]
    fn matches(bytes: v128) -> v128 {
        u8x16_eq(bytes, u8x16_splat(b'.'))
    }
}

fn split_at_dot(text: &str) -> Option<(&str, &str)> {
    let at = length_before::<Dot>(text.as_bytes());
    // Without a dot, `at` is the length of the text, and the second `get` gives `None`.
    Some((text.get(..at)?, text.get(at.checked_add(1)?..)?))
}
