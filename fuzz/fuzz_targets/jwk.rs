//! Importing any JSON as a JWK gives a key or an error. Exporting an imported key gives the same key.

#![no_main]

mod edit;
mod material;

use std::time::{Duration, Instant};

use countersign::jwt::{Jwk, Key, KeyOptions, KeyType, ThumbprintHash};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

use edit::{Edit, edited};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    alg: u8,
    names_alg: bool,
    jwk: Text<'a>,
}

#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Any(&'a str),
    /// A valid JWK, altered.
    Edited(u8, Vec<Edit<'a>>),
}

fuzz_target!(|input: Input<'_>| {
    let text = match &input.jwk {
        Text::Any(text) => (*text).to_owned(),
        Text::Edited(which, edits) => edited(material::jwk(*which), edits),
    };
    let Ok(jwk) = serde_json::from_str::<Jwk>(&text) else { return };
    let algorithm = input.names_alg.then(|| material::algorithm(input.alg));
    let start = Instant::now();
    let key = Key::from_jwk(&jwk, algorithm, &KeyOptions::default());
    // The slowest case is an RSA key of 8192 bits without its primes. The limit allows for a slow machine and a
    // sanitizer.
    assert!(start.elapsed() < Duration::from_secs(20), "a key took {:?}", start.elapsed());
    if let Ok(key) = key {
        check(&key);
    }
});

fn check(key: &Key) {
    let is_private = key.key_type() != KeyType::Public;
    let written = key.to_jwk(is_private).unwrap();
    let text = serde_json::to_string(&written).unwrap();
    let again = Key::from_jwk(&serde_json::from_str(&text).unwrap(), None, &KeyOptions::default());
    let again = again.unwrap();
    assert_eq!(again.key_type(), key.key_type());
    assert_eq!(again.algorithm(), key.algorithm());
    assert_eq!(serde_json::to_string(&again.to_jwk(is_private).unwrap()).unwrap(), text);
    assert_eq!(again.thumbprint(ThumbprintHash::Sha256), key.thumbprint(ThumbprintHash::Sha256));
    if let Ok(public) = key.public_key() {
        assert_eq!(public.thumbprint(ThumbprintHash::Sha256), key.thumbprint(ThumbprintHash::Sha256));
        assert!(public.to_jwk(true).is_err());
    }
}
