//! Importing any bytes as a key document (DER or PEM) gives a key or an error. An imported key can be exported in every
//! format of its kind, and importing that gives the same key.

#![no_main]

mod edit;
mod material;

use std::time::{Duration, Instant};

use countersign::jwt::{Algorithm, Key, KeyForm, KeyOptions, KeyType, ThumbprintHash};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

use edit::{Edit, edited};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    alg: u8,
    document: Document<'a>,
}

#[derive(Arbitrary, Debug)]
enum Document<'a> {
    Der(&'a [u8]),
    /// A valid document with some bytes replaced.
    EditedDer(u8, Vec<(u16, u8)>),
    /// A valid document, cut at both ends.
    CutDer(u8, u8, u8),
    EditedPem(u8, Vec<Edit<'a>>),
    Pem(&'a str),
}

fuzz_target!(|input: Input<'_>| {
    let algorithm = material::algorithm(input.alg);
    let options = KeyOptions::default();
    let start = Instant::now();
    let key = match &input.document {
        Document::Der(der) => Key::from_der(der, algorithm, &options),
        Document::EditedDer(which, changes) => {
            let mut der = material::der(*which);
            for (at, byte) in changes {
                let at = usize::from(*at) % der.len();
                der[at] = *byte;
            }
            Key::from_der(&der, algorithm, &options)
        }
        Document::CutDer(which, before, after) => {
            let der = material::der(*which);
            let end = der.len().saturating_sub(usize::from(*after));
            Key::from_der(der.get(usize::from(*before)..end).unwrap_or_default(), algorithm, &options)
        }
        Document::EditedPem(which, edits) => Key::from_pem(&edited(&material::pem(*which), edits), algorithm, &options),
        Document::Pem(pem) => Key::from_pem(pem, algorithm, &options),
    };
    assert!(start.elapsed() < Duration::from_secs(20), "a key took {:?}", start.elapsed());
    if let Ok(key) = key {
        check(&key, algorithm);
    }
});

fn check(key: &Key, algorithm: Algorithm) {
    let print = key.thumbprint(ThumbprintHash::Sha256).unwrap();
    let public = [KeyForm::Spki, KeyForm::Pkcs1Public].map(|form| (form, KeyType::Public));
    let private = [KeyForm::Pkcs8, KeyForm::Pkcs1Private, KeyForm::Sec1].map(|form| (form, KeyType::Private));
    let mut written = 0;
    for (form, half) in public.into_iter().chain(private) {
        let Ok(der) = key.to_der(form) else { continue };
        written += 1;
        let pem = key.to_pem_form(form).unwrap();
        let options = KeyOptions::default();
        // PKCS#1 cannot restrict a key to RSASSA-PSS, so the restriction is lost. The key still fits its algorithm.
        for again in
            [Key::from_der(&der, algorithm, &options).unwrap(), Key::from_pem(&pem, algorithm, &options).unwrap()]
        {
            assert_eq!(again.key_type(), half);
            assert_eq!(again.thumbprint(ThumbprintHash::Sha256).unwrap(), print);
            assert_eq!(*again.to_der(form).unwrap(), *der);
        }
    }
    let least = if key.key_type() == KeyType::Private { 2 } else { 1 };
    assert!(written >= least, "a key that cannot be written");
}
