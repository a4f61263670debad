//! Passwords across the boundary. No handle is given out, so that the instance can be replaced between any two calls: a
//! policy is read, checked and copied once, and the copy is handed back with every call.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::error::throwing;
use super::options::decode;
use crate::password::{PasswordHasher, Policy};
use crate::{Error, ErrorCode};

type Thrown<T> = Result<T, JsValue>;

/// Checks a policy. The answer is a copy, which nobody but the caller can change.
#[wasm_bindgen]
pub fn read_policy(policy: &JsValue) -> Thrown<JsValue> {
    throwing(decode::<Policy>(policy).and_then(|policy| {
        PasswordHasher::new(&policy)?;
        encode(&policy)
    }))
}

/// A PHC string for a password in UTF-8.
#[wasm_bindgen]
pub fn hash(password: Vec<u8>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    throwing(hasher(policy).and_then(|hasher| hasher.hash(text(&password)?)))
}

/// `{ ok, needsRehash, scheme }`.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn verify(password: Vec<u8>, stored: Option<String>, policy: &JsValue) -> Thrown<JsValue> {
    let password = Zeroizing::new(password);
    throwing(hasher(policy).and_then(|hasher| encode(&hasher.verify(text(&password)?, stored.as_deref())?)))
}

/// `{ ok, newHash? }`.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn verify_and_update(password: Vec<u8>, stored: Option<String>, policy: &JsValue) -> Thrown<JsValue> {
    let password = Zeroizing::new(password);
    throwing(hasher(policy).and_then(|hasher| encode(&hasher.verify_and_update(text(&password)?, stored.as_deref())?)))
}

/// Whether a stored hash is weaker than the policy.
#[wasm_bindgen]
pub fn needs_rehash(stored: &str, policy: &JsValue) -> Thrown<bool> {
    throwing(hasher(policy).and_then(|hasher| hasher.needs_rehash(stored)))
}

fn hasher(policy: &JsValue) -> Result<PasswordHasher, Error> {
    PasswordHasher::new(&decode::<Policy>(policy)?)
}

fn text(password: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(password).map_err(|_| Error::new(ErrorCode::PasswordInvalid, "password is not UTF-8"))
}

fn encode(answer: &impl Serialize) -> Result<JsValue, Error> {
    answer
        .serialize(&Serializer::json_compatible())
        .map_err(|_| Error::new(ErrorCode::Internal, "the answer cannot be written"))
}
