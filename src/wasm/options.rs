//! JavaScript options objects, read strictly.
//!
//! `serde-wasm-bindgen` reads the values. It must not read the object: it asks for the fields it knows, so an unknown
//! name would pass unseen, and it sees inherited ones, so a polluted `Object.prototype` could loosen a verifier.

use js_sys::{Object, Reflect};
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Deserializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::{Error, ErrorCode, options};

#[wasm_bindgen]
extern "C" {
    /// Fails on anything that is not a `Date`, and works on those of other realms, unlike `instanceof`.
    #[wasm_bindgen(catch, js_namespace = ["Date", "prototype", "getTime"], js_name = call)]
    fn milliseconds_of(date: &JsValue) -> Result<f64, JsValue>;
}

/// Reads an options object; `undefined` is no options, a member that is `undefined` is absent.
pub(super) fn decode<T: DeserializeOwned + Default>(object: &JsValue) -> Result<T, Error> {
    if object.is_undefined() {
        return Ok(T::default());
    }
    options::read(members(object)?.into_iter().map(|(name, value)| (name, Deserializer::from(value))))
}

/// Reads an options object that may carry the time: `now`, a `Date`, given back in seconds since the Unix epoch.
#[cfg(feature = "jwt")]
pub(super) fn decode_with_now<T: DeserializeOwned + Default>(object: &JsValue) -> Result<(T, Option<f64>), Error> {
    if object.is_undefined() {
        return Ok((T::default(), None));
    }
    let (now, rest): (Vec<_>, Vec<_>) = members(object)?.into_iter().partition(|(name, _)| name == "now");
    let options = options::read(rest.into_iter().map(|(name, value)| (name, Deserializer::from(value))))?;
    let now = now.first().map(|(_, date)| seconds_of(date)).transpose()?;
    Ok((options, now))
}

/// The own, enumerable, defined members of an object, read once each.
pub(super) fn members(object: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
    let invalid = |text: String| Error::new(ErrorCode::OptionInvalid, text);
    if !object.is_object() || js_sys::Array::is_array(object) {
        return Err(invalid("options are not an object".into()));
    }
    let mut members = Vec::new();
    for key in Object::keys(object.unchecked_ref::<Object>()) {
        let name = key.as_string().unwrap_or_default();
        let value = Reflect::get(object, &key).map_err(|_| invalid(format!("option {name:?} cannot be read")))?;
        if !value.is_undefined() {
            members.push((name, value));
        }
    }
    Ok(members)
}

#[cfg(feature = "jwt")]
fn seconds_of(date: &JsValue) -> Result<f64, Error> {
    match milliseconds_of(date) {
        Ok(milliseconds) if milliseconds.is_finite() => Ok(milliseconds / 1000.0),
        _ => Err(Error::new(ErrorCode::OptionInvalid, "option \"now\" is not a valid Date")),
    }
}
