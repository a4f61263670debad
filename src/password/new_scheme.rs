//! The table of schemes that make new hashes.

use super::costs::OutOfRange;
use super::limits::Limits;
use super::new_hash::AnyNewHash;
use super::params::ParamsOptions;
use super::scheme::Scheme;
use super::schemes::argon2::Argon2;
#[cfg(feature = "schemes")]
use super::schemes::{bcrypt::Bcrypt, pbkdf2::Digest, pbkdf2::Pbkdf2, scrypt, scrypt::Scrypt};

/// A scheme that makes new hashes: which `params` it has, and how to build it from them.
pub(super) struct NewScheme {
    pub(super) scheme: Scheme,
    /// The members of `params` that apply to it.
    pub(super) params: &'static [&'static str],
    /// Settings that OWASP's Password Storage Cheat Sheet regards as equally strong. The defaults are one of them.
    pub(super) owasp_equivalents: &'static [ParamsOptions],
    /// The function with these params, or its defaults where they are not set. The salt is a placeholder.
    pub(super) kdf: fn(&ParamsOptions, &Limits) -> Result<Box<AnyNewHash>, OutOfRange>,
    /// The limits that allow for the policy's own params, where the policy does not set them.
    pub(super) raised: fn(&ParamsOptions, Limits) -> Limits,
}

const ARGON2ID: NewScheme = NewScheme {
    scheme: Scheme::Argon2id,
    params: &["lanes", "memoryKib", "passes"],
    owasp_equivalents: &[
        argon2id(47_104, 1),
        argon2id(19_456, 2),
        argon2id(12_288, 3),
        argon2id(9216, 4),
        argon2id(7168, 5),
    ],
    kdf: |options, limits| Ok(Box::new(Argon2::of_policy(options, limits)?)),
    raised: |_, limits| limits,
};

#[cfg(not(feature = "schemes"))]
const TABLE: &[NewScheme] = &[ARGON2ID];

#[cfg(feature = "schemes")]
const TABLE: &[NewScheme] = &[
    ARGON2ID,
    NewScheme {
        scheme: Scheme::Bcrypt,
        params: &["cost"],
        owasp_equivalents: &[ParamsOptions::DEFAULT],
        kdf: |options, limits| Ok(Box::new(Bcrypt::of_policy(options, limits)?)),
        ..ARGON2ID
    },
    NewScheme {
        scheme: Scheme::Pbkdf2Sha256,
        params: &["iterations"],
        owasp_equivalents: &[ParamsOptions::DEFAULT],
        kdf: |options, limits| Ok(Box::new(Pbkdf2::of_policy(Digest::Sha256, options, limits)?)),
        ..ARGON2ID
    },
    NewScheme {
        scheme: Scheme::Pbkdf2Sha512,
        params: &["iterations"],
        owasp_equivalents: &[ParamsOptions::DEFAULT],
        kdf: |options, limits| Ok(Box::new(Pbkdf2::of_policy(Digest::Sha512, options, limits)?)),
        ..ARGON2ID
    },
    NewScheme {
        scheme: Scheme::Scrypt,
        params: &["blockSize", "cost", "parallelism"],
        owasp_equivalents: &[scrypt(17, 1), scrypt(16, 2), scrypt(15, 3), scrypt(14, 5), scrypt(13, 10)],
        kdf: |options, limits| Ok(Box::new(Scrypt::of_policy(options, limits)?)),
        raised: scrypt::raised,
    },
];

const fn argon2id(memory_kib: u64, passes: u64) -> ParamsOptions {
    ParamsOptions { memory_kib: Some(memory_kib), passes: Some(passes), ..ParamsOptions::DEFAULT }
}

/// With r = 8.
#[cfg(feature = "schemes")]
const fn scrypt(cost: u64, parallelism: u64) -> ParamsOptions {
    ParamsOptions { cost: Some(cost), parallelism: Some(parallelism), ..ParamsOptions::DEFAULT }
}

/// The error for a scheme that is not in the table.
pub(super) const NOT_IN_TABLE: &str = if cfg!(feature = "schemes") {
    "option \"scheme\" cannot make new hashes: use argon2id, bcrypt, pbkdf2-sha256, pbkdf2-sha512 or scrypt"
} else {
    "option \"scheme\" is not \"argon2id\""
};

/// The row of a scheme that makes new hashes.
pub(super) fn new_scheme(scheme: Scheme) -> Option<&'static NewScheme> {
    TABLE.iter().find(|row| row.scheme == scheme)
}

#[cfg(test)]
mod tests {
    use super::{Limits, ParamsOptions, TABLE};
    use crate::password::formats;
    #[cfg(not(feature = "schemes"))]
    use crate::password::kdf::Kdf;
    use crate::password::kdf::SALT_BYTES;
    #[cfg(not(feature = "schemes"))]
    use crate::password::new_hash::NewHash;

    #[test]
    fn the_defaults_of_a_scheme_are_among_its_owasp_equivalents() {
        assert_eq!(TABLE.len(), if cfg!(feature = "schemes") { 5 } else { 1 });
        for row in TABLE {
            let costs = |params: &ParamsOptions| (row.kdf)(params, &Limits::none()).unwrap().costs();
            let defaults = costs(&ParamsOptions::DEFAULT);
            assert!(row.owasp_equivalents.iter().any(|params| costs(params) == defaults), "{}", row.scheme);
        }
    }

    #[test]
    fn a_new_hash_is_read_as_it_was_made() {
        for row in TABLE {
            let kdf = (row.kdf)(&ParamsOptions::DEFAULT, &Limits::none()).unwrap().with_salt([7; SALT_BYTES]);
            let tag = vec![1; kdf.tag_bytes()];
            let read = formats::read(&kdf.stored(&tag, None), &[row.scheme], &Limits::none()).unwrap();
            let (scheme, reading) = read.first().unwrap();
            assert_eq!(scheme, row.scheme);
            assert_eq!(reading.kdf.costs(), kdf.costs());
            assert_eq!(reading.kdf.salt(), [7; SALT_BYTES]);
            assert_eq!(reading.tag, tag);
        }
    }
}
