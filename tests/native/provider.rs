//! Exchanges tokens with the `jsonwebtoken` crate, which runs on our provider: what we issue it reads, and back.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used
)]

use base64ct::Encoding;
use countersign::jwt::provider::PROVIDER;
use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, VerifyOptions, sign, verify};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use pkcs8::{PrivateKeyInfoRef, der::Decode};
use serde_json::{Value, json};

const NOW: f64 = 1_800_000_000.0;

/// A key of ours, and the same key in the crate's two types.
fn keys(algorithm: Algorithm) -> (Key, EncodingKey, DecodingKey) {
    let _ = PROVIDER.install_default();
    let key = Key::generate(algorithm, &KeyOptions::default()).unwrap();
    if let Some(secret) = key.to_jwk(true).unwrap().k.clone() {
        let encoding = EncodingKey::from_secret(&decode(&secret));
        return (key, encoding, DecodingKey::from_secret(&decode(&secret)));
    }
    let pem = key.to_pem(true).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64ct::Base64::decode_vec(&body).unwrap();
    assert!(PrivateKeyInfoRef::from_der(&der).is_ok());
    let x = key.to_jwk(false).unwrap().x.clone().unwrap();
    (key, EncodingKey::from_ed_der(&der), DecodingKey::from_ed_components(&x).unwrap())
}

fn decode(text: &str) -> Vec<u8> {
    base64ct::Base64UrlUnpadded::decode_vec(text).unwrap()
}

#[test]
fn the_crate_reads_what_we_issue() {
    for (ours, theirs) in algorithms() {
        let (key, _, decoding) = keys(ours);
        let token = sign(r#"{"sub":"alice"}"#, &key, &SignOptions::default(), NOW).unwrap();
        let mut validation = Validation::new(theirs);
        validation.validate_exp = false;
        let data = jsonwebtoken::decode::<Value>(&token, &decoding, &validation).unwrap();
        assert_eq!(data.claims, json!({ "sub": "alice", "exp": NOW as u64 + 900, "iat": NOW as u64 }));

        let other = Key::generate(ours, &KeyOptions::default()).unwrap();
        let forged = sign(r#"{"sub":"alice"}"#, &other, &SignOptions::default(), NOW).unwrap();
        assert!(jsonwebtoken::decode::<Value>(&forged, &decoding, &validation).is_err());
    }
}

#[test]
fn we_read_what_the_crate_issues() {
    for (ours, theirs) in algorithms() {
        let (key, encoding, _) = keys(ours);
        let claims = json!({ "sub": "alice", "exp": NOW as u64 + 1 });
        let token = jsonwebtoken::encode(&Header::new(theirs), &claims, &encoding).unwrap();
        let verified = verify(&token, &key, &VerifyOptions::default(), NOW).unwrap();
        assert_eq!(verified.claims_as::<Value>().unwrap(), claims);

        let other = Key::generate(ours, &KeyOptions::default()).unwrap();
        assert!(verify(&token, &other, &VerifyOptions::default(), NOW).is_err());
    }
}

#[test]
fn the_crates_jwk_of_a_key_is_ours() {
    let (key, encoding, _) = keys(Algorithm::EdDsa);
    let theirs = jsonwebtoken::jwk::Jwk::from_encoding_key(&encoding, jsonwebtoken::Algorithm::EdDSA).unwrap();
    let theirs = serde_json::to_value(theirs).unwrap();
    assert_eq!(theirs["x"], Value::from(key.to_jwk(false).unwrap().x.clone()));
}

#[test]
fn a_key_of_another_family_is_an_error_and_not_a_panic() {
    let (_, ed25519, _) = keys(Algorithm::EdDsa);
    let (_, secret, _) = keys(Algorithm::Hs256);
    let claims = json!({});
    for (algorithm, key) in [
        (jsonwebtoken::Algorithm::HS256, &ed25519),
        (jsonwebtoken::Algorithm::EdDSA, &secret),
        (jsonwebtoken::Algorithm::RS256, &secret),
        (jsonwebtoken::Algorithm::ES256, &ed25519),
    ] {
        assert!(jsonwebtoken::encode(&Header::new(algorithm), &claims, key).is_err());
    }
    assert!(
        jsonwebtoken::encode(&Header::new(jsonwebtoken::Algorithm::EdDSA), &claims, &EncodingKey::from_ed_der(&[0; 3]))
            .is_err()
    );
}

/// The algorithms that both sides name.
fn algorithms() -> [(Algorithm, jsonwebtoken::Algorithm); 4] {
    use jsonwebtoken::Algorithm as Theirs;
    [
        (Algorithm::EdDsa, Theirs::EdDSA),
        (Algorithm::Hs256, Theirs::HS256),
        (Algorithm::Hs384, Theirs::HS384),
        (Algorithm::Hs512, Theirs::HS512),
    ]
}
