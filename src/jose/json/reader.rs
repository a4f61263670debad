//! Parses JSON (RFC 8259) in one pass.
//!
//! Hand-written because reading with `serde_json` would add 8 KB to the token module (docs/decisions/0032-json-reader.md).
//! A test and a fuzz target compare the two.
//!
//! The crate is compiled for size. Without `inline(always)`, reading each byte would be a function call, and verifying
//! a token would take 20% longer.

#![expect(clippy::inline_always, reason = "a few instructions, executed for every byte")]

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::{u8x16_eq, u8x16_lt, u8x16_splat, v128, v128_or};
use std::borrow::Cow;

use super::number::Decimal;
use super::value::{Json, JsonError, MAX_DEPTH, Object, repeats_a_name};
use crate::jose::byte_search::{ByteClass, below, equal, length_before};

/// A text and the current position in it.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads exactly one value with optional white space around it.
    pub(super) fn whole(mut self) -> Result<Json<'a>, JsonError> {
        let value = self.value(1)?;
        if self.token().is_none() { Ok(value) } else { Err(JsonError::NotJson) }
    }

    /// Reads a value. `depth` is its nesting level if it is an array or object. Strings and numbers, the most frequent
    /// values, are handled inline.
    #[inline(always)]
    fn value(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        match self.token() {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'0'..=b'9') => {
                self.back();
                Ok(Json::Number(self.number()?))
            }
            other => self.other(other, depth),
        }
    }

    /// Reads a value that starts with neither a quote nor a digit.
    fn other(&mut self, first: Option<u8>, depth: usize) -> Result<Json<'a>, JsonError> {
        match first {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b't') => self.literal("rue", Json::Bool(true)),
            Some(b'f') => self.literal("alse", Json::Bool(false)),
            Some(b'n') => self.literal("ull", Json::Null),
            Some(b'-') => Ok(Json::Number(-self.number()?)),
            _ => Err(JsonError::NotJson),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        let inner = deeper(depth)?;
        // Most tokens have at most 8 claims. Nested objects start empty.
        let mut members = Vec::with_capacity(if depth == 1 { 8 } else { 0 });
        loop {
            match self.token() {
                Some(b'"') => {}
                Some(b'}') if members.is_empty() => break,
                _ => return Err(JsonError::NotJson),
            }
            let name = self.string()?;
            self.expect(b':')?;
            members.push((name, self.value(inner)?));
            match self.token() {
                Some(b',') => {}
                Some(b'}') => break,
                _ => return Err(JsonError::NotJson),
            }
        }
        if repeats_a_name(&members) { Err(JsonError::RepeatedName) } else { Ok(Json::Object(Object(members))) }
    }

    fn array(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        let inner = deeper(depth)?;
        let mut elements = Vec::new();
        if self.token() == Some(b']') {
            return Ok(Json::Array(elements));
        }
        self.back();
        loop {
            elements.push(self.value(inner)?);
            match self.token() {
                Some(b',') => {}
                Some(b']') => return Ok(Json::Array(elements)),
                _ => return Err(JsonError::NotJson),
            }
        }
    }

    /// Reads a string after its opening quote. Borrowed if it has no escapes.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let plain = self.plain();
        match self.byte() {
            Some(b'"') => Ok(Cow::Borrowed(plain)),
            Some(b'\\') => Ok(Cow::Owned(self.escaped(plain)?)),
            // RFC 8259 §7: control characters must be escaped.
            _ => Err(JsonError::NotJson),
        }
    }

    /// Reads the rest of a string after its first backslash.
    fn escaped(&mut self, before: &str) -> Result<String, JsonError> {
        let mut text = String::from(before);
        loop {
            text.push(self.escape()?);
            text.push_str(self.plain());
            match self.byte() {
                Some(b'"') => return Ok(text),
                Some(b'\\') => {}
                _ => return Err(JsonError::NotJson),
            }
        }
    }

    /// Reads up to the next quote, backslash or control character.
    #[inline(always)]
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = length_before::<StringEnd>(rest);
        self.at = start.wrapping_add(length);
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => Ok(char::from(byte)),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode_escape(),
            _ => Err(JsonError::NotJson),
        }
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        const LEADING_SURROGATES: core::ops::RangeInclusive<u16> = 0xd800..=0xdbff;
        let first = self.code_unit()?;
        let mut units = [first, 0];
        if LEADING_SURROGATES.contains(&first) {
            if (self.byte(), self.byte()) != (Some(b'\\'), Some(b'u')) {
                return Err(JsonError::NotJson);
            }
            units = [first, self.code_unit()?];
        }
        // Refuses a surrogate without its other half.
        char::decode_utf16(units).next().and_then(Result::ok).ok_or(JsonError::NotJson)
    }

    /// Four hexadecimal digits.
    fn code_unit(&mut self) -> Result<u16, JsonError> {
        let mut unit = 0_u32;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            unit = (unit << 4) | digit.ok_or(JsonError::NotJson)?;
        }
        u16::try_from(unit).map_err(|_| JsonError::NotJson)
    }

    /// Reads a number after its sign. Leading zeros are refused, and a point needs digits on both sides (RFC 8259 §6).
    fn number(&mut self) -> Result<f64, JsonError> {
        let mut decimal = Decimal::default();
        let first = self.digit().ok_or(JsonError::NotJson)?;
        decimal.push(first);
        if first != 0 {
            while let Some(digit) = self.digit() {
                decimal.push(digit);
            }
        }
        if self.skip(|byte| byte == b'.') {
            let mut digit = self.digit().ok_or(JsonError::NotJson)?;
            loop {
                decimal.push_fraction(digit);
                let Some(next) = self.digit() else { break };
                digit = next;
            }
        }
        if self.skip(|byte| matches!(byte, b'e' | b'E')) {
            let negative = self.skip(|byte| byte == b'-');
            if !negative {
                self.skip(|byte| byte == b'+');
            }
            let mut exponent = self.digit().map(i32::from).ok_or(JsonError::NotJson)?;
            while let Some(digit) = self.digit() {
                exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit));
            }
            decimal.scale(if negative { exponent.saturating_neg() } else { exponent });
        }
        decimal.value().ok_or(JsonError::NotJson)
    }

    /// Reads the next byte if it is a digit, and returns its value.
    #[inline(always)]
    fn digit(&mut self) -> Option<u8> {
        let digit = self.peek()?.checked_sub(b'0').filter(|digit| *digit < 10)?;
        self.byte();
        Some(digit)
    }

    fn literal(&mut self, rest: &str, value: Json<'a>) -> Result<Json<'a>, JsonError> {
        for expected in rest.bytes() {
            if self.byte() != Some(expected) {
                return Err(JsonError::NotJson);
            }
        }
        Ok(value)
    }

    #[inline(always)]
    fn expect(&mut self, token: u8) -> Result<(), JsonError> {
        if self.token() == Some(token) { Ok(()) } else { Err(JsonError::NotJson) }
    }

    /// Reads the next byte if it is `wanted`, and returns whether it was.
    #[inline(always)]
    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let found = self.peek().is_some_and(wanted);
        if found {
            self.byte();
        }
        found
    }

    /// Reads the next byte that is not white space.
    #[inline(always)]
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => {}
                other => return other,
            }
        }
    }

    #[inline(always)]
    fn byte(&mut self) -> Option<u8> {
        let byte = self.peek();
        // Cannot wrap: no text fills the whole address space.
        self.at = self.at.wrapping_add(1);
        byte
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes back by one byte.
    #[inline(always)]
    fn back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }
}

/// The bytes that end a plain piece of a string.
struct StringEnd;

impl ByteClass for StringEnd {
    #[inline(always)]
    fn marks(word: u64) -> u64 {
        equal(word, b'"') | equal(word, b'\\') | below(word, b' ')
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline(always)]
    fn matches(bytes: v128) -> v128 {
        let marks = v128_or(u8x16_eq(bytes, u8x16_splat(b'"')), u8x16_eq(bytes, u8x16_splat(b'\\')));
        v128_or(marks, u8x16_lt(bytes, u8x16_splat(b' ')))
    }
}

/// The depth of the values inside an array or object at `depth`.
#[inline(always)]
fn deeper(depth: usize) -> Result<usize, JsonError> {
    if depth <= MAX_DEPTH { Ok(depth.saturating_add(1)) } else { Err(JsonError::TooDeep) }
}
