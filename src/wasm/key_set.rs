//! The JavaScript class of key sets.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[cfg(feature = "npm-lite")]
use super::clock::now;
use super::error::throwing;
use super::jwk::read_jwk;
#[cfg(feature = "npm-lite")]
use super::jwk::write_jwk;
#[cfg(feature = "npm-lite")]
use super::key::RawKey;
use super::object::{length_of, members};
use super::options::{fields, take};
use crate::jose::key_set::too_many_keys;
#[cfg(feature = "npm-lite")]
use crate::jwt::Member;
use crate::jwt::{KeySet, Rejected};
use crate::{Error, ErrorCode};

/// A handle to a key set. JavaScript adds the keys one by one and then calls `seal`.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawKeySet {
    #[cfg(feature = "npm-lite")]
    added: Vec<Member>,
    pub(super) set: KeySet,
}

#[wasm_bindgen]
impl RawKeySet {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn from_jwks(jwks: &JsValue, options: &JsValue) -> Result<RawKeySet, JsValue> {
        let set = keys_of(jwks).and_then(|(keys, count)| {
            let [alg] = fields(options, ["alg"])?;
            let algorithm = alg.text()?.map(|name| name.parse()).transpose()?;
            // One at a time: each value takes a place in a table that never shrinks.
            KeySet::from_jwks((0..count).map(|index| element(&keys, index).and_then(|jwk| read_jwk(&jwk))), algorithm)
        });
        throwing(set.map(|set| Self {
            #[cfg(feature = "npm-lite")]
            added: Vec::new(),
            set,
        }))
    }

    /// Adds a set for other algorithms than those of the keys and sets before it, to a set that has no keys of its own.
    pub fn join_set(&mut self, set: &RawKeySet) -> Result<(), JsValue> {
        throwing(self.set.join((&set.set).into()))
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// The keys that were left out: index, `kid`, error code and message of each.
    pub fn rejected(&self) -> Array {
        let parts = |rejected: &Rejected| {
            Array::of4(
                &JsValue::from(u32::try_from(rejected.index).unwrap_or(u32::MAX)),
                &rejected.kid.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str),
                &JsValue::from_str(rejected.error.code().as_str()),
                &JsValue::from_str(&rejected.error.to_string()),
            )
        };
        self.set.rejected().iter().map(parts).collect()
    }
}

#[cfg(feature = "npm-lite")]
#[wasm_bindgen]
impl RawKeySet {
    /// Adds a key, with an end in milliseconds since the Unix epoch if it has one.
    pub fn add(&mut self, key: &RawKey, until: Option<f64>) {
        self.added.push(match until {
            Some(milliseconds) => Member::until(&key.0, milliseconds / 1000.0),
            None => Member::from(&key.0),
        });
    }

    /// Like `join_set`, for a key.
    pub fn join_key(&mut self, key: &RawKey) -> Result<(), JsValue> {
        throwing(self.set.join((&key.0).into()))
    }

    /// Makes the set of the keys that were added.
    pub fn seal(&mut self) -> Result<(), JsValue> {
        self.set = throwing(KeySet::new(core::mem::take(&mut self.added)))?;
        Ok(())
    }

    /// When the next key ends, in milliseconds since the Unix epoch.
    pub fn next_end(&self) -> Option<f64> {
        self.set.next_end(now()).map(|seconds| seconds * 1000.0)
    }

    pub fn to_jwks(&self) -> Result<Array, JsValue> {
        throwing(self.set.to_jwks(now()))?.iter().map(write_jwk).collect()
    }
}

/// The array of keys, and how many it has.
fn keys_of(jwks: &JsValue) -> Result<(JsValue, u32), Error> {
    let invalid = || Error::new(ErrorCode::KeyInvalid, "JWKS has no \"keys\" array");
    // Only an own member: a polluted prototype must not become a key set.
    let keys = take(&mut members(jwks).map_err(|_| invalid())?, "keys").unwrap_or_default();
    let count = length_of(&keys).ok_or_else(invalid)?;
    if usize::try_from(count).is_ok_and(|count| count <= KeySet::MAX_KEYS) {
        Ok((keys, count))
    } else {
        Err(too_many_keys())
    }
}

fn element(keys: &JsValue, index: u32) -> Result<JsValue, Error> {
    let unreadable = |_| Error::new(ErrorCode::KeyInvalid, "JWK cannot be read");
    Reflect::get_u32(keys.unchecked_ref(), index).map_err(unreadable)
}
