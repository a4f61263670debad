//! Verifying any text as a token gives a result or an error. Every accepted token was signed by the key and is valid at
//! the given time.

#![no_main]

mod base64url;
mod edit;

use std::sync::LazyLock;

use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, Verified, Verifier, VerifyOptions, decode_unverified};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sha2::{Sha256, Sha512};

use base64url::base64url;
use edit::{Edit, edited};

const NOW: f64 = 1_800_000_000.0;
const SECRET: [u8; 64] = [7; 64];
const SEED: [u8; 32] = [9; 32];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    by: By,
    token: Token<'a>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum By {
    EdDsa,
    Hs256,
    Hs512,
}

#[derive(Arbitrary, Debug)]
enum Token<'a> {
    /// A valid token, altered.
    Edited(Vec<Edit<'a>>),
    /// Any header and payload, correctly signed.
    Signed(&'a [u8], &'a [u8]),
    /// A valid header and payload, altered and then signed.
    SignedEdited(Vec<Edit<'a>>, Vec<Edit<'a>>),
    Text(&'a str),
}

impl By {
    fn algorithm(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDsa,
            Self::Hs256 => Algorithm::Hs256,
            Self::Hs512 => Algorithm::Hs512,
        }
    }

    fn header(self) -> String {
        format!(r#"{{"alg":"{}","kid":"one","typ":"JWT"}}"#, self.algorithm().name())
    }

    /// Signs with the primitives, without the library under test.
    fn signature(self, input: &str) -> Vec<u8> {
        let message = input.as_bytes();
        match self {
            Self::EdDsa => SigningKey::from_bytes(&SEED).sign(message).to_bytes().to_vec(),
            Self::Hs256 => mac::<Hmac<Sha256>>(message),
            Self::Hs512 => mac::<Hmac<Sha512>>(message),
        }
    }

    fn signed(self, header: &[u8], payload: &[u8]) -> String {
        let input = format!("{}.{}", base64url(header), base64url(payload));
        let signature = base64url(&self.signature(&input));
        format!("{input}.{signature}")
    }

    fn verifiers(self) -> &'static [Verifier; 3] {
        match self {
            Self::EdDsa => &VERIFIERS[0],
            Self::Hs256 => &VERIFIERS[1],
            Self::Hs512 => &VERIFIERS[2],
        }
    }
}

fn mac<M: Mac + KeyInit>(message: &[u8]) -> Vec<u8> {
    let mac = <M as KeyInit>::new_from_slice(&SECRET).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

const PAYLOAD: &str = r#"{"iss":"https://login.example","sub":"alice","aud":["api"],"exp":1800000900,"nbf":1799999999,"iat":1800000000,"jti":"x","scope":"read"}"#;

/// For each algorithm: a verifier with one key, one with a set, and one with every option set.
static VERIFIERS: LazyLock<[[Verifier; 3]; 3]> = LazyLock::new(|| {
    [By::EdDsa, By::Hs256, By::Hs512].map(|by| {
        let key = key(by);
        let of_api = VerifyOptions { audience: Some("api".into()), ..Default::default() };
        let strict = VerifyOptions {
            issuer: Some("https://login.example".into()),
            subject: Some("alice".into()),
            typ: Some("JWT".into()),
            required_claims: Some(vec!["jti".into()]),
            max_age: Some("1h".parse().expect("a duration")),
            clock_tolerance: Some("5s".parse().expect("a duration")),
            ..of_api.clone()
        };
        let set = KeySet::new(vec![key.clone()]).expect("a set");
        [
            Verifier::new(&key, &of_api).expect("a verifier"),
            Verifier::new(&set, &of_api).expect("a verifier"),
            Verifier::new(&key, &strict).expect("a verifier"),
        ]
    })
});

fn key(by: By) -> Key {
    let options = KeyOptions { kid: Some("one".into()), ..Default::default() };
    match by {
        By::EdDsa => {
            // PKCS#8 of a seed (RFC 8410 §7).
            let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
            der.extend(SEED);
            let key = Key::from_der(&der, by.algorithm(), &options).expect("a key");
            key.public_key().expect("its public half")
        }
        By::Hs256 | By::Hs512 => Key::from_secret(&SECRET, by.algorithm(), &options).expect("a key"),
    }
}

fuzz_target!(|input: Input<'_>| {
    let by = input.by;
    let good = || by.signed(by.header().as_bytes(), PAYLOAD.as_bytes());
    let token = match &input.token {
        Token::Edited(edits) => edited(&good(), edits),
        Token::Signed(header, payload) => by.signed(header, payload),
        Token::SignedEdited(header, payload) => {
            by.signed(edited(&by.header(), header).as_bytes(), edited(PAYLOAD, payload).as_bytes())
        }
        Token::Text(text) => (*text).to_owned(),
    };
    for verifier in by.verifiers() {
        if let Ok(verified) = verifier.verify(&token, NOW) {
            check(by, &token, &verified);
            assert_eq!(verifier.verify(&token, NOW).as_ref(), Ok(&verified), "the answer changed");
        }
    }
    let _ = decode_unverified(&token);
});

/// What must be true of every accepted token.
fn check(by: By, token: &str, verified: &Verified) {
    let (input, signature) = token.rsplit_once('.').expect("three segments");
    assert_eq!(signature, base64url(&by.signature(input)), "nobody signed this");
    let (header, payload) = input.split_once('.').expect("three segments");
    assert_eq!((header, payload), (&*base64url(verified.header.as_bytes()), &*base64url(verified.claims.as_bytes())));

    let header: Value = serde_json::from_str(&verified.header).expect("JSON");
    let alg = header["alg"].as_str().expect("an algorithm");
    assert!(alg == by.algorithm().name() || matches!((by, alg), (By::EdDsa, "EdDSA" | "Ed25519")));
    assert!(header.get("crit").is_none() && header.get("zip").is_none());

    let claims: Value = serde_json::from_str(&verified.claims).expect("JSON");
    assert!(NOW - 5.0 < claims["exp"].as_f64().expect("a number"), "it had expired");
    assert!(claims.get("nbf").is_none_or(|nbf| nbf.as_f64().expect("a number") <= NOW + 5.0), "it was not in force");
    let audience = match &claims["aud"] {
        Value::Array(audiences) => audiences.iter().any(|audience| audience == "api"),
        audience => audience == "api",
    };
    assert!(audience, "it was for others");
}
