//! The schemes: a file for each, and the table of those that make new hashes.

pub(super) mod argon2;
#[cfg(feature = "schemes")]
pub(super) mod bcrypt;
#[cfg(feature = "schemes")]
pub(super) mod pbkdf2;
#[cfg(feature = "schemes")]
pub(super) mod phpass;
#[cfg(feature = "schemes")]
pub(super) mod rounds;
#[cfg(feature = "schemes")]
pub(super) mod scrypt;
#[cfg(feature = "schemes")]
pub(super) mod sha_crypt;

use super::new_scheme::NewScheme;
use super::scheme::Scheme;

#[cfg(feature = "schemes")]
const NEW_HASHES: &[NewScheme] =
    &[argon2::NEW_HASHES, bcrypt::NEW_HASHES, pbkdf2::NEW_HASHES_SHA256, pbkdf2::NEW_HASHES_SHA512, scrypt::NEW_HASHES];
#[cfg(not(feature = "schemes"))]
const NEW_HASHES: &[NewScheme] = &[argon2::NEW_HASHES];

/// The error for a scheme that is not in the table.
pub(super) const NOT_FOR_NEW_HASHES: &str = if cfg!(feature = "schemes") {
    "option \"scheme\" cannot make new hashes: use argon2id, bcrypt, pbkdf2-sha256, pbkdf2-sha512 or scrypt"
} else {
    "option \"scheme\" is not \"argon2id\""
};

/// The row of a scheme that makes new hashes.
pub(super) fn of_new_hashes(scheme: Scheme) -> Option<&'static NewScheme> {
    NEW_HASHES.iter().find(|row| row.scheme == scheme)
}

#[cfg(all(test, feature = "schemes"))]
mod tests {
    use super::NEW_HASHES;
    use crate::password::limits::Limits;
    use crate::password::params::ParamsOptions;

    #[test]
    fn the_defaults_of_a_scheme_are_among_its_owasp_equivalents() {
        assert_eq!(NEW_HASHES.len(), 5);
        for row in NEW_HASHES {
            let costs = |params: &ParamsOptions| (row.kdf)(params, &Limits::none()).unwrap().costs();
            let defaults = costs(&ParamsOptions::DEFAULT);
            assert!(row.owasp_equivalents.iter().any(|params| costs(params) == defaults), "{}", row.scheme);
        }
    }
}
