//! Runs every token and key case of `tests/vectors` on the native build. All runtimes run the same cases.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod jws;

use std::fs;
use std::path::PathBuf;

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::jwt::{
    Algorithm, Jwk, Key, KeyForm, KeyOptions, KeySet, Keys, Member, Rejected, SignOptions, ThumbprintHash, Verified,
    VerifyOptions, decode_header_unverified, decode_unverified, judge_claims, sign, verify,
};
use countersign::{Error, options};
use serde_json::{Map, Value, json};

#[test]
fn every_case_has_the_expected_answer() {
    let mut run = 0;
    let mut failures = Vec::new();
    for file in vector_files() {
        let document: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let table = document.get("keys").cloned().unwrap_or_default();
        for case in document["cases"].as_array().unwrap() {
            let name = format!("{}: {}", file.file_stem().unwrap().to_string_lossy(), case["name"].as_str().unwrap());
            run += 1;
            if let Err(difference) = check(case, &table) {
                failures.push(format!("{name}\n{difference}"));
            }
        }
    }
    println!("{run} cases, {} failures", failures.len());
    assert!(run > 0);
    assert!(failures.is_empty(), "{} of {run} cases failed\n\n{}", failures.len(), failures.join("\n\n"));
}

/// The files with token and key cases. `tests/native/password.rs` runs those for passwords.
fn vector_files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        let of_others = name.starts_with("jwe-") || name.starts_with("password");
        path.extension().is_some_and(|extension| extension == "json") && !of_others
    });
    files.sort();
    files
}

fn check(case: &Value, table: &Value) -> Result<(), String> {
    let actual = match answer(case, table) {
        Ok(value) => json!({ "ok": value }),
        Err(error) => {
            let mut fields = json!({ "code": error.code().as_str(), "message": error.to_string() });
            if let Some(claim) = error.claim() {
                fields["claim"] = claim.into();
            }
            json!({ "error": fields })
        }
    };
    let expected = &case["expect"];
    let matches = match (&actual["ok"]["claims"]["jti"], &expected["ok"]["claims"]["jti"]) {
        (Value::String(jti), Value::String(wanted)) if wanted == "<jti>" => {
            let mut expected = expected.clone();
            expected["ok"]["claims"]["jti"] = jti.clone().into();
            jti.len() == 22 && same(&actual, &expected)
        }
        _ => same(&actual, expected),
    };
    if matches { Ok(()) } else { Err(format!("  expected {expected}\n  got      {actual}")) }
}

/// Equality as in JavaScript, where `1` and `1.0` are the same number.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

fn answer(case: &Value, table: &Value) -> Result<Value, Error> {
    let now = case["now"].as_f64().unwrap_or(0.0);
    let private = case["private"].as_bool().unwrap_or(false);
    let one_key = || key(&case["key"], table);
    let text = |name: &str| case[name].as_str().unwrap_or_default();
    let claims = || serde_json::to_string(&case["claims"]).unwrap();
    match text("op") {
        "verify" => {
            let options: VerifyOptions = options::read(object(&case["options"]))?;
            verify(text("token"), keys(case, table)?, &options, now).map(|verified| parts(&verified))
        }
        "decode" => decode_unverified(text("token")).map(|verified| parts(&verified)),
        "decodeHeader" => decode_header_unverified(text("token")).map(|json| serde_json::from_str(&json).unwrap()),
        "judge" => {
            let options: VerifyOptions = options::read(object(&case["options"]))?;
            judge_claims(&claims(), &options, now).map(|()| Value::Null)
        }
        "sign" => {
            let options = sign_options(case)?;
            sign(&claims(), &one_key()?, &options, now).map(Value::from)
        }
        "signClaims" => {
            let options = sign_options(case)?;
            let token = sign(&claims(), &one_key()?, &options, now)?;
            decode_unverified(&token).map(|verified| parts(&verified))
        }
        "issue" => {
            let token = sign(&claims(), &one_key()?, &sign_options(case)?, now)?;
            verify(&token, &one_key()?.public_key()?, &VerifyOptions::default(), now).map(|verified| parts(&verified))
        }
        "importKey" => {
            let key = one_key()?;
            let key = if case["as"] == "public" { key.public_key()? } else { key };
            Ok(json!({ "alg": key.algorithm().name(), "kid": key.kid(), "type": key.key_type().name() }))
        }
        "thumbprint" => {
            let hash: ThumbprintHash = case["hash"].as_str().unwrap_or("sha256").parse()?;
            Ok(one_key()?.thumbprint(hash)?.into())
        }
        "exportJwk" => one_key()?.to_jwk(private).map(|jwk| serde_json::to_value(jwk).unwrap()),
        "exportPem" => one_key()?.to_pem_form(key_form(case)?).map(Value::from),
        "exportDer" => one_key()?.to_der(key_form(case)?).map(|der| Base64UrlUnpadded::encode_string(&der).into()),
        "keySet" => match keys(case, table)? {
            Keys::Set(set) => Ok(json!({ "keys": set.to_jwks(now)? })),
            Keys::One(_) => panic!("a keySet case names a set"),
        },
        "rejectedKeys" => match keys(case, table)? {
            Keys::Set(set) => Ok(set.rejected().iter().map(rejected).collect()),
            Keys::One(_) => panic!("a rejectedKeys case names a set"),
        },
        "signJws" => jws::sign(case, table),
        "verifyJws" => jws::verify(case, keys(case, table)?, now),
        "signJwsJson" => jws::sign_json(case, table),
        "verifyJwsJson" => jws::verify_json(case, keys(case, table)?, now),
        other => panic!("unknown op {other:?}"),
    }
}

/// The options for signing. `header` is an object in JavaScript and a JSON text in Rust.
fn sign_options(case: &Value) -> Result<SignOptions, Error> {
    let mut members = object(&case["options"]);
    let header = members.remove("header").map(|header| header.to_string());
    Ok(SignOptions { header, ..options::read(members)? })
}

fn rejected(rejected: &Rejected) -> Value {
    let Rejected { index, kid, error, .. } = rejected;
    json!({ "index": index, "kid": kid, "code": error.code().as_str(), "message": error.to_string() })
}

/// The format of a document: the one that the case names, or the default for private or public keys.
fn key_form(case: &Value) -> Result<KeyForm, Error> {
    KeyForm::named(case["format"].as_str(), case["private"].as_bool().unwrap_or(false))
}

fn parts(verified: &Verified) -> Value {
    serde_json::from_str(&verified.to_json()).unwrap()
}

fn keys(case: &Value, table: &Value) -> Result<Keys, Error> {
    keys_of(case.get("keys").or_else(|| case.get("key")).unwrap(), table)
}

fn keys_of(spec: &Value, table: &Value) -> Result<Keys, Error> {
    if let Some(several) = spec.get("several") {
        let sources: Result<Vec<Keys>, Error> =
            several.as_array().unwrap().iter().map(|spec| keys_of(spec, table)).collect();
        return Keys::by_algorithm(sources?);
    }
    if let Some(specs) = spec.get("set") {
        let keys: Result<Vec<Member>, Error> =
            specs.as_array().unwrap().iter().map(|spec| member(spec, table)).collect();
        return KeySet::new(keys?).map(Keys::Set);
    }
    if let Some(jwks) = spec.get("jwks") {
        let Some(values) = jwks["keys"].as_array() else {
            return Ok(Keys::Set(KeySet::from_jwks([], None)?));
        };
        let algorithm = spec["alg"].as_str().map(str::parse).transpose()?;
        return KeySet::from_jwks(values.iter().map(jwk), algorithm).map(Keys::Set);
    }
    key(spec, table).map(|key| Keys::from(&key))
}

fn member(spec: &Value, table: &Value) -> Result<Member, Error> {
    match spec.get("until") {
        Some(until) => Ok(Member::until(&key(&spec["key"], table)?, until.as_f64().unwrap())),
        None => key(spec, table).map(Member::from),
    }
}

fn key(spec: &Value, table: &Value) -> Result<Key, Error> {
    let spec = spec.as_str().map_or(spec, |name| &table[name]);
    let algorithm = || spec["alg"].as_str().unwrap_or_default().parse::<Algorithm>();
    let mut members = object(spec);
    for name in ["alg", "certificate", "certificateDer", "der", "jwk", "passphrase", "pem", "secret", "secretText"] {
        members.remove(name);
    }
    let options: KeyOptions = options::read(members)?;
    let bytes = |name: &str| Base64UrlUnpadded::decode_vec(spec[name].as_str().unwrap()).unwrap();
    let text = |name: &str| spec.get(name).map(|text| text.as_str().unwrap());
    if let Some(passphrase) = text("passphrase").map(str::as_bytes) {
        return match text("pem") {
            Some(pem) => Key::from_encrypted_pem(pem, passphrase, algorithm()?, &options),
            None => Key::from_encrypted_der(&bytes("der"), passphrase, algorithm()?, &options),
        };
    }
    if let Some(pem) = text("certificate") {
        Key::from_unverified_certificate_pem(pem, algorithm()?, &options)
    } else if spec.get("certificateDer").is_some() {
        Key::from_unverified_certificate(&bytes("certificateDer"), algorithm()?, &options)
    } else if spec.get("secret").is_some() {
        Key::from_secret(&bytes("secret"), algorithm()?, &options)
    } else if let Some(text) = spec.get("secretText") {
        Key::from_secret(text.as_str().unwrap().as_bytes(), algorithm()?, &options)
    } else if let Some(pem) = spec.get("pem") {
        Key::from_pem(pem.as_str().unwrap(), algorithm()?, &options)
    } else if spec.get("der").is_some() {
        Key::from_der(&bytes("der"), algorithm()?, &options)
    } else {
        let algorithm = if spec.get("alg").is_some() { Some(algorithm()?) } else { None };
        Key::from_jwk(&jwk(&spec["jwk"])?, algorithm, &options)
    }
}

fn jwk(value: &Value) -> Result<Jwk, Error> {
    match value {
        Value::Object(members) => Jwk::from_members(members.clone()),
        _ => Jwk::from_members([("kty".to_owned(), Value::Null)]),
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
