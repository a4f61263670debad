//! Verifying any text as a JWS gives a result or an error. Every accepted JWS was signed by the key, and the returned
//! payload is the signed one.

#![no_main]

mod base64url;
mod edit;

use std::sync::LazyLock;

use countersign::jwt::jws::{Require, VerifyOptions, verify, verify_json};
use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use sha2::Sha256;

use base64url::base64url;
use edit::{Edit, edited};

const SECRETS: [[u8; 32]; 2] = [[7; 32], [9; 32]];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    jws: Jws<'a>,
    crit: bool,
    all: bool,
    detached: Option<&'a [u8]>,
}

#[derive(Arbitrary, Debug)]
enum Jws<'a> {
    /// A valid JWS in one of three forms, altered.
    Edited(Form, bool, Vec<Edit<'a>>),
    /// Any header and payload, correctly signed.
    Signed(&'a [u8], &'a str),
    /// Any protected and unprotected headers, correctly signed.
    General(&'a str, Vec<(&'a [u8], Option<&'a str>)>),
    Text(&'a str),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Form {
    Compact,
    Flattened,
    General,
}

static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let named = |index: usize| {
        let options = KeyOptions { kid: Some(index.to_string()), ..Default::default() };
        Key::from_secret(&SECRETS[index], Algorithm::Hs256, &options).expect("a key")
    };
    KeySet::new([&named(0), &named(1)]).expect("a set")
});

/// Signs with the primitive, without the library under test.
fn signature(key: usize, header: &str, payload: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(&SECRETS[key]).expect("a key of any length");
    let input = [header.as_bytes(), b".", payload].concat();
    base64url(&mac.chain_update(input).finalize().into_bytes())
}

fn header(key: usize, encoded: bool) -> String {
    let text = if encoded { "" } else { r#","b64":false,"crit":["b64"]"# };
    base64url(format!(r#"{{"alg":"HS256","kid":"{key}"{text}}}"#).as_bytes())
}

fn good(form: Form, encoded: bool) -> String {
    let payload = if encoded { base64url(b"any text") } else { "any text".into() };
    let one = |key| {
        let header = header(key, encoded);
        json!({ "protected": header, "signature": signature(key, &header, payload.as_bytes()) })
    };
    match form {
        Form::Compact => {
            let header = header(0, encoded);
            format!("{header}.{payload}.{}", signature(0, &header, payload.as_bytes()))
        }
        Form::Flattened => {
            let mut document = one(1);
            document["payload"] = payload.into();
            document.to_string()
        }
        Form::General => json!({ "payload": payload, "signatures": [one(0), one(1)] }).to_string(),
    }
}

fuzz_target!(|input: Input<'_>| {
    let jws = match &input.jws {
        Jws::Edited(form, encoded, edits) => edited(&good(*form, *encoded), edits),
        Jws::Signed(header, payload) => {
            let header = base64url(header);
            format!("{header}.{payload}.{}", signature(0, &header, payload.as_bytes()))
        }
        Jws::General(payload, signatures) => {
            let signatures: Vec<Value> = signatures
                .iter()
                .enumerate()
                .map(|(index, (protected, unprotected))| {
                    let protected = base64url(protected);
                    let signature = signature(index % 2, &protected, payload.as_bytes());
                    let mut one = json!({ "protected": protected, "signature": signature });
                    if let Some(header) = unprotected.and_then(|text| serde_json::from_str(text).ok()) {
                        one["header"] = header;
                    }
                    one
                })
                .collect();
            json!({ "payload": payload, "signatures": signatures }).to_string()
        }
        Jws::Text(text) => (*text).to_owned(),
    };
    let crit = input.crit.then(|| vec!["exp".to_owned()]);
    let options = VerifyOptions { crit, detached: input.detached, ..Default::default() };
    if let Ok(verified) = verify(&jws, &*KEYS, &options, 0.0) {
        let (signed, made) = jws.rsplit_once('.').expect("three segments");
        let (protected, attached) = signed.split_once('.').expect("three segments");
        check_header(&verified.header, protected, input.crit);
        check_payload(&verified.header, &verified.payload, Some(attached), input.detached);
        check_signature(&verified.header, protected, &verified.payload, made);
    }
    let require = if input.all { Require::All } else { Require::Any };
    if let Ok(verified) = verify_json(&jws, &*KEYS, &options, require, 0.0) {
        let document: Value = serde_json::from_str(&jws).expect("JSON");
        let signatures = document["signatures"].as_array().cloned().unwrap_or_else(|| vec![document.clone()]);
        assert!(!verified.signatures.is_empty(), "none held");
        assert!(!input.all || verified.signatures.len() == signatures.len(), "not all held");
        for held in &verified.signatures {
            let one = &signatures[held.index];
            let protected = one["protected"].as_str().expect("a protected header");
            check_header(&held.header, protected, input.crit);
            check_payload(&held.header, &verified.payload, document["payload"].as_str(), input.detached);
            let made = one["signature"].as_str().expect("a signature");
            check_signature_by(held.kid.as_deref(), &held.header, protected, &verified.payload, made);
        }
        let mut kids: Vec<_> = verified.signatures.iter().map(|held| &held.kid).collect();
        kids.sort();
        kids.dedup();
        assert_eq!(kids.len(), verified.signatures.len(), "a key counted twice");
    }
});

/// What must be true of every accepted header.
fn check_header(header: &str, protected: &str, crit: bool) {
    assert_eq!(protected, base64url(header.as_bytes()));
    let header: Value = serde_json::from_str(header).expect("JSON");
    assert_eq!(header["alg"], "HS256");
    assert!(header.get("zip").is_none());
    for name in header["crit"].as_array().into_iter().flatten() {
        assert!(name == "b64" || crit && name == "exp", "an extension nobody understands");
    }
}

/// The payload is either the one in the JWS or the detached one, never both.
fn check_payload(header: &str, payload: &[u8], attached: Option<&str>, detached: Option<&[u8]>) {
    match detached {
        Some(detached) => {
            assert!(attached.unwrap_or_default().is_empty(), "two payloads");
            assert_eq!(payload, detached);
        }
        None if is_encoded(header) => assert_eq!(base64url(payload), attached.expect("a payload")),
        None => assert_eq!(payload, attached.expect("a payload").as_bytes()),
    }
}

fn check_signature(header: &str, protected: &str, payload: &[u8], made: &str) {
    let kid = serde_json::from_str::<Value>(header).expect("JSON")["kid"].as_str().map(str::to_owned);
    check_signature_by(kid.as_deref(), header, protected, payload, made);
}

fn check_signature_by(kid: Option<&str>, header: &str, protected: &str, payload: &[u8], made: &str) {
    let key = kid.expect("a key of the set").parse().expect("its name");
    let signed = if is_encoded(header) { base64url(payload).into_bytes() } else { payload.to_vec() };
    assert_eq!(made, signature(key, protected, &signed), "nobody signed this");
}

fn is_encoded(header: &str) -> bool {
    let header: Value = serde_json::from_str(header).expect("JSON");
    let encoded = header.get("b64").is_none_or(|b64| b64.as_bool().expect("a boolean"));
    assert!(encoded || header["crit"].as_array().expect("critical").iter().any(|name| name == "b64"));
    encoded
}
