//! Throws an [`Error`] as the package's `CountersignError`, whose class the loader registers.

use core::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Error, ErrorCode};

thread_local! {
    static ERROR_CLASS: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Registers the class whose instances are thrown: `new Class(code, message, claim?)`.
#[wasm_bindgen]
pub fn set_error_class(class: Function) {
    ERROR_CLASS.with(|slot| slot.replace(Some(class)));
}

/// The value, or the JavaScript error for `wasm-bindgen` to throw.
pub(super) fn throwing<T>(result: Result<T, Error>) -> Result<T, JsValue> {
    #[cfg(feature = "lite")]
    super::memory::grow_in_steps();
    result.map_err(|error| thrown(&error))
}

/// The name of a code.
#[cfg(feature = "lite")]
fn name(code: ErrorCode) -> &'static str {
    code.as_str()
}

/// The name of a code. The password modules do not carry the names of the codes that only tokens have.
#[cfg(not(feature = "lite"))]
fn name(code: ErrorCode) -> &'static str {
    const NAMES: [(ErrorCode, &str); 7] = [
        (ErrorCode::HashCostTooHigh, ErrorCode::HashCostTooHigh.as_str()),
        (ErrorCode::HashMalformed, ErrorCode::HashMalformed.as_str()),
        (ErrorCode::HashUnsupported, ErrorCode::HashUnsupported.as_str()),
        (ErrorCode::OptionInvalid, ErrorCode::OptionInvalid.as_str()),
        (ErrorCode::OutOfMemory, ErrorCode::OutOfMemory.as_str()),
        (ErrorCode::PasswordInvalid, ErrorCode::PasswordInvalid.as_str()),
        (ErrorCode::PasswordTooLong, ErrorCode::PasswordTooLong.as_str()),
    ];
    let found = NAMES.iter().find(|(known, _)| *known == code);
    found.map_or(ErrorCode::Internal.as_str(), |(_, name)| name)
}

fn thrown(error: &Error) -> JsValue {
    let message = error.to_string();
    let arguments = Array::of3(
        &JsValue::from_str(name(error.code())),
        &JsValue::from_str(&message),
        &error.claim().map_or(JsValue::UNDEFINED, JsValue::from_str),
    );
    ERROR_CLASS
        .with(|slot| slot.borrow().as_ref().and_then(|class| Reflect::construct(class, &arguments).ok()))
        .unwrap_or_else(|| js_sys::Error::new(&message).into())
}
