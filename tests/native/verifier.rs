//! A verifier that outlives its keys and options. `tests/vectors` has the cases of what each accepts.

#![allow(clippy::unwrap_used)]

use countersign::ErrorCode;
use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, SignOptions, Verifier, VerifyOptions, sign};

fn key(algorithm: Algorithm, kid: &str) -> Key {
    Key::generate(algorithm, &KeyOptions { kid: Some(kid.to_owned()), ..KeyOptions::default() }).unwrap()
}

fn code(verifier: &Verifier, token: &str, now: f64) -> Option<ErrorCode> {
    verifier.verify(token, now).err().map(|error| error.code())
}

#[test]
fn says_what_no_published_key_would_change() {
    let (known, unknown, secret) = (key(Algorithm::EdDsa, "a"), key(Algorithm::Es256, "b"), key(Algorithm::Hs256, "c"));
    let token = |key: &Key, claims: &str| sign(claims, key, &SignOptions::default(), 0.0).unwrap();
    let published = Verifier::for_published_keys(&VerifyOptions::default()).unwrap();
    let with_keys = published.with_keys(&KeySet::new([known.public_key().unwrap()]).unwrap()).unwrap();
    for verifier in [&published, &with_keys] {
        assert_eq!(code(verifier, &token(&unknown, r#"{"exp":900}"#), 899.0), Some(ErrorCode::KeyNotFound));
        assert_eq!(code(verifier, &token(&unknown, r#"{"exp":900}"#), 900.0), Some(ErrorCode::TokenExpired));
        assert_eq!(code(verifier, &token(&secret, r#"{"exp":900}"#), 0.0), Some(ErrorCode::TokenAlgorithmMismatch));
    }
    assert_eq!(code(&with_keys, &token(&known, r#"{"exp":900}"#), 899.0), None);
    assert_eq!(code(&with_keys, &token(&known, r#"{"exp":900,"aud":"x"}"#), 899.0), Some(ErrorCode::ClaimInvalid));
    // One that has all its keys judges no claim of a token without a key.
    let complete = Verifier::new(&KeySet::default(), &VerifyOptions::default()).unwrap();
    assert_eq!(code(&complete, &token(&unknown, r#"{"exp":900}"#), 900.0), Some(ErrorCode::KeyNotFound));
    assert_eq!(code(&complete, &token(&secret, r#"{"exp":900}"#), 900.0), Some(ErrorCode::KeyNotFound));
    // Secrets of its own are no published keys, and serve.
    let own = published.with_keys(&secret).unwrap();
    assert_eq!(code(&own, &token(&secret, r#"{"exp":900}"#), 899.0), None);
}

#[test]
fn refuses_lists_without_an_element() {
    let key = key(Algorithm::EdDsa, "a");
    let refused = |options: VerifyOptions| Verifier::new(&key, &options).err().map(|error| error.to_string());
    let none = || Some(Vec::<String>::new().into());
    let message = |name: &str| Some(format!("option \"{name}\" is not a string or a non-empty array of strings"));
    assert_eq!(refused(VerifyOptions { issuer: none(), ..VerifyOptions::default() }), message("issuer"));
    assert_eq!(refused(VerifyOptions { audience: none(), ..VerifyOptions::default() }), message("audience"));
    assert_eq!(refused(VerifyOptions { issuer: Some(vec![String::new()].into()), ..VerifyOptions::default() }), None);
}

#[test]
fn keeps_its_options_with_other_keys_and_replaces_those_given() {
    let key = key(Algorithm::EdDsa, "a");
    let options = VerifyOptions { issuer: Some("x".into()), max_token_length: Some(300), ..VerifyOptions::default() };
    let verifier = Verifier::new(&KeySet::default(), &options).unwrap().with_keys(&key).unwrap();
    let by = |issuer: &str| sign(&format!(r#"{{"exp":900,"iss":"{issuer}"}}"#), &key, &SignOptions::default(), 0.0);
    assert_eq!(code(&verifier, &by("x").unwrap(), 0.0), None);
    assert_eq!(code(&verifier, &by("y").unwrap(), 0.0), Some(ErrorCode::ClaimInvalid));
    assert_eq!(verifier.max_token_length(), 300);
    let other = verifier.with(VerifyOptions { issuer: Some("y".into()), ..VerifyOptions::default() }).unwrap();
    assert_eq!(code(&other, &by("x").unwrap(), 0.0), Some(ErrorCode::ClaimInvalid));
    assert_eq!(code(&other, &by("y").unwrap(), 0.0), None);
    assert_eq!(other.max_token_length(), 300);
    assert_eq!(Verifier::new(&key, &VerifyOptions::default()).unwrap().max_token_length(), 16_384);
}
