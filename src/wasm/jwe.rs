//! Encryption for JavaScript. Content is passed as bytes, headers as JSON text, options and JWKs as objects.

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::encryption_key::RawEncryptionKey;
use super::error::throwing;
use super::options::{decode, decode_encrypting};
use super::token::bounded;
use crate::Error;
use crate::jwe::nested::{decrypt_token, encrypt_token};
use crate::jwe::{DecryptOptions, Decrypted, EncryptionKey, KeyRing, Keys, decrypt, encrypt};

#[wasm_bindgen]
impl RawEncryptionKey {
    pub fn encrypt(&self, plaintext: Vec<u8>, options: &JsValue) -> Result<String, JsValue> {
        let plaintext = Zeroizing::new(plaintext);
        throwing(decode_encrypting(options).and_then(|options| encrypt(&plaintext, &self.0, &options)))
    }

    /// Encrypts a signed token.
    pub fn encrypt_token(&self, signed: &str, options: &JsValue) -> Result<String, JsValue> {
        throwing(decode_encrypting(options).and_then(|options| encrypt_token(signed, &self.0, &options)))
    }

    pub fn decrypt(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        content(decrypted(&self.0, token, options, decrypt))
    }

    /// Decrypts a token that contains a signed token.
    pub fn decrypt_token(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        inner_token(decrypted(&self.0, token, options, decrypt_token))
    }
}

/// Several keys to decrypt with. JavaScript adds them one by one.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawKeyRing(Vec<EncryptionKey>);

#[wasm_bindgen]
impl RawKeyRing {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, key: &RawEncryptionKey) {
        self.0.push(key.0.clone());
    }

    pub fn decrypt(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        content(self.ring().and_then(|ring| decrypted(&ring, token, options, decrypt)))
    }

    /// Decrypts a token that contains a signed token.
    pub fn decrypt_token(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        inner_token(self.ring().and_then(|ring| decrypted(&ring, token, options, decrypt_token)))
    }

    fn ring(&self) -> Result<KeyRing, Error> {
        KeyRing::new(self.0.clone())
    }
}

type Decrypt = fn(&str, Keys, &DecryptOptions) -> Result<Decrypted, Error>;

fn decrypted(keys: impl Into<Keys>, token: &JsString, options: &JsValue, decrypt: Decrypt) -> Result<Decrypted, Error> {
    let options = decode::<DecryptOptions>(options)?;
    let token = bounded(token, options.max_length()?)?;
    decrypt(&token, keys.into(), &options)
}

/// The header as JSON text, and the content as bytes. No copy of the content stays in this module's memory.
fn content(decrypted: Result<Decrypted, Error>) -> Result<Array, JsValue> {
    let Decrypted { header, plaintext } = throwing(decrypted)?;
    Ok(Array::of2(&JsValue::from_str(&header), &Uint8Array::from(plaintext.as_slice())))
}

/// The header as JSON text, and the content as text.
fn inner_token(decrypted: Result<Decrypted, Error>) -> Result<Array, JsValue> {
    let Decrypted { header, plaintext } = throwing(decrypted)?;
    let token = core::str::from_utf8(&plaintext).unwrap_or_default();
    Ok(Array::of2(&JsValue::from_str(&header), &JsValue::from_str(token)))
}
