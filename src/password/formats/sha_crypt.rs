//! SHA-crypt, from Unix systems since 2007: `$5$<salt>$<tag>` with SHA-256, `$6$<salt>$<tag>` with SHA-512. If the
//! rounds are not 5000, `rounds=656000$` stands before the salt.

use super::encodings::{crypt_base64, text};
use super::fields::{end, number};
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rounds::Rounds;
use crate::password::schemes::sha_crypt::{Function, ShaCrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

const DEFAULT_ROUNDS: u64 = 5000;
/// Every implementation raises fewer rounds to this, and writes it.
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
    Ok(Reading::plain(ShaCrypt { function, rounds, salt }, tag).alone())
}
