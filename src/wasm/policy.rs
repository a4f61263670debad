//! The options of passwords: copied once into an object that nobody else holds, and read from that copy at each call.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::object::{copied_bytes, elements, members, unreadable};
use super::value::values_of;
use crate::Error;
use crate::options::Value;

/// `pepper.previous[0].key` is the deepest option.
const DEPTH: u32 = 4;

/// The policy as a value; `undefined` is one without options.
pub(super) fn value(policy: &JsValue) -> Result<Value, Error> {
    let members = if policy.is_undefined() { Vec::new() } else { members(policy)? };
    Ok(Value::Object(values_of(members, DEPTH)))
}

/// A deep copy of a policy, for which every member is read once. What cannot be read becomes `null`, which no option takes.
pub(super) fn copied(policy: &JsValue) -> Result<JsValue, Error> {
    if policy.is_undefined() { Ok(JsValue::UNDEFINED) } else { copied_members(members(policy)?, DEPTH) }
}

fn copied_members(members: Vec<(String, JsValue)>, depth: u32) -> Result<JsValue, Error> {
    // Without a prototype, so that a member named `__proto__` is a member.
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
