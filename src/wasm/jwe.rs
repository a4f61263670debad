//! Encryption across the boundary. Content crosses as bytes, headers as JSON text, options and JWKs as objects.

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::document::{Document, form, with_alg, write_der, write_pem};
use super::error::throwing;
use super::jwk::{private, read_jwk, write_jwk};
use super::options::{Field, decode, decode_encrypting, fields};
use super::token::bounded;
use crate::jwe::{
    Algorithm, DecryptOptions, Decrypted, Encryption, EncryptionKey, GenerateOptions, KeyOptions, KeyRing, Keys,
    PasswordOptions, decrypt, decrypt_token, encrypt, encrypt_token,
};
use crate::{Error, ErrorCode};

type Thrown<T> = Result<T, JsValue>;

/// The options of every key import but that of documents. Of a JWK, `enc` alone means `dir`, whose content encryption the
/// JWK may leave open.
fn import_options(options: &JsValue) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    read_import(fields(options, ["alg", "enc", "kid"])?)
}

fn read_import([alg, enc, kid]: [Field; 3]) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    let enc: Option<Encryption> = enc.text()?.map(|name| name.parse()).transpose()?;
    let algorithm = match alg.text()? {
        Some(alg) => Some(Algorithm::named(&alg, enc)?),
        None => enc.map(Algorithm::Dir),
    };
    Ok((algorithm, KeyOptions { kid: kid.text()? }))
}

fn import_options_with_alg(options: &JsValue) -> Result<(Algorithm, KeyOptions), Error> {
    with_alg(import_options(options)?)
}

/// Those of documents, whose passphrase comes as bytes beside them.
fn document_options(options: &JsValue) -> Result<(Algorithm, KeyOptions), Error> {
    let [alg, enc, kid, _] = fields(options, ["alg", "enc", "kid", "passphrase"])?;
    with_alg(read_import([alg, enc, kid])?)
}

/// A key, behind a handle.
#[wasm_bindgen]
pub struct RawEncryptionKey(EncryptionKey);

#[wasm_bindgen]
impl RawEncryptionKey {
    pub fn from_secret(secret: Vec<u8>, options: &JsValue) -> Thrown<RawEncryptionKey> {
        let secret = Zeroizing::new(secret);
        key(import_options_with_alg(options)
            .and_then(|(alg, options)| EncryptionKey::from_secret(&secret, alg, &options)))
    }

    pub fn from_password(password: Vec<u8>, options: &JsValue) -> Thrown<RawEncryptionKey> {
        let password = Zeroizing::new(password);
        key(fields(options, ["alg", "iterations", "kid"]).and_then(|[alg, iterations, kid]| {
            let missing = || Error::new(ErrorCode::OptionInvalid, "missing option \"alg\"");
            let alg = Algorithm::named(&alg.text()?.ok_or_else(missing)?, None)?;
            let options = PasswordOptions { iterations: iterations.size()?, kid: kid.text()? };
            EncryptionKey::from_password(&password, alg, &options)
        }))
    }

    /// Takes bytes: a string that is not ASCII would be copied more than once on its way, and not all of it wiped.
    pub fn from_pem(pem: Vec<u8>, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<RawEncryptionKey> {
        let document = Document::new(pem, passphrase);
        key(document_options(options).and_then(|(alg, options)| match document.passphrase() {
            Some(passphrase) => EncryptionKey::from_encrypted_pem(document.text(), passphrase, alg, &options),
            None => EncryptionKey::from_pem(document.text(), alg, &options),
        }))
    }

    pub fn from_der(der: Vec<u8>, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<RawEncryptionKey> {
        let document = Document::new(der, passphrase);
        key(document_options(options).and_then(|(alg, options)| match document.passphrase() {
            Some(passphrase) => EncryptionKey::from_encrypted_der(document.bytes(), passphrase, alg, &options),
            None => EncryptionKey::from_der(document.bytes(), alg, &options),
        }))
    }

    pub fn from_jwk(jwk: &JsValue, options: &JsValue) -> Thrown<RawEncryptionKey> {
        key(import_options(options).and_then(|(alg, options)| EncryptionKey::from_jwk(&read_jwk(jwk)?, alg, &options)))
    }

    pub fn generate(alg: &str, options: &JsValue) -> Thrown<RawEncryptionKey> {
        key(fields(options, ["crv", "enc", "kid", "modulusLength"]).and_then(|[crv, enc, kid, modulus_length]| {
            let enc = enc.text()?.map(|name| name.parse()).transpose()?;
            let crv = crv.text()?.map(|name| name.parse()).transpose()?;
            let options = GenerateOptions { crv, kid: kid.text()?, modulus_length: modulus_length.size()? };
            EncryptionKey::generate(Algorithm::named(alg, enc)?, &options)
        }))
    }

    pub fn alg(&self) -> String {
        self.0.algorithm().name().into()
    }

    pub fn enc(&self) -> Option<String> {
        self.0.algorithm().encryption().map(|encryption| encryption.name().into())
    }

    pub fn kid(&self) -> Option<String> {
        self.0.kid().map(Into::into)
    }

    pub fn kind(&self) -> String {
        self.0.key_type().name().into()
    }

    pub fn public_key(&self) -> Thrown<RawEncryptionKey> {
        key(self.0.public_key())
    }

    pub fn to_jwk(&self, options: &JsValue) -> Thrown<JsValue> {
        write_jwk(&throwing(private(options).and_then(|private| self.0.to_jwk(private)))?)
    }

    pub fn to_pem(&self, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<JsString> {
        let passphrase = passphrase.map(Zeroizing::new);
        write_pem(form(options).and_then(|form| match passphrase {
            Some(passphrase) => form.encrypted().and_then(|()| self.0.to_encrypted_pem(&passphrase)),
            None => self.0.to_pem(form),
        }))
    }

    pub fn to_der(&self, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<Uint8Array> {
        let passphrase = passphrase.map(Zeroizing::new);
        write_der(form(options).and_then(|form| match passphrase {
            Some(passphrase) => form.encrypted().and_then(|()| self.0.to_encrypted_der(&passphrase)),
            None => self.0.to_der(form),
        }))
    }

    pub fn encrypt(&self, plaintext: Vec<u8>, options: &JsValue) -> Thrown<String> {
        let plaintext = Zeroizing::new(plaintext);
        throwing(decode_encrypting(options).and_then(|options| encrypt(&plaintext, &self.0, &options)))
    }

    /// Encrypts a token that was signed.
    pub fn encrypt_token(&self, signed: &str, options: &JsValue) -> Thrown<String> {
        throwing(decode_encrypting(options).and_then(|options| encrypt_token(signed, &self.0, &options)))
    }

    pub fn decrypt(&self, token: &JsString, options: &JsValue) -> Thrown<Array> {
        content(decrypted(&self.0, token, options, decrypt))
    }

    /// Decrypts a token that holds another.
    pub fn decrypt_token(&self, token: &JsString, options: &JsValue) -> Thrown<Array> {
        inner_token(decrypted(&self.0, token, options, decrypt_token))
    }
}

/// Several keys to decrypt with, gathered one by one.
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

    pub fn decrypt(&self, token: &JsString, options: &JsValue) -> Thrown<Array> {
        content(self.ring().and_then(|ring| decrypted(&ring, token, options, decrypt)))
    }

    /// Decrypts a token that holds another.
    pub fn decrypt_token(&self, token: &JsString, options: &JsValue) -> Thrown<Array> {
        inner_token(self.ring().and_then(|ring| decrypted(&ring, token, options, decrypt_token)))
    }

    fn ring(&self) -> Result<KeyRing, Error> {
        KeyRing::new(self.0.clone())
    }
}

fn key(key: Result<EncryptionKey, Error>) -> Thrown<RawEncryptionKey> {
    throwing(key.map(RawEncryptionKey))
}

type Decrypt = fn(&str, Keys, &DecryptOptions) -> Result<Decrypted, Error>;

fn decrypted(keys: impl Into<Keys>, token: &JsString, options: &JsValue, decrypt: Decrypt) -> Result<Decrypted, Error> {
    let options = decode::<DecryptOptions>(options)?;
    let token = bounded(token, options.max_length()?)?;
    decrypt(&token, keys.into(), &options)
}

/// The header as JSON text, and the content as bytes, of which no copy is left here.
fn content(decrypted: Result<Decrypted, Error>) -> Thrown<Array> {
    let Decrypted { header, plaintext } = throwing(decrypted)?;
    Ok(Array::of2(&JsValue::from_str(&header), &Uint8Array::from(plaintext.as_slice())))
}

/// The header as JSON text, and the content as text.
fn inner_token(decrypted: Result<Decrypted, Error>) -> Thrown<Array> {
    let Decrypted { header, plaintext } = throwing(decrypted)?;
    let token = core::str::from_utf8(&plaintext).unwrap_or_default();
    Ok(Array::of2(&JsValue::from_str(&header), &JsValue::from_str(token)))
}
