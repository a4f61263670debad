//! Decrypting any text gives content or an error. It succeeds only for tokens that were made for the key, and gives the
//! original content.

#![no_main]

mod base64url;
mod edit;

use std::sync::LazyLock;

use countersign::ErrorCode;
use countersign::jwe::{
    Algorithm, Curve, DecryptOptions, EncryptJsonOptions, EncryptOptions, Encryption, EncryptionKey, GenerateOptions,
    KeyOptions, PasswordOptions, decrypt, decrypt_claims, decrypt_json, encrypt, encrypt_json,
};
use countersign::jwt::VerifyOptions;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

use base64url::base64url;
use edit::{Edit, edited};

const CONTENT: &[u8] = b"attack at dawn";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    key: usize,
    token: Token<'a>,
}

#[derive(Arbitrary, Debug)]
enum Token<'a> {
    /// A valid token, altered.
    Edited(Vec<Edit<'a>>),
    /// A valid token with another header.
    Header(&'a [u8]),
    /// A valid token in JSON for all keys that can share one, altered.
    Json(Vec<Edit<'a>>),
    Text(&'a str),
}

/// Keys of every kind, each with a token for it.
static MADE: LazyLock<Vec<(EncryptionKey, String)>> = LazyLock::new(|| {
    let secret = |length, algorithm| EncryptionKey::from_secret(&vec![7; length], algorithm, &KeyOptions::default());
    let pair =
        |crv, algorithm| EncryptionKey::generate(algorithm, &GenerateOptions { crv: Some(crv), ..Default::default() });
    let password = PasswordOptions { iterations: Some(1000), ..Default::default() };
    let keys = [
        secret(16, Algorithm::A128Kw),
        secret(32, Algorithm::A256Kw),
        secret(24, Algorithm::A192GcmKw),
        secret(32, Algorithm::Dir(Encryption::A256Gcm)),
        secret(32, Algorithm::Dir(Encryption::A128CbcHs256)),
        pair(Curve::X25519, Algorithm::EcdhEs),
        pair(Curve::P256, Algorithm::EcdhEsA128Kw),
        pair(Curve::P384, Algorithm::EcdhEsA256Kw),
        pair(Curve::P521, Algorithm::EcdhEsA192Kw),
        EncryptionKey::from_password(b"correct horse", Algorithm::Pbes2Hs256A128Kw, &password),
    ];
    let made = keys.into_iter().map(|key| {
        let key = key.expect("a key");
        let token = encrypt(CONTENT, &key, &EncryptOptions::default()).expect("a token");
        (key, token)
    });
    made.collect()
});

static IN_JSON: LazyLock<String> = LazyLock::new(|| {
    let has_its_own = |key: &EncryptionKey| matches!(key.algorithm(), Algorithm::Dir(_) | Algorithm::EcdhEs);
    let keys: Vec<&EncryptionKey> = MADE.iter().map(|(key, _)| key).filter(|key| !has_its_own(key)).collect();
    let options = EncryptJsonOptions { aad: Some(b"aad".to_vec()), ..Default::default() };
    encrypt_json(CONTENT, &keys, &options).expect("a token")
});

fuzz_target!(|input: Input<'_>| {
    let (key, good) = &MADE[input.key % MADE.len()];
    let token = match &input.token {
        Token::Edited(edits) => edited(good, edits),
        Token::Header(header) => {
            let (_, rest) = good.split_once('.').expect("five segments");
            format!("{}.{rest}", base64url(header))
        }
        Token::Json(edits) => edited(&IN_JSON, edits),
        Token::Text(text) => (*text).to_owned(),
    };
    // Limits the PBKDF2 iterations that a token can ask for.
    let options = DecryptOptions { max_iterations: Some(2000), ..Default::default() };
    // White space and unknown members may be added, but the content is authenticated.
    match decrypt_json(&token, key, &options) {
        Ok(decrypted) => assert_eq!(*decrypted.plaintext, *CONTENT),
        Err(error) => assert_ne!(error.code(), ErrorCode::Internal, "{error}"),
    }
    if matches!(input.token, Token::Json(_)) {
        return;
    }
    // The content is no JSON.
    let error = decrypt_claims(&token, key, &VerifyOptions::default(), 0.0).expect_err("no claims");
    assert_ne!(error.code(), ErrorCode::Internal, "{error}");
    match decrypt(&token, key, &options) {
        // The header is authenticated and every segment has one encoding, so only the token itself is valid.
        Ok(decrypted) => {
            assert_eq!(&token, good, "nobody made this");
            assert_eq!(*decrypted.plaintext, *CONTENT);
        }
        Err(error) => assert_ne!(error.code(), ErrorCode::Internal, "{error}"),
    }
});
