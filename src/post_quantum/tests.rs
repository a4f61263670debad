//! Tests with vectors of others are in `tests/native/ml_dsa.rs` and `tests/wycheproof`.

use super::{expands_to, public_key, sign, verify};

#[test]
fn refuses_what_has_another_length_and_sets_that_do_not_exist() {
    for set in [44, 65, 87] {
        let public = public_key(set, &[7; 32]).unwrap();
        let signature = sign(set, &[7; 32], b"message").unwrap();
        assert!(verify(set, &public, b"message", &signature));
        assert!(!verify(set, &public, b"another", &signature));
        assert!(!verify(set, &public[1..], b"message", &signature));
        assert!(!verify(set, &public, b"message", &signature[1..]));
        assert!(!verify(set, &public, b"message", &[signature.as_slice(), &[0]].concat()));
        for other in [0, 2, 44, 65, 87, 255] {
            assert_eq!(verify(other, &public, b"message", &signature), other == set);
        }
        for length in [0, 31, 33, 64] {
            assert!(public_key(set, &vec![7; length]).is_none() && sign(set, &vec![7; length], b"").is_none());
        }
        assert!(!expands_to(set, &[7; 32], &public));
    }
    assert!(public_key(43, &[7; 32]).is_none() && sign(43, &[7; 32], b"").is_none());
}

#[test]
fn signs_with_fresh_random_bytes() {
    assert_ne!(sign(44, &[7; 32], b"message"), sign(44, &[7; 32], b"message"));
}
