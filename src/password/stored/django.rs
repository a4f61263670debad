//! What Django stores, but for Argon2: `pbkdf2_sha256$1000000$<salt>$<tag>`, `pbkdf2_sha1$…`,
//! `scrypt$16384$<salt>$8$5$<tag>`, `bcrypt_sha256$$2b$12$…`, `bcrypt$$2b$12$…`. A salt is the text that it is, a tag is in
//! base64 with padding.
//!
//! Django does nothing to a password's Unicode form, so it hashed whichever the keyboard gave, which nearly always is the
//! form that a policy normalizes to. A hash of another is met by the password as it was typed, which is checked after it.

use super::fields::{end, number, padded, text};
use super::{Format, Parts, bcrypt_mcf, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::preparation::Preparation;
use crate::password::recipe::Recipe;
use crate::password::scheme::Scheme;
use crate::password::{pbkdf2, scrypt};

pub(super) const FORMAT: Format = Format { name: "django", recognize, read };

/// No software is known to make a salt of more than 22 characters by itself.
pub(super) const SALT_CHARACTERS: core::ops::RangeInclusive<usize> = 1..=128;

fn recognize(text: &str) -> Option<Scheme> {
    match text.split('$').next()? {
        "bcrypt" => text.starts_with("bcrypt$$").then_some(Scheme::Bcrypt),
        "bcrypt_sha256" => Some(Scheme::DjangoBcryptSha256),
        "pbkdf2_sha1" => Some(Scheme::Pbkdf2Sha1),
        "pbkdf2_sha256" => Some(Scheme::Pbkdf2Sha256),
        "scrypt" => text.starts_with("scrypt$").then_some(Scheme::Scrypt),
        _ => None,
    }
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let rest = text.find('$').and_then(|end| text.get(end.wrapping_add(1)..)).unwrap_or_default();
    match scheme {
        Scheme::Bcrypt => bcrypt_mcf::read(bcrypt(rest)?, scheme, limits),
        Scheme::DjangoBcryptSha256 => {
            let parts = bcrypt_mcf::read(bcrypt(rest)?, scheme, limits)?;
            Ok(Parts { preparation: Preparation::Sha256Hex, ..parts })
        }
        Scheme::Scrypt => read_scrypt(rest, limits),
        Scheme::Pbkdf2Sha1 => read_pbkdf2(rest, pbkdf2::Digest::Sha1, limits),
        _ => read_pbkdf2(rest, pbkdf2::Digest::Sha256, limits),
    }
}

fn bcrypt(rest: &str) -> Result<&str, Error> {
    if rest.starts_with("$2") { Ok(rest) } else { Err(malformed("stored hash has no hash of bcrypt after its name")) }
}

fn read_pbkdf2(rest: &str, digest: pbkdf2::Digest, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split('$');
    let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
    let salt = self::text(fields.next(), SALT_CHARACTERS)?;
    let tag = padded(fields.next(), "tag", digest.tag_bytes()..=digest.tag_bytes())?;
    end(fields)?;
    let params = pbkdf2::Params::new(iterations, limits).map_err(OutOfRange::of_stored)?;
    Ok(Parts::plain(Recipe::Pbkdf2(pbkdf2::Recipe { digest, params, salt }), tag))
}

fn read_scrypt(rest: &str, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split('$');
    let entries = number(fields.next().unwrap_or_default(), "N")?;
    let salt = self::text(fields.next(), SALT_CHARACTERS)?;
    let [block_size, parallelism] = ["r", "p"].map(|name| number(fields.next().unwrap_or_default(), name));
    let tag = padded(fields.next(), "tag", 64..=64)?;
    end(fields)?;
    let params = scrypt_params(entries, block_size?, parallelism?, limits)?;
    Ok(Parts::plain(Recipe::Scrypt(scrypt::Recipe { params, salt }), tag))
}

/// Costs of scrypt with N itself, of which there is but the logarithm elsewhere.
///
/// # Errors
/// - `HASH_MALFORMED`: not a power of two.
/// - `HASH_COST_TOO_HIGH`: beyond the limits.
pub(super) fn scrypt_params(
    entries: u64,
    block_size: u64,
    parallelism: u64,
    limits: &Limits,
) -> Result<scrypt::Params, Error> {
    if !entries.is_power_of_two() {
        return Err(malformed("stored hash's \"N\" is not a power of two"));
    }
    let cost = entries.trailing_zeros().into();
    scrypt::Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)
}
