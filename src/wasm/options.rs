//! JavaScript options objects, read strictly.

use js_sys::Reflect;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
use super::member::Member;
#[cfg(feature = "npm-jwe")]
use crate::jwe::EncryptOptions;
#[cfg(feature = "npm-jwt")]
use crate::jwt::SignOptions;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
use crate::options;
#[cfg(feature = "npm-argon2")]
use crate::options::Value;
use crate::{Error, ErrorCode};

#[wasm_bindgen]
extern "C" {
    /// Fails on anything that is not a `Date`, and works on those of other realms, unlike `instanceof`.
    #[cfg(feature = "npm-jwt")]
    #[wasm_bindgen(catch, js_namespace = ["Date", "prototype", "getTime"], js_name = call)]
    fn milliseconds_of(date: &JsValue) -> Result<f64, JsValue>;

    /// Copies, and fails where the array's buffer has been transferred away.
    #[cfg(any(feature = "npm-argon2", feature = "npm-jwt"))]
    #[wasm_bindgen(js_name = Uint8Array)]
    type Copied;

    #[cfg(any(feature = "npm-argon2", feature = "npm-jwt"))]
    #[wasm_bindgen(constructor, catch, js_class = "Uint8Array")]
    fn new(value: &JsValue) -> Result<Copied, JsValue>;

    /// Fails on a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Gives `null` at the end of the chain, and fails where a proxy's handler does.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype_of(object: &JsValue) -> Result<JsValue, JsValue>;
}

/// Reads an options object; `undefined` is no options, a member that is `undefined` is absent.
#[cfg(feature = "npm-jwe")]
pub(super) fn decode<T: DeserializeOwned + Default>(object: &JsValue) -> Result<T, Error> {
    if object.is_undefined() {
        return Ok(T::default());
    }
    read(members(object)?)
}

/// Reads an options object that may carry the time: `now`, a `Date`, given back in seconds since the Unix epoch.
#[cfg(feature = "npm-jwt")]
pub(super) fn decode_with_now<T: DeserializeOwned + Default>(object: &JsValue) -> Result<(T, Option<f64>), Error> {
    if object.is_undefined() {
        return Ok((T::default(), None));
    }
    let mut members = members(object)?;
    let now = take(&mut members, "now").map(|date| seconds_of(&date)).transpose()?;
    Ok((read(members)?, now))
}

/// Reads the options of signing, of which `header` becomes JSON text.
#[cfg(feature = "npm-jwt")]
pub(super) fn decode_signing(object: &JsValue) -> Result<(SignOptions, Option<f64>), Error> {
    if object.is_undefined() {
        return Ok((SignOptions::default(), None));
    }
    let mut members = members(object)?;
    let header = Field { name: "header", value: take(&mut members, "header") }.json()?;
    let now = take(&mut members, "now").map(|date| seconds_of(&date)).transpose()?;
    Ok((SignOptions { header, ..read(members)? }, now))
}

/// Reads the options of encrypting, of which `header` becomes JSON text.
#[cfg(feature = "npm-jwe")]
pub(super) fn decode_encrypting(object: &JsValue) -> Result<EncryptOptions, Error> {
    if object.is_undefined() {
        return Ok(EncryptOptions::default());
    }
    let mut members = members(object)?;
    let header = Field { name: "header", value: take(&mut members, "header") }.json()?;
    Ok(EncryptOptions { header, ..read(members)? })
}

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
fn read<T: DeserializeOwned>(members: Vec<(String, JsValue)>) -> Result<T, Error> {
    options::read(members.into_iter().map(|(name, value)| (name, Member(value))))
}

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
pub(super) fn take(members: &mut Vec<(String, JsValue)>, name: &str) -> Option<JsValue> {
    let index = members.iter().position(|(own, _)| own == name)?;
    Some(members.swap_remove(index).1)
}

/// Reads the members of a small options object, of which there are at most these. (What serde would make of each such
/// struct is a kilobyte of the wasm module.)
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
pub(super) fn fields<const N: usize>(object: &JsValue, names: [&'static str; N]) -> Result<[Field; N], Error> {
    let mut members = members_if_any(object)?;
    let fields = names.map(|name| Field { name, value: take(&mut members, name) });
    refuse_others(&members)?;
    Ok(fields)
}

// Apart from the above, of which there is a copy for each number of names.

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
fn members_if_any(object: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
    if object.is_undefined() { Ok(Vec::new()) } else { members(object) }
}

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
fn refuse_others(members: &[(String, JsValue)]) -> Result<(), Error> {
    match members.first() {
        Some((name, _)) => Err(Error::new(ErrorCode::OptionInvalid, format!("unknown option \"{name}\""))),
        None => Ok(()),
    }
}

/// A member that may be absent, still to be read as what it must be.
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
pub(super) struct Field {
    name: &'static str,
    value: Option<JsValue>,
}

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
impl Field {
    pub(super) fn text(self) -> Result<Option<String>, Error> {
        self.read(text_of, "a string")
    }

    pub(super) fn truth(self) -> Result<Option<bool>, Error> {
        self.read(JsValue::as_bool, "a boolean")
    }

    #[cfg(feature = "npm-jwt")]
    pub(super) fn texts(self) -> Result<Option<Vec<String>>, Error> {
        self.read(texts_of, "an array of strings")
    }

    /// A time, in seconds since the Unix epoch.
    #[cfg(feature = "npm-jwt")]
    pub(super) fn time(self) -> Result<Option<f64>, Error> {
        self.value.map(|date| seconds_of(&date)).transpose()
    }

    /// A copy of a `Uint8Array`, of whatever realm.
    #[cfg(feature = "npm-jwt")]
    pub(super) fn bytes(self) -> Result<Option<Vec<u8>>, Error> {
        self.read(bytes_of, "a Uint8Array")
    }

    pub(super) fn size(self) -> Result<Option<usize>, Error> {
        self.read(size_of, "a whole number")
    }

    /// The JSON text of a value; of one that has none, a text that the core refuses.
    pub(super) fn json(self) -> Result<Option<String>, Error> {
        let Some(value) = self.value else { return Ok(None) };
        let unreadable = |_| Error::new(ErrorCode::OptionInvalid, format!("option \"{}\" cannot be read", self.name));
        js_sys::JSON::stringify(&value).map(|text| Some(text.as_string().unwrap_or_default())).map_err(unreadable)
    }

    fn read<T>(self, read: fn(&JsValue) -> Option<T>, expected: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.value else { return Ok(None) };
        let wrong = || Error::new(ErrorCode::OptionInvalid, format!("option \"{}\" is not {expected}", self.name));
        read(&value).map(Some).ok_or_else(wrong)
    }
}

/// The own, defined members of a plain object, read once each.
///
/// Only of a plain object: of a `Map`, of a promise that someone forgot to await, or of an instance whose members are
/// inherited, nothing would be found, and a verifier would demand nothing.
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
fn unreadable(_: JsValue) -> Error {
    Error::new(ErrorCode::OptionInvalid, "options cannot be read")
}

/// Whether the object's prototype is `null` or the root of a realm's prototypes, ours or another's.
fn is_plain(object: &JsValue) -> Result<bool, JsValue> {
    let prototype = prototype_of(object)?;
    Ok(prototype.is_null() || prototype_of(&prototype)?.is_null())
}

/// The text of a string that is well-formed: UTF-8 has no lone surrogates, and what would stand for them is another text.
pub(super) fn text_of(value: &JsValue) -> Option<String> {
    let text = value.as_string()?;
    let whole =
        !text.as_bytes().windows(3).any(|window| window == "\u{fffd}".as_bytes()) || JsValue::from_str(&text) == *value;
    whole.then_some(text)
}

#[cfg(feature = "npm-jwt")]
fn texts_of(value: &JsValue) -> Option<Vec<String>> {
    elements(value)?.iter().map(text_of).collect()
}

#[cfg(feature = "npm-jwt")]
fn bytes_of(value: &JsValue) -> Option<Vec<u8>> {
    copied_bytes(value).map(|bytes| taken(&bytes))
}

/// The bytes of a copy, which is wiped: they may be a key.
#[cfg(any(feature = "npm-argon2", feature = "npm-jwt"))]
fn taken(copy: &js_sys::Uint8Array) -> Vec<u8> {
    let bytes = copy.to_vec();
    copy.fill(0, 0, copy.length());
    bytes
}

/// By name and not by `instanceof`, as in `bytes.ts`; and by the copy's length, as a subclass may say another.
#[cfg(any(feature = "npm-argon2", feature = "npm-jwt"))]
pub(super) fn copied_bytes(value: &JsValue) -> Option<js_sys::Uint8Array> {
    let is_named = || Reflect::get(value, &js_sys::Symbol::to_string_tag()).is_ok_and(|name| name == "Uint8Array");
    if !js_sys::ArrayBuffer::is_view(value) || !is_named() {
        return None;
    }
    Some(Copied::new(value).ok()?.unchecked_into())
}

/// A copy of an options object, of what stands in it and of the bytes in that, in which every member has been read once.
/// What cannot be read within it becomes `null`, which nothing accepts.
#[cfg(feature = "npm-argon2")]
pub(super) fn copied(object: &JsValue) -> Result<JsValue, Error> {
    if object.is_undefined() { Ok(JsValue::UNDEFINED) } else { copied_members(members(object)?, DEEPEST) }
}

/// An options object as a plain value; `undefined` is no options.
#[cfg(feature = "npm-argon2")]
pub(super) fn value(object: &JsValue) -> Result<Value, Error> {
    if object.is_undefined() { Ok(Value::Object(Vec::new())) } else { Ok(object_of(members(object)?, DEEPEST)) }
}

#[cfg(feature = "npm-argon2")]
fn object_of(members: Vec<(String, JsValue)>, depth: u32) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name, value_of(&value, depth))).collect())
}

#[cfg(feature = "npm-argon2")]
fn value_of(value: &JsValue, depth: u32) -> Value {
    if value.is_string() {
        return text_of(value).map_or(Value::Other, |text| Value::Text(text.into()));
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    let Some(depth) = depth.checked_sub(1) else { return Value::Other };
    if let Some(bytes) = copied_bytes(value) {
        return Value::Bytes(taken(&bytes).into());
    }
    if let Some(elements) = elements(value) {
        return Value::List(elements.iter().map(|element| value_of(element, depth)).collect());
    }
    members(value).map_or(Value::Other, |members| object_of(members, depth))
}

/// `pepper.previous[0].key` is the deepest there is.
#[cfg(feature = "npm-argon2")]
const DEEPEST: u32 = 4;

#[cfg(feature = "npm-argon2")]
fn copied_members(members: Vec<(String, JsValue)>, depth: u32) -> Result<JsValue, Error> {
    // Without a prototype, so that no name means anything to it.
    let copy: JsValue = js_sys::Object::<JsValue>::create(JsValue::NULL.unchecked_ref()).into();
    for (name, value) in members {
        Reflect::set(&copy, &JsValue::from_str(&name), &copied_value(value, depth)).map_err(unreadable)?;
    }
    Ok(copy)
}

#[cfg(feature = "npm-argon2")]
fn copied_value(value: JsValue, depth: u32) -> JsValue {
    if !value.is_object() {
        return value;
    }
    let Some(depth) = depth.checked_sub(1) else { return JsValue::NULL };
    if let Some(bytes) = copied_bytes(&value) {
        return bytes.into();
    }
    if let Some(elements) = elements(&value) {
        return elements.into_iter().map(|element| copied_value(element, depth)).collect::<js_sys::Array>().into();
    }
    members(&value).and_then(|members| copied_members(members, depth)).unwrap_or(JsValue::NULL)
}

/// The most elements of an option: whoever gives more means no option, and reading them takes long.
const MOST_ELEMENTS: u32 = 1000;

/// The elements of an array within options, each read once. None of what is no array, cannot be read, or has more than 1000:
/// nor is that an object with members.
pub(super) fn elements(value: &JsValue) -> Option<Vec<JsValue>> {
    elements_up_to(MOST_ELEMENTS, value)
}

/// The same with another bound.
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

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn size_of(value: &JsValue) -> Option<usize> {
    let number = value.as_f64()?;
    (0.0 <= number && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as usize)
}

#[cfg(feature = "npm-jwt")]
fn seconds_of(date: &JsValue) -> Result<f64, Error> {
    match milliseconds_of(date) {
        Ok(milliseconds) if milliseconds.is_finite() => Ok(milliseconds / 1000.0),
        _ => Err(Error::new(ErrorCode::OptionInvalid, "option \"now\" is not a valid Date")),
    }
}
