//! Runs every encryption case of `tests/vectors` on the native build. All runtimes run the same cases.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::jwe::{
    Algorithm, DecryptOptions, DecryptionKeys, EncryptJsonOptions, EncryptOptions, Encryption, EncryptionKey,
    KeyOptions, Keys, PasswordOptions, decrypt, decrypt_and_verify, decrypt_claims, decrypt_json, encrypt,
    encrypt_json,
};
use countersign::jwt::{Jwk, Key, KeyForm, KeyOptions as SigningKeyOptions, Verifier, VerifyOptions};
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
            run += 1;
            let actual = match answer(case, &table) {
                Ok(value) => json!({ "ok": value }),
                Err(error) => json!({ "error": described(&error) }),
            };
            if actual != case["expect"] {
                failures.push(format!("{}\n  expected {}\n  got      {actual}", case["name"], case["expect"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {run} cases failed:\n{}", failures.len(), failures.join("\n"));
    assert!(200 < run, "only {run} cases were found");
}

fn vector_files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let of_encryption = path.file_name().unwrap().to_string_lossy().starts_with("jwe-");
        path.extension().is_some_and(|extension| extension == "json") && of_encryption
    });
    files.sort();
    files
}

fn described(error: &Error) -> Value {
    let mut fields = json!({ "code": error.code().as_str(), "message": error.to_string() });
    if let Some(claim) = error.claim() {
        fields["claim"] = claim.into();
    }
    fields
}

fn answer(case: &Value, table: &Value) -> Result<Value, Error> {
    let text = |name: &str| case[name].as_str().unwrap_or_default();
    match text("op") {
        "decrypt" => {
            let options: DecryptOptions = options::read(object(&case["options"]))?;
            let decrypted = decrypt(text("token"), keys(case, table)?, &options)?;
            let header: Value = serde_json::from_str(&decrypted.header).unwrap();
            Ok(json!({ "header": header, "plaintext": core::str::from_utf8(&decrypted.plaintext).unwrap() }))
        }
        "decryptJson" => {
            let options: DecryptOptions = options::read(object(&case["options"]))?;
            let decrypted = decrypt_json(text("jwe"), keys(case, table)?, &options)?;
            let header: Value = serde_json::from_str(&decrypted.header).unwrap();
            let plaintext = core::str::from_utf8(&decrypted.plaintext).unwrap();
            let mut answer = json!({ "header": header, "plaintext": plaintext, "recipient": decrypted.recipient });
            if let Some(aad) = decrypted.aad {
                answer["aad"] = Base64UrlUnpadded::encode_string(&aad).into();
            }
            Ok(answer)
        }
        "encryptJson" => {
            let mut members = object(&case["options"]);
            let header = members.remove("header").map(|header| header.to_string());
            let unprotected = members.remove("unprotected").map(|header| header.to_string());
            let aad = members.remove("aad").map(|aad| decoded(aad.as_str().unwrap()));
            let options = EncryptJsonOptions { aad, header, unprotected, ..options::read(members)? };
            let specs = case["to"].as_array().unwrap();
            let made: Vec<EncryptionKey> = specs.iter().map(|spec| key(spec, table)).collect::<Result<_, _>>()?;
            let token = encrypt_json(text("plaintext").as_bytes(), &made.iter().collect::<Vec<_>>(), &options)?;
            for (index, key) in made.iter().enumerate() {
                let decrypted = decrypt_json(&token, key, &DecryptOptions::default())?;
                assert_eq!(*decrypted.plaintext, *text("plaintext").as_bytes());
                assert_eq!(decrypted.recipient, index);
            }
            Ok(shape(&serde_json::from_str(&token).unwrap()))
        }
        "decryptClaims" => {
            let options: VerifyOptions = options::read(object(&case["options"]))?;
            let decrypted = decrypt_claims(text("token"), keys(case, table)?, &options, case["now"].as_f64().unwrap())?;
            let [header, claims]: [Value; 2] =
                [&decrypted.header, &decrypted.claims].map(|text| serde_json::from_str(text).unwrap());
            Ok(json!({ "header": header, "claims": claims }))
        }
        "decryptAndVerify" => {
            let options: DecryptOptions = options::read(object(&case["options"]))?;
            let jwk: Jwk = serde_json::from_value(case["signer"].clone()).unwrap();
            let signer = Key::from_jwk(&jwk, None, &SigningKeyOptions::default())?;
            let verifier = Verifier::new(&signer, &VerifyOptions::default())?;
            let now = case["now"].as_f64().unwrap();
            let nested = decrypt_and_verify(text("token"), keys(case, table)?, &verifier, now, &options)?;
            let outer: Value = serde_json::from_str(&nested.outer_header).unwrap();
            let inner: Value = serde_json::from_str(&nested.verified.to_json()).unwrap();
            Ok(json!({ "outerHeader": outer, "verified": inner }))
        }
        "encrypt" => {
            let mut members = object(&case["options"]);
            let header = members.remove("header").map(|header| header.to_string());
            let options = EncryptOptions { header, ..options::read(members)? };
            let key = key(&case["key"], table)?;
            let token = encrypt(text("plaintext").as_bytes(), &key, &options)?;
            let mut header: Value = serde_json::from_slice(&decoded(token.split('.').next().unwrap())).unwrap();
            let decrypted = decrypt(&token, &key, &DecryptOptions::default())?;
            assert_eq!(*decrypted.plaintext, *text("plaintext").as_bytes());
            for drawn in ["epk", "iv", "p2s", "tag"] {
                if header.as_object_mut().unwrap().remove(drawn).is_some() {
                    header[drawn] = json!("<drawn>");
                }
            }
            Ok(header)
        }
        "importEncryptionKey" => {
            let key = key(&case["key"], table)?;
            let key = if case["as"] == "public" { key.public_key()? } else { key };
            let enc = key.algorithm().encryption().map(Encryption::name);
            let (alg, kind) = (key.algorithm().name(), key.key_type().name());
            Ok(json!({ "alg": alg, "enc": enc, "kid": key.kid(), "type": kind }))
        }
        "exportEncryptionKey" => {
            let private = case["private"].as_bool().unwrap_or(false);
            let key = key(&case["key"], table)?;
            if case["form"] == "pem" {
                return key.to_pem(KeyForm::named(None, private)?).map(Value::from);
            }
            key.to_jwk(private).map(|jwk| serde_json::to_value(jwk).unwrap())
        }
        other => panic!("unknown op {other:?}"),
    }
}

/// A token in JSON without what was drawn at random: its protected header decoded, and the names of its members.
fn shape(token: &Value) -> Value {
    let header = |value: &mut Value| {
        for drawn in ["epk", "iv", "p2s", "tag"] {
            if value.as_object_mut().unwrap().remove(drawn).is_some() {
                value[drawn] = json!("<drawn>");
            }
        }
    };
    let mut shape = Map::new();
    for (name, value) in object(token) {
        let value = match name.as_str() {
            "protected" => {
                let mut protected = serde_json::from_slice(&decoded(value.as_str().unwrap())).unwrap();
                header(&mut protected);
                protected
            }
            "recipients" => {
                let mut recipients = value;
                for recipient in recipients.as_array_mut().unwrap() {
                    header(&mut recipient["header"]);
                    recipient["encrypted_key"] = json!("<drawn>");
                }
                recipients
            }
            "aad" | "unprotected" => value,
            _ => json!("<drawn>"),
        };
        shape.insert(name, value);
    }
    Value::Object(shape)
}

fn keys(case: &Value, table: &Value) -> Result<Keys, Error> {
    match case.get("keys") {
        Some(specs) => {
            let keys: Result<Vec<_>, Error> = specs.as_array().unwrap().iter().map(|spec| key(spec, table)).collect();
            // In JavaScript, the set is made when it is used.
            Ok(Keys::from(&DecryptionKeys::new(keys?)?))
        }
        None => Ok(Keys::from(&key(&case["key"], table)?)),
    }
}

fn key(spec: &Value, table: &Value) -> Result<EncryptionKey, Error> {
    let spec = spec.as_str().map_or(spec, |name| &table[name]);
    let enc = spec.get("enc").map(|enc| enc.as_str().unwrap().parse()).transpose()?;
    let algorithm = match spec.get("alg") {
        Some(alg) => Some(Algorithm::named(alg.as_str().unwrap(), enc)?),
        None => enc.map(Algorithm::Dir),
    };
    let kid = spec.get("kid").map(|kid| kid.as_str().unwrap().to_owned());
    let options = KeyOptions { kid: kid.clone() };
    if let Some(secret) = spec.get("secret") {
        EncryptionKey::from_secret(&decoded(secret.as_str().unwrap()), algorithm.unwrap(), &options)
    } else if let Some(password) = spec.get("password") {
        let iterations = spec.get("iterations").map(|count| usize::try_from(count.as_u64().unwrap()).unwrap());
        let options = PasswordOptions { iterations, kid };
        EncryptionKey::from_password(password.as_str().unwrap().as_bytes(), algorithm.unwrap(), &options)
    } else if let Some(passphrase) = spec.get("passphrase").map(|text| text.as_str().unwrap().as_bytes()) {
        if let Some(pem) = spec.get("pem") {
            EncryptionKey::from_encrypted_pem(pem.as_str().unwrap(), passphrase, algorithm.unwrap(), &options)
        } else {
            let der = decoded(spec["der"].as_str().unwrap());
            EncryptionKey::from_encrypted_der(&der, passphrase, algorithm.unwrap(), &options)
        }
    } else if let Some(pem) = spec.get("certificate") {
        EncryptionKey::from_unverified_certificate_pem(pem.as_str().unwrap(), algorithm.unwrap(), &options)
    } else if let Some(der) = spec.get("certificateDer") {
        EncryptionKey::from_unverified_certificate(&decoded(der.as_str().unwrap()), algorithm.unwrap(), &options)
    } else if let Some(pem) = spec.get("pem") {
        EncryptionKey::from_pem(pem.as_str().unwrap(), algorithm.unwrap(), &options)
    } else if let Some(der) = spec.get("der") {
        EncryptionKey::from_der(&decoded(der.as_str().unwrap()), algorithm.unwrap(), &options)
    } else {
        EncryptionKey::from_jwk(&Jwk::from_members(object(&spec["jwk"]))?, algorithm, &options)
    }
}

fn decoded(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
