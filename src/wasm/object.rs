//! The parts of JavaScript values: members of objects, elements of arrays, strings and bytes. Each is read once, as a
//! getter or a proxy may give something else the second time.

use js_sys::{ArrayBuffer, Reflect, Symbol, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::{Error, ErrorCode};

#[wasm_bindgen]
extern "C" {
    /// Copies, and fails where the array's buffer has been transferred away.
    #[wasm_bindgen(js_name = Uint8Array)]
    type Copied;

    #[wasm_bindgen(constructor, catch, js_class = "Uint8Array")]
    fn new(value: &JsValue) -> Result<Copied, JsValue>;

    /// Fails on a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Gives `null` at the end of the chain, and fails where a proxy's handler does.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype_of(object: &JsValue) -> Result<JsValue, JsValue>;
}

/// The own, defined members of a plain object.
///
/// Other objects are refused: a `Map`, a promise that someone forgot to await, or an instance whose members are inherited
/// has no own members, and a verifier with such options would demand nothing.
pub(super) fn members(object: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
    let invalid = |text: &str| Error::new(ErrorCode::OptionInvalid, text);
    if !object.is_object() || is_array(object).map_err(unreadable)? {
        return Err(invalid("options are not an object"));
    }
    if !is_plain(object).map_err(unreadable)? {
        return Err(invalid("options are not a plain object"));
    }
    let mut members = Vec::new();
    for key in Reflect::own_keys(object).map_err(unreadable)? {
        // Symbols name no options; workerd puts one on what it passes between objects.
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

/// Whether the object's prototype is `null` or the root of a realm's prototypes, ours or another's.
fn is_plain(object: &JsValue) -> Result<bool, JsValue> {
    let prototype = prototype_of(object)?;
    Ok(prototype.is_null() || prototype_of(&prototype)?.is_null())
}

/// The text of a string without lone surrogates, which UTF-8 cannot hold: `as_string` replaces them.
pub(super) fn text_of(value: &JsValue) -> Option<String> {
    let text = value.as_string()?;
    let whole =
        !text.as_bytes().windows(3).any(|window| window == "\u{fffd}".as_bytes()) || JsValue::from_str(&text) == *value;
    whole.then_some(text)
}

/// The most elements of an option: a longer array is no option by mistake, and reading it takes long.
const MOST_ELEMENTS: u32 = 1000;

/// The elements of an array, each read once; nothing where the value is no array, cannot be read, or has more than 1000.
pub(super) fn elements(value: &JsValue) -> Option<Vec<JsValue>> {
    elements_up_to(MOST_ELEMENTS, value)
}

/// As [`elements`], with another bound.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as many as there can be, or none")]
pub(super) fn elements_up_to(most: u32, value: &JsValue) -> Option<Vec<JsValue>> {
    if !is_array(value).ok()? {
        return None;
    }
    let length = Reflect::get(value, &JsValue::from_str("length")).ok()?.as_f64().unwrap_or_default() as u32;
    if most < length {
        return None;
    }
    let mut elements = Vec::new();
    for index in 0..length {
        elements.push(Reflect::get_u32(value.unchecked_ref(), index).ok()?);
    }
    Some(elements)
}

/// The bytes of a `Uint8Array` of whatever realm, which may be a key: the copy that they are taken from is wiped.
pub(super) fn to_bytes(value: &JsValue) -> Option<Zeroizing<Vec<u8>>> {
    let copy = copied_bytes(value)?;
    let bytes = Zeroizing::new(copy.to_vec());
    copy.fill(0, 0, copy.length());
    Some(bytes)
}

/// A copy of a `Uint8Array`. It is known by its name and not by `instanceof`, as in `bytes.ts`, and its length is that of
/// the copy, as a subclass may say another.
pub(super) fn copied_bytes(value: &JsValue) -> Option<Uint8Array> {
    let is_named = || Reflect::get(value, &Symbol::to_string_tag()).is_ok_and(|name| name == "Uint8Array");
    if !ArrayBuffer::is_view(value) || !is_named() {
        return None;
    }
    Some(Copied::new(value).ok()?.unchecked_into())
}
