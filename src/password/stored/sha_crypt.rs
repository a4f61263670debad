//! The hashes of Unix systems since 2007: `$5$<salt>$<tag>` with SHA-256, `$6$<salt>$<tag>` with SHA-512, and
//! `rounds=656000$` before the salt where it is not 5000 rounds.

use super::fields::{crypt_base64, end, number, text};
use super::{Format, Parts, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::recipe;
use crate::password::rounds::Rounds;
use crate::password::scheme::Scheme;
use crate::password::sha_crypt::{Function, Recipe};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

const DEFAULT_ROUNDS: u64 = 5000;
/// What every implementation raises fewer to, and writes instead.
const LEAST_ROUNDS: u64 = 1000;

fn recognize(text: &str) -> Option<Scheme> {
    match text.get(..3)? {
        "$5$" => Some(Scheme::Sha256Crypt),
        "$6$" => Some(Scheme::Sha512Crypt),
        _ => None,
    }
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let function = if scheme == Scheme::Sha256Crypt { Function::Sha256 } else { Function::Sha512 };
    let mut fields = text.split('$').skip(2);
    let mut salt = fields.next();
    let mut rounds = DEFAULT_ROUNDS;
    if let Some(digits) = salt.and_then(|field| field.strip_prefix("rounds=")) {
        rounds = number(digits, "rounds")?;
        if rounds < LEAST_ROUNDS {
            return Err(malformed("stored hash's \"rounds\" is less than 1000"));
        }
        salt = fields.next();
    }
    let salt = self::text(salt, 1..=16)?;
    let tag = crypt_base64(fields.next(), function.tag_bytes())?;
    end(fields)?;
    let rounds = Rounds::new(rounds, limits).map_err(OutOfRange::of_stored)?;
    Ok(Parts::plain(recipe::Recipe::ShaCrypt(Recipe { function, rounds, salt }), tag))
}
