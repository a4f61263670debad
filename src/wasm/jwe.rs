//! Encryption for JavaScript. Content is passed as bytes, headers as JSON text, options and JWKs as objects.

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::clock::now as current_time;
use super::encryption_key::RawEncryptionKey;
use super::error::throwing;
use super::options::{decode_decrypting, decode_encrypting, decode_encrypting_json, decode_verifying};
use super::token::bounded;
use crate::Error;
use crate::jwe::decrypt::MAX_LENGTH;
use crate::jwe::nested::{decrypt_token, encrypt_token};
use crate::jwe::{
    DecryptOptions, Decrypted, DecryptedClaims, DecryptedJson, DecryptionKeys, EncryptionKey, Keys, decrypt,
    decrypt_claims, decrypt_json, encrypt, encrypt_json,
};

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
        content(decrypted((&self.0).into(), token, options, decrypt))
    }

    /// Decrypts a token in JSON.
    pub fn decrypt_json(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        json_content((&self.0).into(), token, options)
    }

    /// Decrypts a token that contains claims and judges them. The answer is the JSON text of `[header, claims]`.
    pub fn decrypt_claims(&self, token: &JsString, options: &JsValue) -> Result<String, JsValue> {
        throwing(claims((&self.0).into(), token, options))
    }

    /// Decrypts a token that contains a signed token.
    pub fn decrypt_token(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        inner_token(decrypted((&self.0).into(), token, options, decrypt_token))
    }
}

/// Several keys to encrypt for or to decrypt with. JavaScript adds them one by one.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawEncryptionKeys(DecryptionKeys);

#[wasm_bindgen]
impl RawEncryptionKeys {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, key: &RawEncryptionKey) {
        self.0.add(key.0.clone());
    }

    pub fn decrypt(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        content(decrypted((&self.0).into(), token, options, decrypt))
    }

    /// Encrypts for the owners of all keys, as JSON text.
    pub fn encrypt_json(&self, plaintext: Vec<u8>, options: &JsValue) -> Result<String, JsValue> {
        let plaintext = Zeroizing::new(plaintext);
        let keys: Vec<&EncryptionKey> = self.0.keys().iter().collect();
        throwing(decode_encrypting_json(options).and_then(|options| encrypt_json(&plaintext, &keys, &options)))
    }

    /// Decrypts a token in JSON.
    pub fn decrypt_json(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        json_content((&self.0).into(), token, options)
    }

    /// Decrypts a token that contains claims and judges them. The answer is the JSON text of `[header, claims]`.
    pub fn decrypt_claims(&self, token: &JsString, options: &JsValue) -> Result<String, JsValue> {
        throwing(claims((&self.0).into(), token, options))
    }

    /// Decrypts a token that contains a signed token.
    pub fn decrypt_token(&self, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
        inner_token(decrypted((&self.0).into(), token, options, decrypt_token))
    }
}

type Decrypt = fn(&str, Keys, &DecryptOptions) -> Result<Decrypted, Error>;

#[inline(never)]
fn decrypted(keys: Keys, token: &JsString, options: &JsValue, decrypt: Decrypt) -> Result<Decrypted, Error> {
    let options = decode_decrypting(options)?;
    let token = bounded(token, options.max_length()?)?;
    decrypt(&token, keys, &options)
}

// A copy for each class would take 1 KB of the module.
/// The header as JSON text, the position of the recipient, the content, and the authenticated data if there is any.
#[inline(never)]
fn json_content(keys: Keys, token: &JsString, options: &JsValue) -> Result<Array, JsValue> {
    let decrypted = decode_decrypting(options)
        .and_then(|options| decrypt_json(&bounded(token, options.max_length()?)?, keys, &options));
    let DecryptedJson { header, plaintext, aad, recipient } = throwing(decrypted)?;
    Ok(Array::of4(
        &JsValue::from_str(&header),
        &JsValue::from(u32::try_from(recipient).unwrap_or(u32::MAX)),
        &Uint8Array::from(plaintext.as_slice()),
        &aad.map_or(JsValue::UNDEFINED, |aad| Uint8Array::from(aad.as_slice()).into()),
    ))
}

// A copy for each class would take 1 KB of the module.
#[inline(never)]
fn claims(keys: Keys, token: &JsString, options: &JsValue) -> Result<String, Error> {
    let (options, now) = decode_verifying(options)?;
    let token = bounded(token, options.max_token_length.unwrap_or(MAX_LENGTH))?;
    let DecryptedClaims { header, claims } = decrypt_claims(&token, keys, &options, now.unwrap_or_else(current_time))?;
    Ok(["[", &header, ",", &claims, "]"].concat())
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
