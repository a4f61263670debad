//! Passwords across the boundary. No handle is given out, so that the instance can be replaced between any two calls: a
//! policy is read, checked and copied once, and the copy is handed back with every call. Answers are JSON text.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::error::throwing;
use super::policy::{copied, value};
use crate::password::{self, Description, PasswordHasher, Policy, Updated, Verdict};
use crate::{Error, ErrorCode};

type Thrown<T> = Result<T, JsValue>;

/// Checks a policy. The answer is a copy, which nobody but the caller can change.
#[wasm_bindgen]
pub fn read_policy(policy: &JsValue) -> Thrown<JsValue> {
    throwing(copied(policy).and_then(|copy| hasher(&copy).map(|_| copy)))
}

/// What to store for a password in UTF-8.
#[wasm_bindgen]
pub fn hash(password: Vec<u8>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    ask(policy, &mut |hasher| hasher.hash(text(&password)?))
}

/// Throws what `hash` would throw for this password, at once.
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

/// The name of a stored hash's scheme, by the way it begins.
#[wasm_bindgen]
#[must_use]
pub fn identify(stored: &str) -> Option<String> {
    password::identify(stored).map(|scheme| scheme.name().into())
}

/// The bytes of scratch memory that a call with this stored hash and this policy works in, at most: the package runs a
/// call that needs much in an instance that has as much.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn scratch_bytes(stored: Option<String>, policy: &JsValue) -> Thrown<usize> {
    throwing(hasher(policy).map(|hasher| hasher.scratch_bytes(stored.as_deref())))
}

/// What a hasher answers, in one copy for all questions.
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

/// Names, numbers and an id of letters and digits, none of which JSON would escape.
fn described(Description { scheme, format, costs, pepper, .. }: &Description) -> String {
    let costs = costs.iter().map(|(name, cost)| [",\"", name, "\":", &cost.to_string()].concat());
    let costs = costs.collect::<Vec<_>>().concat();
    let pepper = pepper.as_ref().map(|id| [",\"pepper\":\"", id, "\""].concat()).unwrap_or_default();
    ["{\"scheme\":\"", scheme.name(), "\",\"format\":\"", format, "\"", &costs, &pepper, "}"].concat()
}

/// A stored hash that is made here has no character that JSON would escape.
fn updated(Updated { ok, new_hash }: &Updated) -> String {
    match new_hash {
        Some(new_hash) => format!("{{\"ok\":{ok},\"newHash\":\"{new_hash}\"}}"),
        None => format!("{{\"ok\":{ok}}}"),
    }
}
