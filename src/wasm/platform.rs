//! The platform's own cryptography, as an object of the package's: what it is asked for, and where it finds the bytes.
//!
//! Messages and key documents stay where they are, and their places are told: the object reads them at once, and calls
//! nothing of this module meanwhile. It throws nothing.

use core::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::crypto::platform::{Platform, set};

#[wasm_bindgen]
extern "C" {
    pub type PlatformObject;

    /// The number of a key that the object has taken over, or 0.
    #[wasm_bindgen(method)]
    fn take(this: &PlatformObject, algorithm: &str, private: bool, start: *const u8, length: usize) -> u32;

    /// 1 for a right signature, 0 for a wrong one, -1 where the object declines.
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

/// What the core calls. A function that finds no object declines.
const PLATFORM: Platform = Platform {
    take: |algorithm, private, document| {
        asked(|object| object.take(algorithm, private, document.as_ptr(), document.len())).filter(|number| *number != 0)
    },
    verify: |key, message, signature| {
        let (message, length) = (message.as_ptr(), message.len());
        match asked(|object| object.verify(key, message, length, signature.as_ptr(), signature.len()))? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        }
    },
    sign: |key, message| asked(|object| object.sign(key, message.as_ptr(), message.len()))?,
    forget: |key| {
        asked(|object| object.forget(key));
    },
};

fn asked<T>(question: impl FnOnce(&PlatformObject) -> T) -> Option<T> {
    OBJECT.with(|object| object.borrow().as_ref().map(question))
}

/// Has the platform's share done by this object, from the next signature or check on. It is set once.
#[wasm_bindgen]
pub fn set_platform(object: PlatformObject) {
    OBJECT.with(|slot| slot.replace(Some(object)));
}

/// Whether the object that was set is asked.
#[wasm_bindgen]
pub fn use_platform(used: bool) {
    set(used.then_some(PLATFORM));
}
