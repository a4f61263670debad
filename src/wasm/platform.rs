//! Calls the platform's cryptography through a JavaScript object of the package.
//!
//! Messages and key documents are passed by address. The object reads them from this module's memory during the call.
//! It must not call this module meanwhile, and it never throws.

use core::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::crypto::platform::{Platform, set};

#[wasm_bindgen]
extern "C" {
    pub type PlatformObject;

    /// Imports a key and returns its handle, or 0 if the object declines.
    #[wasm_bindgen(method)]
    fn take(this: &PlatformObject, algorithm: &str, private: bool, start: *const u8, length: usize) -> u32;

    /// 1 for a valid signature, 0 for an invalid one, -1 if the object declines.
    #[wasm_bindgen(method)]
    fn verify(
        this: &PlatformObject,
        key: u32,
        message: *const u8,
        message_length: usize,
        signature: *const u8,
        signature_length: usize,
    ) -> i32;

    #[wasm_bindgen(method)]
    fn sign(this: &PlatformObject, key: u32, message: *const u8, message_length: usize) -> Option<Vec<u8>>;

    #[wasm_bindgen(method)]
    fn forget(this: &PlatformObject, key: u32);
}

thread_local! {
    static OBJECT: RefCell<Option<PlatformObject>> = const { RefCell::new(None) };
}

/// The functions that the core calls. They decline if no object is set.
const PLATFORM: Platform = Platform {
    take: |algorithm, private, document| {
        call(|object| object.take(algorithm, private, document.as_ptr(), document.len())).filter(|number| *number != 0)
    },
    verify: |key, message, signature| {
        let (message, length) = (message.as_ptr(), message.len());
        match call(|object| object.verify(key, message, length, signature.as_ptr(), signature.len()))? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        }
    },
    sign: |key, message| call(|object| object.sign(key, message.as_ptr(), message.len()))?,
    forget: |key| {
        call(|object| object.forget(key));
    },
    answers_later: false,
};

fn call<T>(call: impl FnOnce(&PlatformObject) -> T) -> Option<T> {
    OBJECT.with(|object| object.borrow().as_ref().map(call))
}

/// Sets the object that does the platform's work. Called once.
#[wasm_bindgen]
pub fn set_platform(object: PlatformObject) {
    OBJECT.with(|slot| slot.replace(Some(object)));
}

/// Chooses what the object is asked for from now on: 0 for nothing, 1 for all it does synchronously, and 2 for what
/// `WebCrypto` verifies.
#[wasm_bindgen]
pub fn use_platform(engine: u8) {
    set(match engine {
        1 => Some(PLATFORM),
        2 => Some(Platform { answers_later: true, ..PLATFORM }),
        _ => None,
    });
}
