//! JWS over any bytes for JavaScript. Payloads are passed as bytes, headers and JSON serializations as text.

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clock::now as current_time;
use super::error::throwing;
use super::key::RawKey;
use super::key_set::RawKeySet;
use super::options::{Field, fields};
use super::token::text_within;
use super::unsigned::{RawUnsigned, unsigned};
use crate::Error;
use crate::jws::options::too_long;
use crate::jws::{
    Require, SignJsonOptions, SignOptions, Signatory, SignatoryOptions, VerifyOptions, prepare, prepare_flattened,
    prepare_general, verify, verify_json,
};
use crate::jwt::{Key, Keys};

/// A compact JWS without its signature.
#[wasm_bindgen]
pub fn prepare_jws(payload: &[u8], key: &RawKey, options: &JsValue) -> Result<RawUnsigned, JsValue> {
    unsigned(sign_options(options).and_then(|options| prepare(payload, &key.0, &options)))
}

/// Checks a compact JWS with one key. The answer is the header's JSON text and the payload.
#[wasm_bindgen]
pub fn verify_jws_with_key(jws: &JsString, key: &RawKey, options: &JsValue) -> Result<Array, JsValue> {
    verified(jws, (&key.0).into(), options)
}

/// Checks a compact JWS with a key set. The answer is the header's JSON text and the payload.
#[wasm_bindgen]
pub fn verify_jws_with_set(jws: &JsString, set: &RawKeySet, options: &JsValue) -> Result<Array, JsValue> {
    verified(jws, (&set.set).into(), options)
}

/// The signers of a JWS in JSON. JavaScript adds them one by one.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawSignatories(Vec<(Key, SignatoryOptions)>);

#[wasm_bindgen]
impl RawSignatories {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, key: &RawKey, signatory: &JsValue) -> Result<(), JsValue> {
        self.0.push((key.0.clone(), throwing(signatory_options(signatory))?));
        Ok(())
    }

    /// A JWS in JSON without its signatures: flattened for the only signer, or general.
    pub fn prepare(&self, payload: &[u8], is_general: bool, options: &JsValue) -> Result<RawUnsigned, JsValue> {
        unsigned(sign_json_options(options).and_then(|options| match (is_general, self.all().as_slice()) {
            (false, [by]) => prepare_flattened(payload, by, &options),
            (_, by) => prepare_general(payload, by, &options),
        }))
    }

    fn all(&self) -> Vec<Signatory<'_>> {
        self.0.iter().map(|(key, options)| Signatory { key, options: options.clone() }).collect()
    }
}

/// Checks a JWS in JSON with one key. The answer is the JSON text of the valid signatures, and the payload.
#[wasm_bindgen]
pub fn verify_jws_json_with_key(jws: &JsString, key: &RawKey, options: &JsValue) -> Result<Array, JsValue> {
    verified_json(jws, (&key.0).into(), options)
}

/// Checks a JWS in JSON with a key set. The answer is the JSON text of the valid signatures, and the payload.
#[wasm_bindgen]
pub fn verify_jws_json_with_set(jws: &JsString, set: &RawKeySet, options: &JsValue) -> Result<Array, JsValue> {
    verified_json(jws, (&set.set).into(), options)
}

fn verified(jws: &JsString, keys: Keys, options: &JsValue) -> Result<Array, JsValue> {
    let verified = fields(options, ["allowPadding", "crit", "detached", "maxLength", "now"]).and_then(
        |[padding, crit, detached, max_length, now]| {
            let detached = detached.bytes()?;
            let options = verify_options(padding, crit, detached.as_ref().map(|bytes| bytes.as_slice()), max_length)?;
            let verified = verify(&bounded(jws, &options)?, keys, &options, now.time()?.unwrap_or_else(current_time))?;
            Ok(pair(&verified.header, &verified.payload))
        },
    );
    throwing(verified)
}

fn verified_json(jws: &JsString, keys: Keys, options: &JsValue) -> Result<Array, JsValue> {
    let names = ["allowPadding", "crit", "detached", "maxLength", "now", "require"];
    let verified = fields(options, names).and_then(|[padding, crit, detached, max_length, now, require]| {
        let detached = detached.bytes()?;
        let options = verify_options(padding, crit, detached.as_ref().map(|bytes| bytes.as_slice()), max_length)?;
        let require: Option<Require> = require.text()?.map(|name| name.parse()).transpose()?;
        let (require, now) = (require.unwrap_or_default(), now.time()?.unwrap_or_else(current_time));
        let verified = verify_json(&bounded(jws, &options)?, keys, &options, require, now)?;
        Ok(pair(&verified.signatures_to_json()?, &verified.payload))
    });
    throwing(verified)
}

fn pair(text: &str, payload: &[u8]) -> Array {
    Array::of2(&JsValue::from_str(text), &Uint8Array::from(payload))
}

fn bounded(jws: &JsString, options: &VerifyOptions<'_>) -> Result<String, Error> {
    let max_length = options.max_length()?;
    text_within(jws, max_length).ok_or_else(|| too_long(max_length))
}

fn sign_options(options: &JsValue) -> Result<SignOptions, Error> {
    let [b64, crit, cty, detached, header, typ] = fields(options, ["b64", "crit", "cty", "detached", "header", "typ"])?;
    Ok(SignOptions {
        b64: b64.boolean()?,
        crit: crit.texts()?,
        cty: cty.text()?,
        detached: detached.boolean()?,
        header: header.json()?,
        typ: typ.text()?,
    })
}

fn sign_json_options(options: &JsValue) -> Result<SignJsonOptions, Error> {
    let [b64, detached] = fields(options, ["b64", "detached"])?;
    Ok(SignJsonOptions { b64: b64.boolean()?, detached: detached.boolean()? })
}

/// The options of one signer. JavaScript passes its key separately.
fn signatory_options(signatory: &JsValue) -> Result<SignatoryOptions, Error> {
    let [crit, cty, header, _, typ, unprotected] =
        fields(signatory, ["crit", "cty", "header", "key", "typ", "unprotected"])?;
    Ok(SignatoryOptions {
        crit: crit.texts()?,
        cty: cty.text()?,
        header: header.json()?,
        typ: typ.text()?,
        unprotected: unprotected.json()?,
    })
}

fn verify_options(
    padding: Field,
    crit: Field,
    detached: Option<&[u8]>,
    max_length: Field,
) -> Result<VerifyOptions<'_>, Error> {
    Ok(VerifyOptions {
        allow_padding: padding.boolean()?,
        crit: crit.texts()?,
        detached,
        max_length: max_length.size()?,
    })
}
