//! Calls the platform's cryptography through a JavaScript object of the package.
//!
//! Messages and key documents are passed by address. The object reads them from this module's memory during the call.
//! It must not call this module meanwhile, and it never throws.

use core::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "npm-jwt")]
use crate::crypto::ml_dsa;
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

    /// Asks the module of ML-DSA one of its functions, by its number: what it returns, or no bytes for `true`. `undefined` also
    /// without that module.
    #[cfg(feature = "npm-jwt")]
    #[wasm_bindgen(method)]
    fn ml_dsa(
        this: &PlatformObject,
        function: u8,
        set: u8,
        key: *const u8,
        key_length: usize,
        message: *const u8,
        message_length: usize,
        signature: *const u8,
        signature_length: usize,
    ) -> Option<Vec<u8>>;

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

/// The functions of the module of ML-DSA, by their numbers in `pkg/src/platform.ts`.
#[cfg(feature = "npm-jwt")]
const ML_DSA: ml_dsa::Engine = ml_dsa::Engine {
    public_key: |set, seed| ask(1, set, seed, &[], &[]),
    sign: |set, seed, message| ask(2, set, seed, message, &[]),
    verify: |set, public, message, signature| ask(3, set, public, message, signature).is_some(),
    expands_to: |set, seed, expanded| ask(4, set, seed, expanded, &[]).is_some(),
};

/// The function number 0 tells whether the module is there.
#[cfg(feature = "npm-jwt")]
fn engine() -> Option<ml_dsa::Engine> {
    ask(0, 0, &[], &[], &[]).map(|_| ML_DSA)
}

#[cfg(feature = "npm-jwt")]
fn ask(function: u8, set: u8, key: &[u8], message: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let (key, key_length) = (key.as_ptr(), key.len());
    let (message, message_length) = (message.as_ptr(), message.len());
    let (signature, length) = (signature.as_ptr(), signature.len());
    call(|object| object.ml_dsa(function, set, key, key_length, message, message_length, signature, length))?
}

fn call<T>(call: impl FnOnce(&PlatformObject) -> T) -> Option<T> {
    OBJECT.with(|object| object.borrow().as_ref().map(call))
}

/// Sets the object that does the platform's work. Called once.
#[wasm_bindgen]
pub fn set_platform(object: PlatformObject) {
    OBJECT.with(|slot| slot.replace(Some(object)));
    #[cfg(feature = "npm-jwt")]
    ml_dsa::set(engine);
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
