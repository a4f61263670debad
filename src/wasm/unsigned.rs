//! What a key that is kept elsewhere signs, and its answer.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::throwing;
use crate::Error;
use crate::jws::Unsigned;

/// A token or JWS that lacks its signatures.
#[wasm_bindgen]
pub struct RawUnsigned(Unsigned);

#[wasm_bindgen]
impl RawUnsigned {
    /// What the key at this position signs.
    pub fn input(&self, index: usize) -> Vec<u8> {
        self.0.input(index).unwrap_or_default().to_vec()
    }

    pub fn add(&mut self, index: usize, signature: &[u8]) -> Result<(), JsValue> {
        throwing(self.0.add(index, signature))
    }

    /// Adds what `WebCrypto` has signed with a key of this module.
    pub fn add_computed(&mut self, index: usize, signature: &[u8]) -> Result<(), JsValue> {
        throwing(self.0.add_computed(index, signature))
    }

    pub fn finish(self) -> Result<String, JsValue> {
        throwing(self.0.finish())
    }
}

pub(super) fn unsigned(unsigned: Result<Unsigned, Error>) -> Result<RawUnsigned, JsValue> {
    throwing(unsigned.map(RawUnsigned))
}
