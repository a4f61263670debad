//! Decrypting any text gives content or an error. It succeeds only for tokens that were made for the key, and gives the
//! original content.

#![no_main]

mod base64url;
mod edit;

use std::sync::LazyLock;

use countersign::ErrorCode;
use countersign::jwe::{
    Algorithm, Curve, DecryptOptions, EncryptOptions, Encryption, EncryptionKey, GenerateOptions, KeyOptions,
    PasswordOptions, decrypt, encrypt,
};
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
        secret(32, Algorithm::Dir(Encryption::A256Gcm)),
        secret(32, Algorithm::Dir(Encryption::A128CbcHs256)),
        pair(Curve::X25519, Algorithm::EcdhEs),
        pair(Curve::P256, Algorithm::EcdhEsA128Kw),
        pair(Curve::P384, Algorithm::EcdhEsA256Kw),
        EncryptionKey::from_password(b"correct horse", Algorithm::Pbes2Hs256A128Kw, &password),
    ];
    let made = keys.into_iter().map(|key| {
        let key = key.expect("a key");
        let token = encrypt(CONTENT, &key, &EncryptOptions::default()).expect("a token");
        (key, token)
    });
    made.collect()
});

fuzz_target!(|input: Input<'_>| {
    let (key, good) = &MADE[input.key % MADE.len()];
    let token = match &input.token {
        Token::Edited(edits) => edited(good, edits),
        Token::Header(header) => {
            let (_, rest) = good.split_once('.').expect("five segments");
            format!("{}.{rest}", base64url(header))
        }
        Token::Text(text) => (*text).to_owned(),
    };
    // Limits the PBKDF2 iterations that a token can ask for.
    let options = DecryptOptions { max_iterations: Some(2000), ..Default::default() };
    match decrypt(&token, key, &options) {
        // The header is authenticated and every segment has one encoding, so only the token itself is valid.
        Ok(decrypted) => {
            assert_eq!(&token, good, "nobody made this");
            assert_eq!(*decrypted.plaintext, *CONTENT);
        }
        Err(error) => assert_ne!(error.code(), ErrorCode::Internal, "{error}"),
    }
});
