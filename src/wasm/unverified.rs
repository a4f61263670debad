//! Reads tokens without checking them, and judges claims of no token.

use js_sys::JsString;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clock::now as current_time;
use super::error::throwing;
use super::jwt::answer;
use super::options::decode_verifying;
use super::token::bounded;
use crate::jwt::rules::MAX_TOKEN_LENGTH;
use crate::jwt::{decode_unverified as decode_token, judge_claims as judge};

/// The header and claims of an unverified token, as the JSON text of `{ header, claims }`.
#[wasm_bindgen]
pub fn decode_unverified(token: &JsString) -> Result<String, JsValue> {
    answer(bounded(token, MAX_TOKEN_LENGTH).and_then(|token| decode_token(&token)))
}

/// Judges claims, given as JSON text.
#[wasm_bindgen]
pub fn judge_claims(claims: &str, options: &JsValue) -> Result<(), JsValue> {
    throwing(
        decode_verifying(options).and_then(|(options, now)| judge(claims, &options, now.unwrap_or_else(current_time))),
    )
}
