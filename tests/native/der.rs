//! Compares this crate's reader and writer of key documents with RustCrypto's crates, of which there is one per format.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use countersign::jwt::{Algorithm, Key, KeyForm, KeyOptions};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::SubjectPublicKeyInfoRef;
use sec1::EcPrivateKey;

/// Reads and writes a document with the crate for its format. `None` if the crate refuses it.
fn theirs(form: KeyForm, der: &[u8]) -> Option<Vec<u8>> {
    match form {
        KeyForm::Pkcs1Private => RsaPrivateKeyRef::from_der(der).ok()?.to_der(),
        KeyForm::Pkcs1Public => RsaPublicKeyRef::from_der(der).ok()?.to_der(),
        KeyForm::Pkcs8 => PrivateKeyInfoRef::from_der(der).ok()?.to_der(),
        KeyForm::Sec1 => EcPrivateKey::from_der(der).ok()?.to_der(),
        KeyForm::Spki => {
            let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
            // Keys here consist of whole bytes.
            info.subject_public_key.as_bytes()?;
            info.to_der()
        }
        _ => panic!("a form without an oracle"),
    }
    .ok()
}

fn documents() -> Vec<(Algorithm, KeyForm, Vec<u8>)> {
    let ec = [KeyForm::Pkcs8, KeyForm::Sec1, KeyForm::Spki];
    let rsa = [KeyForm::Pkcs1Private, KeyForm::Pkcs1Public, KeyForm::Pkcs8, KeyForm::Spki];
    let of = |algorithm: Algorithm, forms: &[KeyForm]| {
        let key = Key::generate(algorithm, &KeyOptions::default()).unwrap();
        forms.iter().map(|form| (algorithm, *form, key.to_der(*form).unwrap().to_vec())).collect::<Vec<_>>()
    };
    [
        of(Algorithm::EdDsa, &[KeyForm::Pkcs8, KeyForm::Spki]),
        of(Algorithm::Es256, &ec),
        of(Algorithm::Es384, &ec),
        of(Algorithm::Es512, &ec),
        of(Algorithm::Rs256, &rsa),
    ]
    .concat()
}

#[test]
fn writes_the_same_documents_as_the_crates() {
    for (algorithm, form, der) in documents() {
        assert_eq!(theirs(form, &der).as_ref(), Some(&der), "{algorithm} {form:?}");
    }
}

/// Variants of a document: each byte of the structure changed in several ways, cut off, and doubled.
fn edits(der: &[u8]) -> Vec<Vec<u8>> {
    // After the first hundred bytes come numbers. Changing those does not change the structure.
    let positions = (0..der.len().min(100)).chain(der.len().saturating_sub(20)..der.len());
    let changes = positions.flat_map(|index| {
        [1_u8, 2, 4, 8, 16, 32, 64, 128, 255].into_iter().flat_map(move |bits| {
            let mut changed = der.to_vec();
            changed[index] ^= bits;
            let mut doubled = der.to_vec();
            doubled.insert(index, der[index]);
            let mut cut = der.to_vec();
            cut.remove(index);
            [changed, doubled, cut, der[..index].to_vec()]
        })
    });
    changes.collect()
}

#[test]
fn refuses_every_document_that_the_crates_refuse() {
    let mut taken = 0;
    for (algorithm, form, der) in documents() {
        for edited in edits(&der) {
            if Key::from_der(&edited, algorithm, &KeyOptions::default()).is_ok() {
                taken += 1;
                let forms = [KeyForm::Pkcs1Private, KeyForm::Pkcs1Public, KeyForm::Pkcs8, KeyForm::Sec1, KeyForm::Spki];
                let known = forms.into_iter().any(|form| theirs(form, &edited).is_some_and(|again| again == edited));
                assert!(known, "{algorithm} {form:?}");
            }
        }
    }
    // Makes sure that something was compared: many changed documents are still keys.
    assert!(0 < taken);
}

#[test]
fn reads_every_document_that_the_crates_write_alike() {
    for (algorithm, form, der) in documents() {
        for edited in edits(&der) {
            let Some(again) = theirs(form, &edited) else { continue };
            let Err(error) = Key::from_der(&edited, algorithm, &KeyOptions::default()) else { continue };
            let malformed = error.to_string().starts_with("not a key");
            // We may refuse a document that the crate reads but would write differently, as with object identifiers.
            assert!(!malformed || again != edited, "{algorithm} {form:?}: {error}");
        }
    }
}
