//! The JavaScript class of signing keys.

#[cfg(feature = "npm-jwt")]
use js_sys::{JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

#[cfg(feature = "npm-jwt")]
use super::document::{Document, form, write_der, write_pem};
use super::error::throwing;
use super::jwk::{private, read_jwk, write_jwk};
#[cfg(feature = "npm-jwt")]
use super::key_exports::document_exports;
use super::key_exports::key_exports;
use super::options::{Field, fields, with_alg};
use crate::Error;
use crate::jwt::{Algorithm, Key, KeyOptions};

type ImportOptions = (Algorithm, KeyOptions);

/// A handle to a key.
#[wasm_bindgen]
pub struct RawKey(pub(super) Key);

key_exports!(RawKey, Key);
#[cfg(feature = "npm-jwt")]
document_exports!(RawKey, Key, to_pem_form);

#[wasm_bindgen]
impl RawKey {
    pub fn with_alg(&self, alg: &str) -> Result<RawKey, JsValue> {
        wrap(alg.parse().and_then(|alg| self.0.with_algorithm(alg)))
    }

    /// A key that is kept elsewhere, whose public half is not known.
    pub fn elsewhere(alg: &str, kid: Option<String>) -> Result<RawKey, JsValue> {
        wrap(alg.parse().and_then(|alg| Key::elsewhere(alg, kid, None)))
    }

    /// A key that is kept elsewhere, whose public half is this key.
    pub fn with_private_elsewhere(&self, alg: &str, kid: Option<String>) -> Result<RawKey, JsValue> {
        wrap(alg.parse().and_then(|alg| Key::elsewhere(alg, kid, Some(&self.0))))
    }

    /// A key that verifies only this signature, which `WebCrypto` has found valid, or none.
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen takes no optional reference")]
    pub fn having_verified(&self, input: &[u8], signature: Option<Vec<u8>>) -> RawKey {
        RawKey(self.0.having_verified(input, signature.as_deref()))
    }

    /// Whether a signature of a key elsewhere is one of this public half.
    pub fn has_signed(&self, input: &[u8], answer: &[u8]) -> bool {
        self.0.read_signature(input, answer).is_ok()
    }

    pub fn thumbprint(&self, hash: &str) -> Result<String, JsValue> {
        throwing(hash.parse().and_then(|hash| self.0.thumbprint(hash)))
    }
}

#[cfg(feature = "npm-jwt")]
#[wasm_bindgen]
impl RawKey {
    /// The length in bits of the RSA key that `generate` would make with these options, or `undefined` for other keys.
    /// JavaScript asks here before it lets the platform generate an RSA key, which is faster.
    pub fn length_to_generate(alg: &str, options: &JsValue) -> Result<Option<usize>, JsValue> {
        throwing(alg.parse().and_then(|alg| Key::length_to_generate(alg, &generate_options(options)?)))
    }

    pub fn generate(alg: &str, options: &JsValue) -> Result<RawKey, JsValue> {
        wrap(alg.parse().and_then(|alg| Key::generate(alg, &generate_options(options)?)))
    }
}

/// The options of an import from a secret, a JWK or a certificate.
fn import_options(options: &JsValue) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    let [alg, allow_short, kid] = fields(options, ["alg", "allowShort", "kid"])?;
    read_import([alg, allow_short, kid])
}

/// The options of an import from PEM or DER. The passphrase is passed separately, as bytes.
pub(super) fn document_options(options: &JsValue) -> Result<ImportOptions, Error> {
    let [alg, allow_short, kid, _] = fields(options, ["alg", "allowShort", "kid", "passphrase"])?;
    with_alg(read_import([alg, allow_short, kid])?)
}

fn read_import([alg, allow_short, kid]: [Field; 3]) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    let algorithm = alg.text()?.map(|name| name.parse()).transpose()?;
    Ok((algorithm, KeyOptions { allow_short: allow_short.boolean()?, kid: kid.text()?, modulus_length: None }))
}

#[cfg(feature = "npm-jwt")]
fn generate_options(options: &JsValue) -> Result<KeyOptions, Error> {
    let [kid, modulus_length] = fields(options, ["kid", "modulusLength"])?;
    Ok(KeyOptions { kid: kid.text()?, modulus_length: modulus_length.size()?, allow_short: None })
}
