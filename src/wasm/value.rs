//! Converts JavaScript values to Rust values. Each member is read once, and all checks happen in Rust.
//!
//! `serde-wasm-bindgen` is used for writing only. When it reads, it ignores unknown members, treats `null` as absent,
//! and quotes values in its messages, which adds 20 KB of number formatting to the wasm module.

use wasm_bindgen::JsValue;

use super::object::{elements, members, text_of, to_bytes};
use crate::options::Value;

/// Converts a value with at most `depth` levels of arrays, objects and bytes. Deeper and unreadable values become
/// [`Value::Other`].
pub(super) fn value_of(value: &JsValue, depth: u32) -> Value {
    if value.is_string() {
        return text_of(value).map_or(Value::Other, |text| Value::Text(text.into()));
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(truth) = value.as_bool() {
        return Value::Bool(truth);
    }
    if value.is_null() {
        return Value::Null;
    }
    let Some(depth) = depth.checked_sub(1) else { return Value::Other };
    if let Some(bytes) = to_bytes(value) {
        return Value::Bytes(bytes);
    }
    if let Some(elements) = elements(value) {
        return Value::List(elements.iter().map(|element| value_of(element, depth)).collect());
    }
    members(value).map_or(Value::Other, |members| Value::Object(values_of(members, depth)))
}

/// The members of an object as values.
pub(super) fn values_of(members: Vec<(String, JsValue)>, depth: u32) -> Vec<(String, Value)> {
    members.into_iter().map(|(name, value)| (name, value_of(&value, depth))).collect()
}
