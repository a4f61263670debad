//! The JavaScript interface of password hashing: decode, call, encode. Answers are JSON text.
//!
//! It holds no handles, so that the package can replace the instance between two calls. A policy is read, checked and copied
//! once; JavaScript keeps the copy and passes it with every call.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::error::throwing;
use super::policy::{copied, value};
use crate::password::{self, Description, PasswordHasher, Policy, Updated, Verdict};
use crate::{Error, ErrorCode};

type Thrown<T> = Result<T, JsValue>;

/// Checks a policy and returns a copy, which later changes to the original do not reach.
#[wasm_bindgen]
pub fn read_policy(policy: &JsValue) -> Thrown<JsValue> {
    throwing(copied(policy).and_then(|copy| hasher(&copy).map(|_| copy)))
}

/// Hashes a password in UTF-8, and returns the string to store.
#[wasm_bindgen]
pub fn hash(password: Vec<u8>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    ask(policy, &mut |hasher| hasher.hash(text(&password)?))
}

/// Throws what `hash` would throw for this password, without computing a hash.
#[wasm_bindgen]
pub fn check_hashable(password: Vec<u8>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    ask(policy, &mut |hasher| hasher.check_hashable(text(&password)?).map(|()| String::new()))
}

/// `{ ok, needsRehash, scheme }`.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn verify(password: Vec<u8>, stored: Option<String>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    ask(policy, &mut |hasher| Ok(verdict(hasher.verify(text(&password)?, stored.as_deref())?)))
}

/// `{ ok, newHash? }`.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn verify_and_update(password: Vec<u8>, stored: Option<String>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    ask(policy, &mut |hasher| Ok(updated(&hasher.verify_and_update(text(&password)?, stored.as_deref())?)))
}

/// Whether a stored hash is weaker than the policy, as JSON.
#[wasm_bindgen]
pub fn needs_rehash(stored: &str, policy: &JsValue) -> Thrown<String> {
    ask(policy, &mut |hasher| Ok(hasher.needs_rehash(stored)?.to_string()))
}

/// `{ scheme, format, …costs, pepper? }`.
#[wasm_bindgen]
pub fn describe(stored: &str) -> Thrown<String> {
    throwing(password::describe(stored).map(|description| described(&description)))
}

/// The name of a stored hash's scheme; none if no format recognizes it.
#[wasm_bindgen]
#[must_use]
pub fn identify(stored: &str) -> Option<String> {
    password::identify(stored).map(|scheme| scheme.name().into())
}

/// The most scratch memory, in bytes, that a call with this stored hash and policy allocates. The package chooses an instance by
/// it before the call.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn scratch_bytes(stored: Option<String>, policy: &JsValue) -> Thrown<String> {
    ask(policy, &mut |hasher| Ok(hasher.scratch_bytes(stored.as_deref()).to_string()))
}

/// Runs one question. Not inlined, so that the module has one copy.
#[inline(never)]
fn ask(policy: &JsValue, question: &mut dyn FnMut(&PasswordHasher) -> Result<String, Error>) -> Thrown<String> {
    throwing(hasher(policy).and_then(|hasher| question(&hasher)))
}

fn hasher(policy: &JsValue) -> Result<PasswordHasher, Error> {
    PasswordHasher::new(&Policy::read(value(policy)?)?)
}

fn text(password: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(password).map_err(|_| Error::new(ErrorCode::PasswordInvalid, "password is not UTF-8"))
}

fn verdict(Verdict { ok, needs_rehash, scheme }: Verdict) -> String {
    let quoted = scheme.map(|scheme| ["\"", scheme.name(), "\""].concat());
    let scheme = quoted.as_deref().unwrap_or("null");
    format!("{{\"ok\":{ok},\"needsRehash\":{needs_rehash},\"scheme\":{scheme}}}")
}

/// Names, numbers and a pepper id: nothing that JSON would escape.
fn described(Description { scheme, format, costs, pepper, .. }: &Description) -> String {
    let costs = costs.iter().map(|(name, cost)| [",\"", name, "\":", &cost.to_string()].concat());
    let costs = costs.collect::<Vec<_>>().concat();
    let pepper = pepper.as_ref().map(|id| [",\"pepper\":\"", id, "\""].concat()).unwrap_or_default();
    ["{\"scheme\":\"", scheme.name(), "\",\"format\":\"", format, "\"", &costs, &pepper, "}"].concat()
}

/// New hashes have no character that JSON would escape.
fn updated(Updated { ok, new_hash }: &Updated) -> String {
    match new_hash {
        Some(new_hash) => format!("{{\"ok\":{ok},\"newHash\":\"{new_hash}\"}}"),
        None => format!("{{\"ok\":{ok}}}"),
    }
}
