//! Reads the parts of JavaScript values: members of objects, elements of arrays, strings and bytes. Each is read only
//! once, because a getter or a proxy may return something else the second time.

use js_sys::{ArrayBuffer, Reflect, Symbol, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::{Error, ErrorCode};

#[wasm_bindgen]
extern "C" {
    /// Copies an array. Fails if its buffer has been transferred.
    #[wasm_bindgen(js_name = Uint8Array)]
    type Copied;

    #[wasm_bindgen(constructor, catch, js_class = "Uint8Array")]
    fn new(value: &JsValue) -> Result<Copied, JsValue>;

    /// Fails on a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Returns `null` at the end of the chain. Fails if the handler of a proxy throws.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype_of(object: &JsValue) -> Result<JsValue, JsValue>;
}

/// The own, defined members of a plain object.
///
/// Other objects are refused. A `Map`, a promise that was not awaited, or an instance with inherited members has no own
/// members, so a verifier with such options would check nothing.
pub(super) fn members(object: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
    let invalid = |text: &str| Error::new(ErrorCode::OptionInvalid, text);
    if !object.is_object() || is_array(object).map_err(unreadable)? {
        return Err(invalid("options are not an object"));
    }
    if !is_plain(object).map_err(unreadable)? {
        return Err(invalid("options are not a plain object"));
    }
    let mut members = Vec::new();
    let keys = Reflect::own_keys(object).map_err(unreadable)?;
    if MOST < keys.length() {
        return Err(invalid("options have more than 1000 members"));
    }
    for key in keys {
        // Symbols are ignored: workerd adds one to some of the objects that it passes.
        let Some(name) = key.as_string() else { continue };
        let value =
            Reflect::get(object, &key).map_err(|_| invalid(&["option \"", &name, "\" cannot be read"].concat()))?;
        if !value.is_undefined() {
            members.push((name, value));
        }
    }
    Ok(members)
}

#[inline(never)]
pub(super) fn unreadable(_: JsValue) -> Error {
    Error::new(ErrorCode::OptionInvalid, "options cannot be read")
}

/// Whether the object's prototype is `null` or `Object.prototype`, of this or another realm.
fn is_plain(object: &JsValue) -> Result<bool, JsValue> {
    let prototype = prototype_of(object)?;
    Ok(prototype.is_null() || prototype_of(&prototype)?.is_null())
}

/// The text of a string, or `None` if it has lone surrogates. UTF-8 cannot represent them, and `as_string` replaces
/// them.
pub(super) fn text_of(value: &JsValue) -> Option<String> {
    let text = value.as_string()?;
    let whole =
        !text.as_bytes().windows(3).any(|window| window == "\u{fffd}".as_bytes()) || JsValue::from_str(&text) == *value;
    whole.then_some(text)
}

/// The maximum number of elements in an option, and of members in an object. A longer one is probably passed by mistake,
/// and takes long to read. Each value that is read takes a place in a table that never shrinks.
const MOST: u32 = 1000;

/// The elements of an array, each read once. `None` if the value is not an array, cannot be read, or has more than 1000
/// elements.
pub(super) fn elements(value: &JsValue) -> Option<Vec<JsValue>> {
    let length = length_of(value).filter(|length| *length <= MOST)?;
    let mut elements = Vec::new();
    for index in 0..length {
        elements.push(Reflect::get_u32(value.unchecked_ref(), index).ok()?);
    }
    Some(elements)
}

/// The length of an array. `None` if the value is not an array or cannot be read.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates at 0 and at the maximum length")]
pub(super) fn length_of(value: &JsValue) -> Option<u32> {
    if !is_array(value).ok()? {
        return None;
    }
    Some(Reflect::get(value, &JsValue::from_str("length")).ok()?.as_f64().unwrap_or_default() as u32)
}

/// The bytes of a `Uint8Array` of any realm. They may be a key, so the intermediate copy is wiped.
pub(super) fn to_bytes(value: &JsValue) -> Option<Zeroizing<Vec<u8>>> {
    let copy = copied_bytes(value)?;
    let bytes = Zeroizing::new(copy.to_vec());
    copy.fill(0, 0, copy.length());
    Some(bytes)
}

/// A copy of a `Uint8Array`. Recognized by its name and not by `instanceof`, as in `bytes.ts`, so that other realms
/// work. The length is that of the copy, because a subclass may report another.
pub(super) fn copied_bytes(value: &JsValue) -> Option<Uint8Array> {
    let is_named = || Reflect::get(value, &Symbol::to_string_tag()).is_ok_and(|name| name == "Uint8Array");
    if !ArrayBuffer::is_view(value) || !is_named() {
        return None;
    }
    Some(Copied::new(value).ok()?.unchecked_into())
}
