//! What a key set says about itself. `tests/vectors` has the cases of what it verifies and publishes.

#![allow(clippy::float_cmp, clippy::unwrap_used)]

use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, Member};

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
fn is_empty_without_a_key_that_can_verify() {
    assert!(KeySet::default().is_empty());
    assert!(!KeySet::new([key("a")]).unwrap().is_empty());
    assert!(!KeySet::new([Member::until(&key("a"), 1.0)]).unwrap().is_empty());
    // Two keys with one name spoil each other.
    let twins = KeySet::new([key("a"), key("a")]).unwrap();
    assert!(twins.is_empty());
    assert!(!KeySet::new([key("a"), key("a"), key("b")]).unwrap().is_empty());
}
