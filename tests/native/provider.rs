//! Exchanges tokens with the crate `jsonwebtoken`, which runs on our provider. Each side reads what the other issues.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use countersign::jwt::provider::{self, PROVIDER};
use countersign::jwt::{
    Algorithm, Jwk, Key, KeyForm, KeyOptions, SignOptions, ThumbprintHash, VerifyOptions, jws, sign, verify,
};
use jsonwebtoken::jwk::{Jwk as TheirJwk, ThumbprintHash as TheirHash};
use jsonwebtoken::{Algorithm as Theirs, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};

const NOW: f64 = 1_800_000_000.0;

/// A key, and the same key in both types of `jsonwebtoken`, imported in every way that it offers.
struct Pair {
    key: Key,
    encoding: Vec<EncodingKey>,
    decoding: Vec<DecodingKey>,
}

fn pair(algorithm: Algorithm) -> Pair {
    let _ = PROVIDER.install_default();
    let key = fresh(algorithm);
    let der = |form| key.to_der(form).unwrap();
    let public = || key.to_jwk(false).unwrap();
    let text = |member: &Option<String>| member.clone().unwrap();
    let (encoding, decoding) = match algorithm.name().split_at(2).0 {
        "HS" => {
            let secret = text(&key.to_jwk(true).unwrap().k);
            let base64 = secret.replace('-', "+").replace('_', "/");
            let padded = format!("{base64}{}", "=".repeat(base64.len().wrapping_neg() % 4));
            (
                vec![EncodingKey::from_base64_secret(&padded).unwrap()],
                vec![DecodingKey::from_base64_secret(&padded).unwrap()],
            )
        }
        "Ed" => (
            vec![EncodingKey::from_ed_der(&der(KeyForm::Pkcs8))],
            vec![DecodingKey::from_ed_components(&text(&public().x)).unwrap()],
        ),
        "ES" => (
            vec![EncodingKey::from_ec_der(&der(KeyForm::Pkcs8))],
            vec![DecodingKey::from_ec_components(&text(&public().x), &text(&public().y)).unwrap()],
        ),
        _ => (
            // `jsonwebtoken` documents PKCS#1. Its other backends accept PKCS#8 too.
            vec![
                EncodingKey::from_rsa_der(&der(KeyForm::Pkcs1Private)),
                EncodingKey::from_rsa_der(&der(KeyForm::Pkcs8)),
            ],
            vec![
                DecodingKey::from_rsa_der(&der(KeyForm::Pkcs1Public)),
                DecodingKey::from_rsa_components(&text(&public().n), &text(&public().e)).unwrap(),
            ],
        ),
    };
    let mut decoding = decoding;
    if key.key_type() == countersign::jwt::KeyType::Private {
        let jwk: TheirJwk = serde_json::from_value(serde_json::to_value(public()).unwrap()).unwrap();
        decoding.push(DecodingKey::from_jwk(&jwk).unwrap());
    }
    Pair { key, encoding, decoding }
}

/// A new key. For RSA, the fixed key of RFC 7515 A.2, because generating one is slow.
fn fresh(algorithm: Algorithm) -> Key {
    if !is_rsa(algorithm) {
        return Key::generate(algorithm, &KeyOptions::default()).unwrap();
    }
    let document: Value = serde_json::from_str(include_str!("../vectors/sign-algorithms.json")).unwrap();
    let cases = document["cases"].as_array().unwrap();
    let spec = cases.iter().find(|case| case["name"] == "signs_with_rs256").unwrap()["key"]["jwk"].clone();
    let jwk: Jwk = serde_json::from_value(spec).unwrap();
    Key::from_jwk(&jwk, Some(algorithm), &KeyOptions::default()).unwrap()
}

/// Another key for the algorithm than that of `fresh`.
fn another(algorithm: Algorithm) -> Key {
    if !is_rsa(algorithm) {
        return fresh(algorithm);
    }
    let document: Value = serde_json::from_str(include_str!("../vectors/rfc-signatures.json")).unwrap();
    let cases = document["cases"].as_array().unwrap();
    let name = "takes_the_private_key_of_rfc_7520_3_4";
    let spec = cases.iter().find(|case| case["name"] == name).unwrap()["key"]["jwk"].clone();
    let jwk: Jwk = serde_json::from_value(spec).unwrap();
    Key::from_jwk(&jwk, Some(algorithm), &KeyOptions::default()).unwrap()
}

fn is_rsa(algorithm: Algorithm) -> bool {
    algorithm.name().starts_with("RS") || algorithm.name().starts_with("PS")
}

#[test]
fn jsonwebtoken_reads_our_tokens() {
    for (ours, theirs) in algorithms() {
        let Pair { key, decoding, .. } = pair(ours);
        let token = sign(r#"{"sub":"alice"}"#, &key, &SignOptions::default(), NOW).unwrap();
        let forged = sign(r#"{"sub":"alice"}"#, &another(ours), &SignOptions::default(), NOW).unwrap();
        let mut validation = Validation::new(theirs);
        validation.validate_exp = false;
        for decoding in decoding {
            let data = jsonwebtoken::decode::<Value>(&token, &decoding, &validation).unwrap();
            assert_eq!(data.claims, json!({ "sub": "alice", "exp": NOW as u64 + 900, "iat": NOW as u64 }));
            assert!(jsonwebtoken::decode::<Value>(&forged, &decoding, &validation).is_err());
        }
    }
}

#[test]
fn we_read_tokens_from_jsonwebtoken() {
    for (ours, theirs) in algorithms() {
        let Pair { key, encoding, .. } = pair(ours);
        let claims = json!({ "sub": "alice", "exp": NOW as u64 + 1 });
        for encoding in encoding {
            let token = jsonwebtoken::encode(&Header::new(theirs), &claims, &encoding).unwrap();
            let verified = verify(&token, &key, &VerifyOptions::default(), NOW).unwrap();
            assert_eq!(verified.claims_as::<Value>().unwrap(), claims);
            assert!(verify(&token, &another(ours), &VerifyOptions::default(), NOW).is_err());
        }
    }
}

/// Shows why its `decode` is not used: see docs/decisions/0001-traits-of-jsonwebtoken.md.
#[test]
fn jsonwebtoken_accepts_tokens_that_we_refuse() {
    let Pair { key, decoding, .. } = pair(Algorithm::Hs256);
    let extension = jws::SignOptions {
        header: Some(r#"{"urn:example":true}"#.into()),
        crit: Some(vec!["urn:example".into()]),
        ..Default::default()
    };
    let complete = r#"{"iss":"https://login.example","aud":"https://api.example","exp":1800000900}"#;
    let critical = jws::sign(complete.as_bytes(), &key, &extension).unwrap();
    let anonymous = jws::sign(br#"{"sub":"alice","exp":1800000900}"#, &key, &jws::SignOptions::default()).unwrap();
    let array = jws::sign(b"[1800000900,0,0,0,0]", &key, &jws::SignOptions::default()).unwrap();

    let mut validation = Validation::new(Theirs::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    validation.set_issuer(&["https://login.example"]);
    validation.set_audience(&["https://api.example"]);
    let demands = VerifyOptions {
        issuer: Some("https://login.example".into()),
        audience: Some("https://api.example".into()),
        ..Default::default()
    };
    for token in [critical, anonymous, array] {
        for decoding in &decoding {
            jsonwebtoken::decode::<Value>(&token, decoding, &validation).unwrap();
        }
        assert!(verify(&token, &key, &demands, NOW).is_err());
    }
}

#[test]
fn jsonwebtoken_writes_the_same_jwk() {
    for (ours, theirs) in algorithms() {
        let Pair { key, encoding, .. } = pair(ours);
        if ours.name().starts_with("HS") {
            continue;
        }
        for encoding in encoding {
            let jwk = TheirJwk::from_encoding_key(&encoding, theirs).unwrap();
            let read = serde_json::to_value(&jwk).unwrap();
            let own = serde_json::to_value(key.to_jwk(false).unwrap()).unwrap();
            for member in ["kty", "crv", "x", "y", "n", "e"] {
                assert_eq!(read.get(member), own.get(member), "{ours}: {member}");
            }
            let thumbprint = jwk.thumbprint(TheirHash::SHA256).unwrap();
            assert_eq!(thumbprint, key.thumbprint(ThumbprintHash::Sha256).unwrap(), "{ours}");
        }
    }
}

#[test]
fn a_key_of_another_family_is_an_error_and_not_a_panic() {
    let all: Vec<_> = algorithms().into_iter().map(|(ours, theirs)| (theirs, pair(ours))).collect();
    let claims = json!({});
    for (algorithm, own) in &all {
        for (other, Pair { encoding, .. }) in &all {
            let fits = match (algorithm.family(), other.family()) {
                (one, another) if one != another => false,
                (jsonwebtoken::AlgorithmFamily::Ec, _) => algorithm == other,
                _ => true,
            };
            for encoding in encoding {
                let token = jsonwebtoken::encode(&Header::new(*algorithm), &claims, encoding);
                assert_eq!(token.is_ok(), fits, "{algorithm:?} with a key of {other:?}");
            }
        }
        assert!(!own.decoding.is_empty());
    }
    for (algorithm, key) in [
        (Theirs::EdDSA, EncodingKey::from_ed_der(&[0; 3])),
        (Theirs::ES256, EncodingKey::from_ec_der(&[0; 3])),
        (Theirs::RS256, EncodingKey::from_rsa_der(&[0; 3])),
    ] {
        assert!(jsonwebtoken::encode(&Header::new(algorithm), &claims, &key).is_err());
    }
}

/// RFC 6979 A.2.5, A.2.6 and A.2.7: the message "sample".
#[test]
fn ecdsa_gives_the_signatures_of_rfc_6979() {
    let printed = [
        (
            Algorithm::Es256,
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
             F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        ),
        (
            Algorithm::Es384,
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8\
             96D5724E4C70A825F872C9EA60D2EDF5",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C\
             81A648152E44ACF96E36DD1E80FABE46\
             99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F\
             A329C145786E679E7B82C71A38628AC8",
        ),
        (
            Algorithm::Es512,
            "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75\
             CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B8\
             3538",
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F\
             174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E3\
             77FA\
             00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF\
             282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4\
             A67A",
        ),
    ];
    for (algorithm, number, signature) in printed {
        let key = Key::from_der(&sec1(algorithm, &bytes(number)), algorithm, &KeyOptions::default()).unwrap();
        let made = provider::signer(&key).unwrap().sign(b"sample");
        assert_eq!(made, bytes(signature), "{algorithm}");
        assert!(provider::verifier(&key).unwrap().verify(b"sample", &made).is_ok());
        assert!(provider::verifier(&key).unwrap().verify(b"simple", &made).is_err());
    }
}

/// Encodes a private number on a curve as `ECPrivateKey` (RFC 5915 §3).
fn sec1(algorithm: Algorithm, number: &[u8]) -> Vec<u8> {
    let curve = bytes(match algorithm {
        Algorithm::Es256 => "06082A8648CE3D030107",
        Algorithm::Es384 => "06052B81040022",
        _ => "06052B81040023",
    });
    let element = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    element(0x30, &[element(0x02, &[1]), element(0x04, number), element(0xa0, &curve)].concat())
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16).unwrap().try_into().unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The algorithms that both sides have: all of ours except ES512 and ML-DSA.
fn algorithms() -> Vec<(Algorithm, Theirs)> {
    let named = Algorithm::all().filter_map(|ours| Some((ours, ours.name().parse().ok()?)));
    let named: Vec<_> = named.collect();
    assert_eq!(named.len(), Algorithm::all().count() - 5, "all but ES512, the second name of EdDSA, and ML-DSA");
    named
}
