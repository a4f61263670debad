//! Runs the JWS operations of the vectors.

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::jwt::jws::{self, Require, SignOptions, Signatory, SignatoryOptions, VerifyOptions};
use countersign::jwt::{Key, Keys};
use countersign::{Error, options};
use serde_json::{Map, Value, json};

use super::{key, object};

pub(super) fn sign(case: &Value, table: &Value) -> Result<Value, Error> {
    let by = key(&case["key"], table)?;
    let mut members = object(&case["options"]);
    let header = taken_as_text(&mut members, "header");
    let options = SignOptions { header, ..options::read(members)? };
    jws::sign(&bytes(&case["payload"]), &by, &options).map(Value::from)
}

pub(super) fn verify(case: &Value, keys: Keys, now: f64) -> Result<Value, Error> {
    let detached = case.get("detached").map(bytes);
    let options = VerifyOptions { detached: detached.as_deref(), ..options::read(object(&case["options"]))? };
    let verified = jws::verify(case["jws"].as_str().unwrap(), keys, &options, now)?;
    Ok(json!({ "header": parsed(&verified.header), "payload": Base64UrlUnpadded::encode_string(&verified.payload) }))
}

pub(super) fn sign_json(case: &Value, table: &Value) -> Result<Value, Error> {
    let payload = bytes(&case["payload"]);
    let options = options::read(object(&case["options"]))?;
    let signatory = |(key, spec)| -> Result<Signatory<'_>, Error> {
        let mut members = object(spec);
        members.remove("key");
        let header = taken_as_text(&mut members, "header");
        let unprotected = taken_as_text(&mut members, "unprotected");
        Ok(Signatory { key, options: SignatoryOptions { header, unprotected, ..options::read(members)? } })
    };
    let text = match &case["signers"] {
        Value::Array(specs) => {
            let names: Vec<&Value> = specs.iter().map(|spec| &spec["key"]).collect();
            let made: Vec<Key> = names.iter().map(|name| key(name, table)).collect::<Result<_, _>>()?;
            // A key that a case names twice is the same key.
            let first = |index: usize| names.iter().position(|name| *name == names[index]).unwrap();
            let by = specs.iter().enumerate().map(|(index, spec)| signatory((&made[first(index)], spec)));
            jws::sign_general(&payload, &by.collect::<Result<Vec<_>, _>>()?, &options)?
        }
        spec => jws::sign_flattened(&payload, &signatory((&key(&spec["key"], table)?, spec))?, &options)?,
    };
    Ok(parsed(&text))
}

pub(super) fn verify_json(case: &Value, keys: Keys, now: f64) -> Result<Value, Error> {
    let detached = case.get("detached").map(bytes);
    let mut members = object(&case["options"]);
    let require = match members.remove("require") {
        Some(name) => name.as_str().unwrap().parse()?,
        None => Require::default(),
    };
    let options = VerifyOptions { detached: detached.as_deref(), ..options::read(members)? };
    let verified = jws::verify_json(case["jws"].as_str().unwrap(), keys, &options, require, now)?;
    Ok(json!({
        "payload": Base64UrlUnpadded::encode_string(&verified.payload),
        "signatures": parsed(&verified.signatures_to_json()?),
    }))
}

/// Options that are objects in JavaScript and JSON texts in Rust.
fn taken_as_text(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    members.remove(name).map(|value| value.to_string())
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(value.as_str().unwrap()).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
