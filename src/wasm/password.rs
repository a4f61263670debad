//! The JavaScript interface of password hashing: decode, call, encode. Answers are JSON text.
//!
//! It holds no handles, so that the package can replace the instance between two calls. A policy is read, checked and copied
//! once; JavaScript keeps the copy and passes it with every call.

#![expect(clippy::float_cmp, reason = "in the code that wasm-bindgen generates for an enum")]

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

/// What is asked about a password, a stored hash, or both.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Question {
    /// Throws what `Hash` would throw for this password, without computing a hash. The answer is empty.
    CheckHashable,
    /// Hashes the password. The answer is the string to store.
    Hash,
    /// Whether the stored hash is weaker than the policy, as JSON.
    NeedsRehash,
    /// The most scratch memory, in bytes, that a call with this stored hash and policy allocates. The package chooses an
    /// instance by it before the call.
    ScratchBytes,
    /// Checks the password: `{ ok, needsRehash, scheme }`.
    Verify,
    /// Checks the password, and hashes it anew where the stored hash is weaker than the policy: `{ ok, newHash? }`.
    VerifyAndUpdate,
}

/// Answers a question by a policy, for an account if there is one. The password is UTF-8; a question about the stored hash alone
/// ignores it.
///
/// One function for all questions, because each export costs some 400 bytes of the module and of its glue.
#[cfg(feature = "schemes")]
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn ask(
    question: Question,
    password: Vec<u8>,
    stored: Option<String>,
    policy: &JsValue,
    account: Option<String>,
) -> Thrown<String> {
    let password = Zeroizing::new(password);
    let hasher = hasher(policy).and_then(|hasher| match account {
        Some(account) => hasher.with_account(account),
        None => Ok(hasher),
    });
    throwing(hasher.and_then(|hasher| answer(&hasher, question, &password, stored.as_deref())))
}

/// The same without an account, for which the Argon2 module has no room.
#[cfg(not(feature = "schemes"))]
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
pub fn ask(question: Question, password: Vec<u8>, stored: Option<String>, policy: &JsValue) -> Thrown<String> {
    let password = Zeroizing::new(password);
    throwing(hasher(policy).and_then(|hasher| answer(&hasher, question, &password, stored.as_deref())))
}

fn answer(hasher: &PasswordHasher, question: Question, password: &[u8], stored: Option<&str>) -> Result<String, Error> {
    let password =
        core::str::from_utf8(password).map_err(|_| Error::new(ErrorCode::PasswordInvalid, "password is not UTF-8"))?;
    Ok(match question {
        Question::CheckHashable => hasher.check_hashable(password).map(|()| String::new())?,
        Question::Hash => hasher.hash(password)?,
        Question::NeedsRehash => hasher.needs_rehash(stored.unwrap_or_default())?.to_string(),
        Question::ScratchBytes => hasher.scratch_bytes(stored).to_string(),
        Question::Verify => verdict(hasher.verify(password, stored)?),
        Question::VerifyAndUpdate => updated(&hasher.verify_and_update(password, stored)?),
    })
}

/// `{ scheme, format, …costs, pepper?, bound? }`.
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

fn hasher(policy: &JsValue) -> Result<PasswordHasher, Error> {
    PasswordHasher::new(&Policy::read(value(policy)?)?)
}

fn verdict(Verdict { ok, needs_rehash, scheme }: Verdict) -> String {
    let quoted = scheme.map(|scheme| ["\"", scheme.name(), "\""].concat());
    let scheme = quoted.as_deref().unwrap_or("null");
    format!("{{\"ok\":{ok},\"needsRehash\":{needs_rehash},\"scheme\":{scheme}}}")
}

/// Names, numbers and a pepper id: nothing that JSON would escape.
fn described(Description { scheme, format, costs, bound, pepper, .. }: &Description) -> String {
    let costs = costs.iter().map(|(name, cost)| [",\"", name, "\":", &cost.to_string()].concat());
    let costs = costs.collect::<Vec<_>>().concat();
    let pepper = pepper.as_ref().map(|id| [",\"pepper\":\"", id, "\""].concat()).unwrap_or_default();
    let bound = if cfg!(feature = "schemes") && *bound { ",\"bound\":true" } else { "" };
    ["{\"scheme\":\"", scheme.name(), "\",\"format\":\"", format, "\"", &costs, &pepper, bound, "}"].concat()
}

/// New hashes have no character that JSON would escape.
fn updated(Updated { ok, new_hash }: &Updated) -> String {
    match new_hash {
        Some(new_hash) => format!("{{\"ok\":{ok},\"newHash\":\"{new_hash}\"}}"),
        None => format!("{{\"ok\":{ok}}}"),
    }
}
