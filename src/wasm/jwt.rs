//! Tokens and keys across the boundary. Claims and headers cross as JSON text, which `JSON.parse` reads without giving
//! a `__proto__` claim any power; options and JWKs as objects.

use std::borrow::Cow;

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::desk;
use super::document::{Document, form, with_alg, write_der, write_pem};
use super::error::throwing;
use super::jwk::{private, read_jwk, write_jwk};
use super::object::{elements_up_to, members};
use super::options::{Field, decode_signing, decode_with_now, fields, take};
use super::token::bounded;
use crate::jwt::rules::MAX_TOKEN_LENGTH;
use crate::jwt::verify::Checked;
use crate::jwt::{
    Algorithm, Key, KeyOptions, KeySet, Keys, Member as SetMember, Rejected, Signer, ThumbprintHash, Verified,
    Verifier, VerifyOptions, decode_unverified as decode_token,
};
use crate::{Error, ErrorCode};

pub(super) type Thrown<T> = Result<T, JsValue>;

/// The options of every key import but that of documents: the algorithm, and what the core takes.
fn import_options(options: &JsValue) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    let [alg, allow_short, kid] = fields(options, ["alg", "allowShort", "kid"])?;
    read_import([alg, allow_short, kid])
}

fn import_options_with_alg(options: &JsValue) -> Result<(Algorithm, KeyOptions), Error> {
    with_alg(import_options(options)?)
}

/// Those of documents, whose passphrase comes as bytes beside them.
fn document_options(options: &JsValue) -> Result<(Algorithm, KeyOptions), Error> {
    let [alg, allow_short, kid, _] = fields(options, ["alg", "allowShort", "kid", "passphrase"])?;
    with_alg(read_import([alg, allow_short, kid])?)
}

fn read_import([alg, allow_short, kid]: [Field; 3]) -> Result<(Option<Algorithm>, KeyOptions), Error> {
    let algorithm = alg.text()?.map(|name| name.parse()).transpose()?;
    Ok((algorithm, KeyOptions { allow_short: allow_short.truth()?, kid: kid.text()?, modulus_length: None }))
}

fn generate_options(options: &JsValue) -> Result<KeyOptions, Error> {
    let [kid, modulus_length] = fields(options, ["kid", "modulusLength"])?;
    Ok(KeyOptions { kid: kid.text()?, modulus_length: modulus_length.size()?, allow_short: None })
}

/// A key, behind a handle.
#[wasm_bindgen]
pub struct RawKey(pub(super) Key);

#[wasm_bindgen]
impl RawKey {
    pub fn from_secret(secret: Vec<u8>, options: &JsValue) -> Thrown<RawKey> {
        let secret = Zeroizing::new(secret);
        key(import_options_with_alg(options).and_then(|(alg, options)| Key::from_secret(&secret, alg, &options)))
    }

    /// Takes bytes: a string that is not ASCII would be copied more than once on its way, and not all of it wiped.
    pub fn from_pem(pem: Vec<u8>, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<RawKey> {
        let document = Document::new(pem, passphrase);
        key(document_options(options).and_then(|(alg, options)| match document.passphrase() {
            Some(passphrase) => Key::from_encrypted_pem(document.text(), passphrase, alg, &options),
            None => Key::from_pem(document.text(), alg, &options),
        }))
    }

    pub fn from_der(der: Vec<u8>, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<RawKey> {
        let document = Document::new(der, passphrase);
        key(document_options(options).and_then(|(alg, options)| match document.passphrase() {
            Some(passphrase) => Key::from_encrypted_der(document.bytes(), passphrase, alg, &options),
            None => Key::from_der(document.bytes(), alg, &options),
        }))
    }

    pub fn from_unverified_certificate(certificate: &[u8], options: &JsValue) -> Thrown<RawKey> {
        key(import_options_with_alg(options)
            .and_then(|(alg, options)| Key::from_unverified_certificate(certificate, alg, &options)))
    }

    pub fn from_unverified_certificate_pem(text: &str, options: &JsValue) -> Thrown<RawKey> {
        key(import_options_with_alg(options)
            .and_then(|(alg, options)| Key::from_unverified_certificate_pem(text, alg, &options)))
    }

    pub fn from_jwk(jwk: &JsValue, options: &JsValue) -> Thrown<RawKey> {
        key(import_options(options).and_then(|(alg, options)| Key::from_jwk(&read_jwk(jwk)?, alg, &options)))
    }

    /// The bits of the RSA key that `generate` would make, for who lets the platform make it; nothing for other keys.
    pub fn modulus_length(alg: &str, options: &JsValue) -> Thrown<Option<usize>> {
        throwing(alg.parse().and_then(|alg| Key::modulus_length(alg, &generate_options(options)?)))
    }

    pub fn generate(alg: &str, options: &JsValue) -> Thrown<RawKey> {
        key(alg.parse().and_then(|alg| Key::generate(alg, &generate_options(options)?)))
    }

    pub fn alg(&self) -> String {
        self.0.algorithm().name().into()
    }

    pub fn kid(&self) -> Option<String> {
        self.0.kid().map(Into::into)
    }

    pub fn kind(&self) -> String {
        self.0.key_type().name().into()
    }

    pub fn public_key(&self) -> Thrown<RawKey> {
        key(self.0.public_key())
    }

    pub fn to_jwk(&self, options: &JsValue) -> Thrown<JsValue> {
        write_jwk(&throwing(private(options).and_then(|private| self.0.to_jwk(private)))?)
    }

    pub fn to_pem(&self, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<JsString> {
        let passphrase = passphrase.map(Zeroizing::new);
        write_pem(form(options).and_then(|form| match passphrase {
            Some(passphrase) => form.encrypted().and_then(|()| self.0.to_encrypted_pem(&passphrase)),
            None => self.0.to_pem_form(form),
        }))
    }

    pub fn to_der(&self, passphrase: Option<Vec<u8>>, options: &JsValue) -> Thrown<Uint8Array> {
        let passphrase = passphrase.map(Zeroizing::new);
        write_der(form(options).and_then(|form| match passphrase {
            Some(passphrase) => form.encrypted().and_then(|()| self.0.to_encrypted_der(&passphrase)),
            None => self.0.to_der(form),
        }))
    }

    pub fn thumbprint(&self, hash: &str) -> Thrown<String> {
        throwing(hash.parse().map(|hash: ThumbprintHash| self.0.thumbprint(hash)))
    }
}

/// The keys a verifier is made with, gathered one by one.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawKeySet {
    gathered: Vec<SetMember>,
    pub(super) set: KeySet,
}

#[wasm_bindgen]
impl RawKeySet {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn from_jwks(jwks: &JsValue, options: &JsValue) -> Thrown<RawKeySet> {
        let set = jwk_values(jwks).and_then(|values| {
            let [alg] = fields(options, ["alg"])?;
            let algorithm = alg.text()?.map(|name| name.parse()).transpose()?;
            KeySet::from_jwks(values.iter().map(read_jwk), algorithm)
        });
        throwing(set.map(|set| Self { gathered: Vec::new(), set }))
    }

    /// Without an end, or until so many milliseconds since the Unix epoch.
    pub fn add(&mut self, key: &RawKey, until: Option<f64>) {
        self.gathered.push(match until {
            Some(milliseconds) => SetMember::until(&key.0, milliseconds / 1000.0),
            None => SetMember::from(&key.0),
        });
    }

    pub fn seal(&mut self) -> Thrown<()> {
        self.set = throwing(KeySet::new(core::mem::take(&mut self.gathered)))?;
        Ok(())
    }

    pub fn to_jwks(&self) -> Thrown<Array> {
        throwing(self.set.to_jwks(clock()))?.iter().map(write_jwk).collect()
    }

    /// The parts of each: index, `kid`, code, message.
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

/// A signer, and the fixed time it was given, if any.
#[wasm_bindgen]
pub struct RawSigner {
    signer: Signer,
    now: Option<f64>,
}

#[wasm_bindgen]
impl RawSigner {
    #[wasm_bindgen(constructor)]
    pub fn new(key: &RawKey, options: &JsValue) -> Thrown<RawSigner> {
        throwing(
            decode_signing(options).and_then(|(options, now)| Ok(Self { signer: Signer::new(&key.0, &options)?, now })),
        )
    }

    /// Signs the claims of `length` bytes on the desk, at `clock` milliseconds since the Unix epoch. The answer, on the
    /// desk, is the token.
    pub fn sign(&self, length: usize, clock: f64) -> i32 {
        let now = self.now.unwrap_or(clock / 1000.0);
        desk::answer(length, |claims, _| self.signer.sign(claims, now).map(Cow::Owned))
    }

    /// Signs with options over the signer's own.
    pub fn sign_with(&self, claims: &str, options: &JsValue) -> Thrown<String> {
        throwing(
            decode_signing(options).and_then(|(options, now)| {
                self.signer.with(options)?.sign(claims, now.or(self.now).unwrap_or_else(clock))
            }),
        )
    }
}

/// A verifier, and the fixed time it was given, if any.
#[wasm_bindgen]
pub struct RawVerifier {
    verifier: Verifier,
    now: Option<f64>,
}

#[wasm_bindgen]
impl RawVerifier {
    pub fn with_key(key: &RawKey, options: &JsValue) -> Thrown<RawVerifier> {
        verifier(&key.0, options)
    }

    pub fn with_set(set: &RawKeySet, options: &JsValue) -> Thrown<RawVerifier> {
        verifier(&set.set, options)
    }

    /// The same options and fixed time, and other keys.
    pub fn over(&self, set: &RawKeySet) -> Thrown<RawVerifier> {
        throwing(self.verifier.with_keys(&set.set).map(|verifier| Self { verifier, now: self.now }))
    }

    pub fn max_token_length(&self) -> usize {
        self.verifier.max_token_length()
    }

    /// Checks the token of `length` bytes on the desk, at `clock` milliseconds since the Unix epoch. The answer, on the
    /// desk, is the JSON text of `[claims, header]`, or of `claims` where the header is, to the letter, the first that this
    /// verifier answered with.
    pub fn verify(&self, length: usize, clock: f64) -> i32 {
        let now = self.now.unwrap_or(clock / 1000.0);
        desk::answer(length, |token, room| {
            Ok(match self.verifier.check(token, now, room)? {
                Checked { header: None, claims } => Cow::Borrowed(claims),
                Checked { header: Some(header), claims } => Cow::Owned(["[", claims, ",", &header, "]"].concat()),
            })
        })
    }

    /// Checks with options over the verifier's own.
    pub fn verify_with(&self, token: &JsString, options: &JsValue) -> Thrown<String> {
        answer(decode_with_now::<VerifyOptions>(options).and_then(|(options, now)| {
            let verifier = self.verifier.with(options)?;
            let token = bounded(token, verifier.max_token_length())?;
            verifier.verify(&token, now.or(self.now).unwrap_or_else(clock))
        }))
    }
}

/// The header and claims of a token nobody has checked, as the JSON text of `{ header, claims }`.
#[wasm_bindgen]
pub fn decode_unverified(token: &JsString) -> Thrown<String> {
    answer(bounded(token, MAX_TOKEN_LENGTH).and_then(|token| decode_token(&token)))
}

fn verifier(keys: impl Into<Keys>, options: &JsValue) -> Thrown<RawVerifier> {
    throwing(
        decode_with_now::<VerifyOptions>(options)
            .and_then(|(options, now)| Ok(RawVerifier { verifier: Verifier::new(keys, &options)?, now })),
    )
}

fn key(key: Result<Key, Error>) -> Thrown<RawKey> {
    throwing(key.map(RawKey))
}

fn jwk_values(jwks: &JsValue) -> Result<Vec<JsValue>, Error> {
    let invalid = || Error::new(ErrorCode::KeyInvalid, "JWKS has no \"keys\" array");
    // Its own: what every object inherits from a polluted prototype is nobody's key set.
    let keys = take(&mut members(jwks).map_err(|_| invalid())?, "keys").unwrap_or_default();
    elements_up_to(u32::MAX, &keys).ok_or_else(invalid)
}

fn answer(verified: Result<Verified, Error>) -> Thrown<String> {
    throwing(verified.map(|verified| verified.to_json()))
}

pub(super) fn clock() -> f64 {
    js_sys::Date::now() / 1000.0
}
