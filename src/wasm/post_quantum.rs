//! ML-DSA, for the module of tokens, which calls it through its platform object.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::post_quantum;

/// The public key of a seed.
#[wasm_bindgen]
pub fn public_key(set: u8, seed: &[u8]) -> Option<Vec<u8>> {
    post_quantum::public_key(set, seed)
}

/// Signs a message with the key of a seed.
#[wasm_bindgen]
pub fn sign(set: u8, seed: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    post_quantum::sign(set, seed, message)
}

/// Whether a signature is valid.
#[wasm_bindgen]
pub fn verify(set: u8, public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    post_quantum::verify(set, public, message, signature)
}

/// Whether a seed has this expanded key.
#[wasm_bindgen]
pub fn expands_to(set: u8, seed: &[u8], expanded: &[u8]) -> bool {
    post_quantum::expands_to(set, seed, expanded)
}
