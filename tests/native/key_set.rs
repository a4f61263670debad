//! What a key set says about itself. `tests/vectors` has the cases of what it verifies and publishes.

#![allow(clippy::float_cmp, clippy::indexing_slicing, clippy::unwrap_used)]

use countersign::jwt::{Algorithm, Jwk, Key, KeyOptions, KeySet, Member};

fn key(kid: &str) -> Key {
    let options = KeyOptions { kid: Some(kid.to_owned()), ..KeyOptions::default() };
    Key::generate(Algorithm::EdDsa, &options).unwrap()
}

#[test]
fn names_the_next_end_of_the_keys_in_use() {
    let set = KeySet::new([
        Member::until(&key("a"), 300.0),
        Member::until(&key("b"), 200.0),
        Member::from(key("c")),
        Member::until(&key("d"), 100.0),
    ])
    .unwrap();
    assert_eq!(set.next_end(99.0), Some(100.0));
    assert_eq!(set.next_end(100.0), Some(200.0));
    assert_eq!(set.next_end(299.0), Some(300.0));
    assert_eq!(set.next_end(300.0), None);
}

#[test]
fn a_key_that_is_given_twice_ends_at_the_later_of_its_ends() {
    let (a, b) = (key("a"), key("b"));
    let set = |members: Vec<Member>| KeySet::new(members).unwrap();
    let twice = set(vec![Member::until(&a, 100.0), Member::until(&b, 150.0), Member::until(&b, 250.0)]);
    assert_eq!((twice.next_end(0.0), twice.next_end(100.0)), (Some(100.0), Some(250.0)));
    let earlier = set(vec![Member::until(&b, 250.0), Member::until(&b, 150.0)]);
    assert_eq!(earlier.next_end(0.0), Some(250.0));
    // One without an end has none, whichever was first.
    assert_eq!(set(vec![Member::until(&b, 150.0), Member::from(&b)]).next_end(0.0), None);
    assert_eq!(set(vec![Member::from(&b), Member::until(&b, 150.0)]).next_end(0.0), None);
    assert_eq!(
        set(vec![Member::from(&a), Member::until(&b, 150.0), Member::from(&b)]).to_jwks(200.0).unwrap().len(),
        2
    );
}

#[test]
fn says_of_a_secret_that_may_only_sign_what_forbids_it() {
    let secret = "A".repeat(43);
    let jwk = format!(r#"{{"kty":"oct","alg":"HS256","key_ops":["sign"],"k":"{secret}"}}"#);
    let jwk: Jwk = serde_json::from_str(&jwk).unwrap();
    let set = KeySet::from_jwks([Ok(jwk)], None).unwrap();
    assert!(set.is_empty());
    assert_eq!(set.rejected()[0].error.to_string(), "the key's \"use\" or \"key_ops\" forbids verifying");
}

#[test]
fn is_empty_without_a_key_that_can_verify() {
    assert!(KeySet::default().is_empty());
    assert!(!KeySet::new([key("a")]).unwrap().is_empty());
    assert!(!KeySet::new([Member::until(&key("a"), 1.0)]).unwrap().is_empty());
    // Two keys with one name spoil each other.
    let twins = KeySet::new([key("a"), key("a")]).unwrap();
    assert!(twins.is_empty());
    assert!(!KeySet::new([key("a"), key("a"), key("b")]).unwrap().is_empty());
}
