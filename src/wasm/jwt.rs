//! Tokens for JavaScript. Claims and headers are passed as JSON text, because `JSON.parse` makes a `__proto__` claim an
//! ordinary member. Options and JWKs are passed as objects.

use core::cell::Cell;
use std::borrow::Cow;

use js_sys::JsString;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clock::now as current_time;
use super::error::throwing;
#[cfg(feature = "npm-lite")]
use super::key::RawKey;
use super::key_set::RawKeySet;
use super::options::decode_verifying;
use super::shared_buffer;
use super::token::bounded;
use crate::Error;
use crate::jwt::rules::Window;
use crate::jwt::verify::{Checked, MAX_DECODED_LENGTH};
use crate::jwt::{Keys, Verified, Verifier, decode_header_unverified as decode_header};

/// The number of a header that its verifier does not remember.
const UNNUMBERED: i32 = 0x7fff;

/// A handle to a verifier, with the fixed time that its options name, if they do.
#[wasm_bindgen]
pub struct RawVerifier {
    verifier: Verifier,
    now: Option<f64>,
    window: Cell<Window>,
}

#[wasm_bindgen]
impl RawVerifier {
    pub fn with_set(set: &RawKeySet, options: &JsValue) -> Result<RawVerifier, JsValue> {
        verifier((&set.set).into(), options)
    }

    /// A verifier for keys of a server that have not been fetched yet.
    pub fn for_published_keys(options: &JsValue) -> Result<RawVerifier, JsValue> {
        throwing(
            decode_verifying(options)
                .and_then(|(options, now)| Ok(RawVerifier::new(Verifier::for_published_keys(&options)?, now))),
        )
    }

    /// A verifier with the same options and fixed time, and a set for the algorithms that its own keys do not have.
    pub fn over(&self, set: &RawKeySet) -> Result<RawVerifier, JsValue> {
        throwing(self.verifier.before(&set.set).map(|verifier| Self::new(verifier, self.now)))
    }

    /// A verifier with the same keys, whose options are replaced by those given.
    pub fn with(&self, options: &JsValue) -> Result<RawVerifier, JsValue> {
        throwing(
            decode_verifying(options)
                .and_then(|(options, now)| Ok(Self::new(self.verifier.with(options)?, now.or(self.now)))),
        )
    }

    pub fn max_token_length(&self) -> usize {
        self.verifier.max_token_length()
    }

    /// Checks the token in the first `length` bytes of the shared buffer, at `clock` milliseconds since the Unix epoch.
    /// The answer in the buffer is the JSON text of `[claims, header]`, or of `claims` alone if this verifier has returned
    /// the same header before. Its second part is the number of the header, or [`UNNUMBERED`].
    pub fn verify(&self, length: usize, clock: f64) -> i32 {
        let now = self.now.unwrap_or(clock / 1000.0);
        shared_buffer::answer(length, |token, scratch| {
            let Checked { header, was_known, claims, window } = self.verifier.check(token, now, scratch)?;
            self.window.set(window);
            let number = header.number.and_then(|number| i32::try_from(number).ok()).unwrap_or(UNNUMBERED);
            let whole = || ["[", claims, ",", &header.json, "]"].concat().into_bytes();
            Ok((if was_known { Cow::Borrowed(claims.as_bytes()) } else { Cow::Owned(whole()) }, number))
        })
    }

    /// The first time, in milliseconds since the Unix epoch, at which the token that `verify` accepted last is accepted for
    /// certain.
    pub fn accepted_from(&self) -> f64 {
        if self.now.is_some() { f64::NEG_INFINITY } else { self.window.get().from * 1000.0 }
    }

    /// The first time at which it no longer is.
    pub fn accepted_until(&self) -> f64 {
        if self.now.is_some() { f64::INFINITY } else { self.window.get().until * 1000.0 }
    }

    /// Checks with options that override the verifier's own.
    pub fn verify_with(&self, token: &JsString, options: &JsValue) -> Result<String, JsValue> {
        answer(decode_verifying(options).and_then(|(options, now)| {
            let verifier = self.verifier.with(options)?;
            let token = bounded(token, verifier.max_token_length())?;
            verifier.verify(&token, now.or(self.now).unwrap_or_else(current_time))
        }))
    }
}

#[cfg(feature = "npm-lite")]
#[wasm_bindgen]
impl RawVerifier {
    pub fn with_key(key: &RawKey, options: &JsValue) -> Result<RawVerifier, JsValue> {
        verifier((&key.0).into(), options)
    }

    /// A verifier with the same options and fixed time, and another key.
    pub fn with_other_key(&self, key: &RawKey) -> Result<RawVerifier, JsValue> {
        throwing(self.verifier.with_keys(&key.0).map(|verifier| Self::new(verifier, self.now)))
    }
}

/// The JSON text of the header of an unverified JWS or JWE.
#[wasm_bindgen]
pub fn decode_header_unverified(token: &JsString) -> Result<String, JsValue> {
    throwing(bounded(token, MAX_DECODED_LENGTH).and_then(|token| decode_header(&token)))
}

fn verifier(keys: Keys, options: &JsValue) -> Result<RawVerifier, JsValue> {
    throwing(
        decode_verifying(options).and_then(|(options, now)| Ok(RawVerifier::new(Verifier::new(keys, &options)?, now))),
    )
}

impl RawVerifier {
    fn new(verifier: Verifier, now: Option<f64>) -> Self {
        Self { verifier, now, window: Cell::new(Window::ALWAYS) }
    }
}

pub(super) fn answer(verified: Result<Verified, Error>) -> Result<String, JsValue> {
    throwing(verified.map(|verified| verified.to_json()))
}
