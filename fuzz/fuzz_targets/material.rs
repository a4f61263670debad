//! Valid keys of every kind to start from, taken from the vectors.
#![allow(dead_code, reason = "each target uses a part of it")]

use std::sync::LazyLock;

use countersign::jwt::{Algorithm, Jwk, Key, KeyForm, KeyOptions};
use serde_json::Value;

struct Material {
    jwks: Vec<String>,
    documents: Vec<(Vec<u8>, String)>,
}

static MATERIAL: LazyLock<Material> = LazyLock::new(|| {
    let keys: Value = serde_json::from_str(include_str!("material/keys.json")).unwrap();
    let mut material = Material { jwks: Vec::new(), documents: Vec::new() };
    for jwk in keys.as_object().unwrap().values() {
        let text = jwk.to_string();
        let read: Jwk = serde_json::from_str(&text).unwrap();
        let algorithm = if jwk["kty"] == "RSA" { Some(Algorithm::Rs256) } else { None };
        let key = Key::from_jwk(&read, algorithm, &KeyOptions::default()).unwrap();
        material.jwks.push(serde_json::to_string(&key.to_jwk(false).unwrap()).unwrap());
        material.jwks.push(text);
        for form in [KeyForm::Spki, KeyForm::Pkcs8, KeyForm::Sec1, KeyForm::Pkcs1Public, KeyForm::Pkcs1Private] {
            if let (Ok(der), Ok(pem)) = (key.to_der(form), key.to_pem_form(form)) {
                material.documents.push((der.to_vec(), pem));
            }
        }
    }
    material.jwks.push(r#"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}"#.to_owned());
    material
});

pub fn algorithm(which: u8) -> Algorithm {
    let all: Vec<_> = Algorithm::all().collect();
    all[usize::from(which) % all.len()]
}

pub fn jwk(which: u8) -> &'static str {
    &MATERIAL.jwks[usize::from(which) % MATERIAL.jwks.len()]
}

pub fn der(which: u8) -> Vec<u8> {
    MATERIAL.documents[usize::from(which) % MATERIAL.documents.len()].0.clone()
}

pub fn pem(which: u8) -> String {
    MATERIAL.documents[usize::from(which) % MATERIAL.documents.len()].1.clone()
}
