//! ML-DSA against the vectors of NIST's ACVP. Those of Wycheproof are in `tests/wycheproof`, and those of RFC 9964 among the
//! vectors for all runtimes.
//!
//! ACVP's cases for signing and verifying are for the internal functions (FIPS 204 §6), which put no context before the message.
//! No token leads there, so the crate `ml-dsa` is asked, which computes all our signatures.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::jwt::{Algorithm, Key, KeyForm, KeyOptions, Keys, SignOptions, VerifyOptions, sign, verify};
use ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

const NOW: f64 = 1_800_000_000.0;

#[test]
fn makes_the_public_keys_of_acvp() {
    let document: Value = serde_json::from_str(include_str!("acvp-ml-dsa-key-gen.json")).unwrap();
    let tests = document["tests"].as_array().unwrap();
    for test in tests {
        let algorithm: Algorithm = test["alg"].as_str().unwrap().parse().unwrap();
        let key =
            Key::from_der(&pkcs8(algorithm, &bytes(test["seed"].as_str().unwrap())), algorithm, &options()).unwrap();
        let public = Base64UrlUnpadded::decode_vec(key.to_jwk(false).unwrap().pub_.as_deref().unwrap()).unwrap();
        assert_eq!(Sha256::digest(public).as_slice(), bytes(test["sha256"].as_str().unwrap()), "{test}");
    }
    assert_eq!(tests.len(), 75);
}

#[test]
fn verifies_the_signatures_of_acvp() {
    let document: Value = serde_json::from_str(include_str!("acvp-ml-dsa-sig-ver.json")).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for group in document["groups"].as_array().unwrap() {
        let verifies = match text(group, "alg") {
            "ML-DSA-44" => verifies::<MlDsa44>,
            "ML-DSA-65" => verifies::<MlDsa65>,
            _ => verifies::<MlDsa87>,
        };
        for test in group["tests"].as_array().unwrap() {
            let expected = test["testPassed"].as_bool().unwrap();
            let [key, message, signature] =
                [(group, "pk"), (test, "message"), (test, "signature")].map(|(of, name)| decoded(of, name));
            assert_eq!(verifies(&key, &message, &signature), expected, "{}: {}", test["tcId"], test["reason"]);
            *(if expected { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert_eq!((accepted, refused), (9, 36));
}

fn verifies<P: MlDsaParams>(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = VerifyingKey::<P>::decode(key.try_into().unwrap());
    Signature::<P>::try_from(signature).is_ok_and(|signature| key.verify_internal(message, &signature))
}

#[test]
fn makes_the_signatures_of_acvp() {
    let document: Value = serde_json::from_str(include_str!("acvp-ml-dsa-sig-gen.json")).unwrap();
    let tests = document["tests"].as_array().unwrap();
    for test in tests {
        let signs = match text(test, "alg") {
            "ML-DSA-44" => signs::<MlDsa44>,
            "ML-DSA-65" => signs::<MlDsa65>,
            _ => signs::<MlDsa87>,
        };
        let signature = signs(&decoded(test, "sk"), &decoded(test, "message"), &decoded(test, "rnd"));
        assert_eq!(Sha256::digest(signature).as_slice(), bytes(text(test, "sha256")), "{}", test["tcId"]);
    }
    assert_eq!(tests.len(), 18);
}

#[expect(deprecated, reason = "the only form in which the crate takes an expanded key, and ACVP has no other")]
fn signs<P: MlDsaParams>(key: &[u8], message: &[u8], random: &[u8]) -> Vec<u8> {
    let key = ExpandedSigningKey::<P>::from_expanded(key.try_into().unwrap());
    key.sign_internal(&[message], random.try_into().unwrap()).encode().to_vec()
}

#[test]
fn signs_tokens_that_only_its_key_verifies() {
    for algorithm in [Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87] {
        let [key, other] = [(); 2].map(|()| Key::generate(algorithm, &options()).unwrap());
        let token = sign(r#"{"sub":"alice"}"#, &key, &SignOptions::default(), NOW).unwrap();
        let checked = |key: &Key| verify(&token, Keys::from(key), &VerifyOptions::default(), NOW);
        assert!(checked(&key).is_ok() && checked(&key.public_key().unwrap()).is_ok());
        assert_eq!(checked(&other).unwrap_err().code().as_str(), "TOKEN_SIGNATURE_INVALID");
        assert_ne!(token, sign(r#"{"sub":"alice"}"#, &key, &SignOptions::default(), NOW).unwrap());
        assert_eq!(format!("{key:?}"), format!("Key({algorithm})"));
        let pkcs8 = key.to_der(KeyForm::Pkcs8).unwrap();
        assert_eq!(pkcs8.len(), 54);
        assert!(key.to_der(KeyForm::Sec1).is_err() && key.to_der(KeyForm::Pkcs1Private).is_err());
    }
}

fn options() -> KeyOptions {
    KeyOptions::default()
}

/// A seed in PKCS#8 (RFC 9881 §6).
fn pkcs8(algorithm: Algorithm, seed: &[u8]) -> Vec<u8> {
    let set = match algorithm {
        Algorithm::MlDsa44 => 0x11,
        Algorithm::MlDsa65 => 0x12,
        _ => 0x13,
    };
    let head = [0x30, 0x34, 2, 1, 0, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, set, 4, 0x22, 0x80, 0x20];
    [&head, seed].concat()
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap()
}

fn decoded(of: &Value, name: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text(of, name)).unwrap()
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal.chars().map(|digit| digit.to_digit(16).unwrap().try_into().unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
