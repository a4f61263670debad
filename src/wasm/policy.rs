//! Reads password policies. JavaScript keeps a copy of the policy that no one else can change, and each call reads that
//! copy.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::object::{copied_bytes, elements, members, unreadable};
use super::value::values_of;
use crate::Error;
use crate::options::Value;

/// `pepper.previous[0].key` is the deepest option.
const DEPTH: u32 = 4;

/// Converts a policy to a value. `undefined` means no options.
pub(super) fn value(policy: &JsValue) -> Result<Value, Error> {
    let members = if policy.is_undefined() { Vec::new() } else { members(policy)? };
    Ok(Value::Object(values_of(members, DEPTH)))
}

/// A deep copy of a policy. Every member is read once. An unreadable member becomes `null`, which no option accepts.
pub(super) fn copied(policy: &JsValue) -> Result<JsValue, Error> {
    if policy.is_undefined() { Ok(JsValue::UNDEFINED) } else { copied_members(members(policy)?, DEPTH) }
}

fn copied_members(members: Vec<(String, JsValue)>, depth: u32) -> Result<JsValue, Error> {
    // No prototype, so that `__proto__` is an ordinary member.
    let copy: JsValue = Object::<JsValue>::create(JsValue::NULL.unchecked_ref()).into();
    for (name, value) in members {
        Reflect::set(&copy, &JsValue::from_str(&name), &copied_value(value, depth)).map_err(unreadable)?;
    }
    Ok(copy)
}

fn copied_value(value: JsValue, depth: u32) -> JsValue {
    if !value.is_object() {
        return value;
    }
    let Some(depth) = depth.checked_sub(1) else { return JsValue::NULL };
    if let Some(bytes) = copied_bytes(&value) {
        return bytes.into();
    }
    if let Some(elements) = elements(&value) {
        return elements.into_iter().map(|element| copied_value(element, depth)).collect::<Array>().into();
    }
    members(&value).and_then(|members| copied_members(members, depth)).unwrap_or(JsValue::NULL)
}
