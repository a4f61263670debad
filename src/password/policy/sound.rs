//! Costs that are sound, whatever a policy asks for.

use super::ParamsOptions;
use crate::password::scheme::Scheme;

/// Memory in KiB and passes of Argon2id. OWASP Password Storage Cheat Sheet, which holds them to be equal.
const ARGON2ID: [(u64, u64); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9216, 4), (7168, 5)];

/// Cost and parallelism of scrypt, with r = 8, from the same source.
const SCRYPT: [(u64, u64); 5] = [(17, 1), (16, 2), (15, 3), (14, 5), (13, 10)];

/// The settings of a scheme that are as good as its defaults, the defaults among them.
pub(in crate::password) fn sound(scheme: Scheme) -> Vec<ParamsOptions> {
    let defaults = ParamsOptions::default();
    let argon2id =
        |(memory_kib, passes)| ParamsOptions { memory_kib: Some(memory_kib), passes: Some(passes), ..defaults };
    let scrypt = |(cost, parallelism)| ParamsOptions { cost: Some(cost), parallelism: Some(parallelism), ..defaults };
    match scheme {
        Scheme::Argon2id => ARGON2ID.map(argon2id).into(),
        Scheme::Scrypt => SCRYPT.map(scrypt).into(),
        _ => vec![defaults],
    }
}

#[cfg(test)]
mod tests {
    use super::{ParamsOptions, Scheme, sound};
    use crate::password::limits::Limits;

    #[test]
    fn the_defaults_of_a_scheme_are_among_what_is_sound_for_it() {
        for scheme in [Scheme::Argon2id, Scheme::Scrypt, Scheme::Bcrypt, Scheme::Pbkdf2Sha256, Scheme::Pbkdf2Sha512] {
            let costs = |params: ParamsOptions| params.recipe(scheme, &Limits::none()).unwrap().costs();
            let defaults = costs(ParamsOptions::default());
            assert!(sound(scheme).into_iter().any(|params| costs(params) == defaults), "{scheme}");
        }
    }
}
