//! Imports public keys from PEM and DER, for the small module. It reads no private keys, so it takes no passphrases.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::throwing;
use super::key::{RawKey, document_options};
use crate::Error;
use crate::crypto::lite::no_private_keys;
use crate::jwt::{Algorithm, Key, KeyOptions};

#[wasm_bindgen]
impl RawKey {
    pub fn from_pem(pem: &[u8], passphrase: &JsValue, options: &JsValue) -> Result<RawKey, JsValue> {
        // Bytes that are not UTF-8 give an empty text, which is refused.
        let text = core::str::from_utf8(pem).unwrap_or_default();
        read(!passphrase.is_undefined(), options, |alg, options| Key::from_pem(text, alg, options))
    }

    pub fn from_der(der: &[u8], passphrase: &JsValue, options: &JsValue) -> Result<RawKey, JsValue> {
        read(!passphrase.is_undefined(), options, |alg, options| Key::from_der(der, alg, options))
    }
}

fn read(
    has_passphrase: bool,
    options: &JsValue,
    read: impl FnOnce(Algorithm, &KeyOptions) -> Result<Key, Error>,
) -> Result<RawKey, JsValue> {
    throwing(document_options(options).and_then(|(alg, options)| {
        if has_passphrase { Err(no_private_keys()) } else { read(alg, &options).map(RawKey) }
    }))
}
