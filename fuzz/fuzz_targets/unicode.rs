//! Unicode normalization of passwords follows the standard: a hash of a password that another implementation normalized
//! accepts the password as it is typed.

#![no_main]

use std::sync::LazyLock;

use countersign::password::{Normalize, ParamsOptions, PasswordHasher, Policy};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;

static HASHERS: LazyLock<[PasswordHasher; 3]> = LazyLock::new(|| {
    [Normalize::None, Normalize::Nfc, Normalize::Nfkc].map(|normalize| {
        let params = ParamsOptions { memory_kib: Some(8), passes: Some(1), ..Default::default() };
        let policy = Policy { params, normalize: Some(normalize), ..Default::default() };
        PasswordHasher::new(&policy).expect("a sound policy")
    })
});

fuzz_target!(|password: &str| {
    let (nfc, nfkc): (String, String) = (password.nfc().collect(), password.nfkc().collect());
    if [password, &nfc, &nfkc].iter().any(|text| 4096 < text.len()) {
        return;
    }
    let [none, by_nfc, by_nfkc] = &*HASHERS;
    for (hasher, normal) in [(by_nfc, nfc), (by_nfkc, nfkc)] {
        let stored = none.hash(&normal).expect("a hash");
        assert!(hasher.verify(password, Some(&stored)).expect("an answer").ok);
    }
});
