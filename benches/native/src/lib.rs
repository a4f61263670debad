//! Measures the crate beside its peers: the same claims, signed and verified with the same keys, with the same checks.
//! jsonwebtoken takes one back end for each process, so each back end has a benchmark of its own.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Signer, Verifier, VerifyOptions};
use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};
use jwt_simple::prelude::{
    Duration, ECDSAP256KeyPairLike, ECDSAP256PublicKeyLike, EdDSAKeyPairLike, EdDSAPublicKeyLike, JWTClaims, MACLike,
    RSAKeyPairLike, RSAPublicKeyLike, VerificationOptions,
};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "https://login.example";
const AUDIENCE: &str = "https://api.example";
const SECRET: [u8; 32] = [7; 32];
/// The key of RFC 7515 appendix A.2, as PKCS #8.
const RSA_PEM: &str = include_str!("../rsa.pem");

/// What the caller brings.
#[derive(Serialize, Deserialize)]
struct Session {
    scope: String,
}

/// All claims, for crates that leave the registered ones to the caller.
#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    scope: String,
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
}

/// Samples that are long enough for ratios, and short enough for the whole to take two minutes. Arguments of the command line
/// replace them.
pub fn configured() -> Criterion {
    let (warm_up, measurement) = (std::time::Duration::from_millis(400), std::time::Duration::from_millis(1500));
    Criterion::default().warm_up_time(warm_up).measurement_time(measurement).sample_size(30).configure_from_args()
}

/// Measures every algorithm with countersign, jsonwebtoken and, if it is asked for, jwt-simple.
pub fn bench(criterion: &mut Criterion, backend: &str, with_others: bool) {
    for algorithm in [Algorithm::Hs256, Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256] {
        let key = match algorithm {
            Algorithm::Hs256 => Key::from_secret(&SECRET, algorithm, &KeyOptions::default()),
            Algorithm::Rs256 | Algorithm::Ps256 => Key::from_pem(RSA_PEM, algorithm, &KeyOptions::default()),
            _ => Key::generate(algorithm, &KeyOptions::default()),
        }
        .expect("a key");
        sign(criterion, &key, backend, with_others);
        verify(criterion, &key, backend, with_others);
    }
}

fn sign(criterion: &mut Criterion, key: &Key, backend: &str, with_others: bool) {
    let mut group = criterion.benchmark_group(format!("sign {}", key.algorithm()));
    if with_others {
        let options = SignOptions {
            issuer: Some(ISSUER.into()),
            audience: Some(AUDIENCE.into()),
            subject: Some("alice".into()),
            ..Default::default()
        };
        let signer = Signer::new(key, &options).expect("a signer");
        let session = || Session { scope: "profile orders:read".into() };
        group.bench_function("countersign", |bencher| {
            bencher.iter(|| signer.sign_claims(&session(), seconds()).expect("a token"));
        });
        sign_with_jwt_simple(&mut group, key);
    }
    let header = jsonwebtoken::Header::new(theirs(key));
    let encoding = encoding_key(key);
    group.bench_function(backend, |bencher| {
        bencher.iter(|| jsonwebtoken::encode(&header, &all_claims(), &encoding).expect("a token"));
    });
    group.finish();
}

fn verify(criterion: &mut Criterion, key: &Key, backend: &str, with_others: bool) {
    let token = jsonwebtoken::encode(&jsonwebtoken::Header::new(theirs(key)), &all_claims(), &encoding_key(key))
        .expect("a token");
    let mut group = criterion.benchmark_group(format!("verify {}", key.algorithm()));
    if with_others {
        let public = if key.algorithm() == Algorithm::Hs256 { key.clone() } else { key.public_key().expect("a key") };
        let options =
            VerifyOptions { issuer: Some(ISSUER.into()), audience: Some(AUDIENCE.into()), ..Default::default() };
        let verifier = Verifier::new(&public, &options).expect("a verifier");
        group.bench_function("countersign", |bencher| {
            bencher.iter(|| -> Claims {
                verifier.verify(black_box(&token), seconds()).and_then(|verified| verified.claims_as()).expect("claims")
            });
        });
        verify_with_jwt_simple(&mut group, key, &token);
    }
    let decoding = decoding_key(key);
    let mut validation = jsonwebtoken::Validation::new(theirs(key));
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    group.bench_function(backend, |bencher| {
        bencher
            .iter(|| jsonwebtoken::decode::<Claims>(black_box(&token), &decoding, &validation).expect("claims").claims);
    });
    group.finish();
}

fn sign_with_jwt_simple(group: &mut BenchmarkGroup<'_, WallTime>, key: &Key) {
    let claims = || {
        let mut claims = jwt_simple::prelude::Claims::with_custom_claims(
            Session { scope: "profile orders:read".into() },
            Duration::from_mins(15),
        )
        .with_issuer(ISSUER)
        .with_subject("alice")
        .with_audience(AUDIENCE);
        // The others set none.
        claims.invalid_before = None;
        claims
    };
    macro_rules! measure {
        ($key:expr, $method:ident) => {{
            let key = $key;
            group.bench_function("jwt-simple", |bencher| bencher.iter(|| key.$method(claims()).expect("a token")));
        }};
    }
    let pem = || key.to_pem(true).expect("a private key");
    match key.algorithm() {
        Algorithm::Hs256 => measure!(jwt_simple::prelude::HS256Key::from_bytes(&SECRET), authenticate),
        Algorithm::EdDsa => measure!(jwt_simple::prelude::Ed25519KeyPair::from_pem(&pem()).expect("a key"), sign),
        Algorithm::Es256 => measure!(jwt_simple::prelude::ES256KeyPair::from_pem(&pem()).expect("a key"), sign),
        Algorithm::Rs256 => measure!(jwt_simple::prelude::RS256KeyPair::from_pem(&pem()).expect("a key"), sign),
        _ => measure!(jwt_simple::prelude::PS256KeyPair::from_pem(&pem()).expect("a key"), sign),
    }
}

fn verify_with_jwt_simple(group: &mut BenchmarkGroup<'_, WallTime>, key: &Key, token: &str) {
    let options = VerificationOptions {
        allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
        allowed_audiences: Some(HashSet::from([AUDIENCE.to_owned()])),
        ..Default::default()
    };
    macro_rules! measure {
        ($key:expr) => {{
            let key = $key;
            group.bench_function("jwt-simple", |bencher| {
                bencher.iter(|| -> JWTClaims<Session> {
                    key.verify_token(black_box(token), Some(options.clone())).expect("claims")
                });
            });
        }};
    }
    let pem = || key.public_key().and_then(|key| key.to_pem(false)).expect("a public key");
    match key.algorithm() {
        Algorithm::Hs256 => measure!(jwt_simple::prelude::HS256Key::from_bytes(&SECRET)),
        Algorithm::EdDsa => measure!(jwt_simple::prelude::Ed25519PublicKey::from_pem(&pem()).expect("a key")),
        Algorithm::Es256 => measure!(jwt_simple::prelude::ES256PublicKey::from_pem(&pem()).expect("a key")),
        Algorithm::Rs256 => measure!(jwt_simple::prelude::RS256PublicKey::from_pem(&pem()).expect("a key")),
        _ => measure!(jwt_simple::prelude::PS256PublicKey::from_pem(&pem()).expect("a key")),
    }
}

/// Argon2id at OWASP's costs.
pub fn passwords(criterion: &mut Criterion) {
    let hasher =
        countersign::password::PasswordHasher::new(&countersign::password::Policy::default()).expect("a hasher");
    let mut group = criterion.benchmark_group("hash Argon2id, 19 MiB");
    group.sample_size(20);
    group.bench_function("countersign", |bencher| {
        bencher.iter(|| hasher.hash("correct horse battery staple").expect("a hash"));
    });
    group.finish();
}

fn theirs(key: &Key) -> jsonwebtoken::Algorithm {
    key.algorithm().to_string().parse().expect("an algorithm of jsonwebtoken")
}

fn encoding_key(key: &Key) -> jsonwebtoken::EncodingKey {
    if key.algorithm() == Algorithm::Hs256 {
        return jsonwebtoken::EncodingKey::from_secret(&SECRET).expect("a secret");
    }
    let pem = key.to_pem(true).expect("a private key");
    match key.algorithm() {
        Algorithm::EdDsa => jsonwebtoken::EncodingKey::from_ed_pem(pem.as_bytes()),
        Algorithm::Es256 => jsonwebtoken::EncodingKey::from_ec_pem(pem.as_bytes()),
        _ => jsonwebtoken::EncodingKey::from_rsa_pem(pem.as_bytes()),
    }
    .expect("a key")
}

fn decoding_key(key: &Key) -> jsonwebtoken::DecodingKey {
    if key.algorithm() == Algorithm::Hs256 {
        return jsonwebtoken::DecodingKey::from_secret(&SECRET).expect("a secret");
    }
    let pem = key.public_key().and_then(|key| key.to_pem(false)).expect("a public key");
    match key.algorithm() {
        Algorithm::EdDsa => jsonwebtoken::DecodingKey::from_ed_pem(pem.as_bytes()),
        Algorithm::Es256 => jsonwebtoken::DecodingKey::from_ec_pem(pem.as_bytes()),
        _ => jsonwebtoken::DecodingKey::from_rsa_pem(pem.as_bytes()),
    }
    .expect("a key")
}

fn all_claims() -> Claims {
    let iat = seconds() as u64;
    Claims {
        sub: "alice".into(),
        scope: "profile orders:read".into(),
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        iat,
        exp: iat + 900,
    }
}

fn seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs_f64()
}
