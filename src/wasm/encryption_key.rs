//! The JavaScript class of encryption keys.

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::document::{Document, form, write_der, write_pem};
use super::error::throwing;
use super::jwk::{private, read_jwk, write_jwk};
use super::key_exports::{document_exports, key_exports};
use super::options::{Field, fields, with_alg};
use crate::jwe::{Algorithm, Encryption, EncryptionKey, GenerateOptions, KeyOptions, PasswordOptions};
use crate::{Error, ErrorCode};

type ImportOptions = (Algorithm, KeyOptions);

/// A handle to a key.
#[wasm_bindgen]
pub struct RawEncryptionKey(pub(super) EncryptionKey);

key_exports!(RawEncryptionKey, EncryptionKey);
document_exports!(RawEncryptionKey, EncryptionKey, to_pem);

#[wasm_bindgen]
impl RawEncryptionKey {
    pub fn from_password(password: Vec<u8>, options: &JsValue) -> Result<RawEncryptionKey, JsValue> {
        let password = Zeroizing::new(password);
        wrap(fields(options, ["alg", "iterations", "kid"]).and_then(|[alg, iterations, kid]| {
            let missing = || Error::new(ErrorCode::OptionInvalid, "missing option \"alg\"");
            let alg = Algorithm::named(&alg.text()?.ok_or_else(missing)?, None)?;
            let options = PasswordOptions { iterations: iterations.size()?, kid: kid.text()? };
            EncryptionKey::from_password(&password, alg, &options)
        }))
    }

    pub fn generate(alg: &str, options: &JsValue) -> Result<RawEncryptionKey, JsValue> {
        wrap(fields(options, ["crv", "enc", "kid", "modulusLength"]).and_then(|[crv, enc, kid, modulus_length]| {
            let enc = enc.text()?.map(|name| name.parse()).transpose()?;
            let crv = crv.text()?.map(|name| name.parse()).transpose()?;
            let options = GenerateOptions { crv, kid: kid.text()?, modulus_length: modulus_length.size()? };
            EncryptionKey::generate(Algorithm::named(alg, enc)?, &options)
        }))
    }

    pub fn with_alg(&self, alg: &str, options: &JsValue) -> Result<RawEncryptionKey, JsValue> {
        wrap(fields(options, ["enc"]).and_then(|[enc]| {
            let enc = enc.text()?.map(|name| name.parse()).transpose()?;
            self.0.with_algorithm(Algorithm::named(alg, enc)?)
        }))
    }

    /// A key that is kept elsewhere, whose public half is not known.
    pub fn elsewhere(alg: &str, kid: Option<String>, crv: Option<String>) -> Result<RawEncryptionKey, JsValue> {
        wrap(Algorithm::named(alg, None).and_then(|alg| {
            let crv = crv.map(|name| name.parse()).transpose()?;
            EncryptionKey::elsewhere(alg, kid, None, crv)
        }))
    }

    /// A key that is kept elsewhere, whose public half is this key.
    pub fn with_private_elsewhere(&self, alg: &str, kid: Option<String>) -> Result<RawEncryptionKey, JsValue> {
        wrap(Algorithm::named(alg, None).and_then(|alg| EncryptionKey::elsewhere(alg, kid, Some(&self.0), None)))
    }

    /// This private key as one that is kept elsewhere, for `WebCrypto`. `undefined` if that is not faster.
    pub fn asked_elsewhere(&self) -> Option<RawEncryptionKey> {
        self.0.asked_elsewhere().map(RawEncryptionKey)
    }

    /// The question without an answer that has made decrypting fail.
    pub fn question(&self) -> Option<Vec<u8>> {
        self.0.question()
    }

    /// The same key with an answer.
    pub fn with_answer(&self, question: &[u8], answer: Option<Vec<u8>>) -> RawEncryptionKey {
        RawEncryptionKey(self.0.with_answer(question, answer))
    }

    pub fn thumbprint(&self, hash: &str) -> Result<String, JsValue> {
        throwing(hash.parse().and_then(|hash| self.0.thumbprint(hash)))
    }

    pub fn enc(&self) -> Option<String> {
        self.0.algorithm().encryption().map(|encryption| encryption.name().into())
    }
}

/// The options of an import from a secret or a JWK. For a JWK, `enc` alone means `dir`, because the JWK need not say
/// which content encryption it is for.
fn import_options(options: &JsValue) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    read_import(fields(options, ["alg", "enc", "kid"])?)
}

/// The options of an import from PEM or DER. The passphrase is passed separately, as bytes.
fn document_options(options: &JsValue) -> Result<ImportOptions, Error> {
    let [alg, enc, kid, _] = fields(options, ["alg", "enc", "kid", "passphrase"])?;
    with_alg(read_import([alg, enc, kid])?)
}

fn read_import([alg, enc, kid]: [Field; 3]) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    let enc: Option<Encryption> = enc.text()?.map(|name| name.parse()).transpose()?;
    let algorithm = match alg.text()? {
        Some(alg) => Some(Algorithm::named(&alg, enc)?),
        None => enc.map(Algorithm::Dir),
    };
    Ok((algorithm, KeyOptions { kid: kid.text()? }))
}
