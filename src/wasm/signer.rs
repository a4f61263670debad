//! Signs tokens for JavaScript.

use std::borrow::Cow;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clock::now as current_time;
use super::error::throwing;
use super::key::RawKey;
use super::options::decode_signing;
use super::shared_buffer;
use super::unsigned::{RawUnsigned, unsigned};
use crate::jwt::Signer;

/// A handle to a signer, with the fixed time that its options name, if they do.
#[wasm_bindgen]
pub struct RawSigner {
    signer: Signer,
    now: Option<f64>,
}

#[wasm_bindgen]
impl RawSigner {
    #[wasm_bindgen(constructor)]
    pub fn new(key: &RawKey, options: &JsValue) -> Result<RawSigner, JsValue> {
        throwing(
            decode_signing(options).and_then(|(options, now)| Ok(Self { signer: Signer::new(&key.0, &options)?, now })),
        )
    }

    /// Signs the claims in the first `length` bytes of the shared buffer, at `clock` milliseconds since the Unix epoch.
    /// The answer in the buffer is the token.
    pub fn sign(&self, length: usize, clock: f64) -> i32 {
        let now = self.now.unwrap_or(clock / 1000.0);
        shared_buffer::answer(length, |claims, _| Ok((Cow::Owned(self.signer.sign_to_bytes(claims, now)?), 0)))
    }

    /// Everything but the signature. Options override the signer's own.
    pub fn prepare(&self, claims: &str, options: &JsValue) -> Result<RawUnsigned, JsValue> {
        // A signer with other options is made anew, which takes several times as long as to write the token.
        if options.is_undefined() {
            return unsigned(self.signer.prepare(claims, self.now.unwrap_or_else(current_time)));
        }
        unsigned(decode_signing(options).and_then(|(options, now)| {
            self.signer.with(options)?.prepare(claims, now.or(self.now).unwrap_or_else(current_time))
        }))
    }

    /// Signs with options that override the signer's own.
    pub fn sign_with(&self, claims: &str, options: &JsValue) -> Result<String, JsValue> {
        throwing(decode_signing(options).and_then(|(options, now)| {
            self.signer.with(options)?.sign(claims, now.or(self.now).unwrap_or_else(current_time))
        }))
    }
}

#[cfg(feature = "npm-jwt")]
#[wasm_bindgen]
impl RawSigner {
    /// The private key in PKCS#8, for `WebCrypto`. `undefined` if it is a secret or kept elsewhere.
    pub fn private_key(&self) -> Option<Vec<u8>> {
        self.signer.key().to_der(crate::jwt::KeyForm::Pkcs8).ok().map(|der| der.to_vec())
    }
}
