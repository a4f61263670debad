//! Django, except Argon2: `pbkdf2_sha256$1000000$<salt>$<tag>`, `pbkdf2_sha1$…`, `scrypt$16384$<salt>$8$5$<tag>`,
//! `bcrypt_sha256$$2b$12$…`, `bcrypt$$2b$12$…`. The salt is used as text, the tag is in base64.
//!
//! Django does not normalize passwords. It hashed what the keyboard sent, which is nearly always NFC. The password as typed is
//! checked after the normalized one.

use super::bcrypt_mcf;
use super::encodings::{hexadecimal, logarithm, text};
use super::fields::{SALT_BYTES, bytes, end, number};
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::{self, Pbkdf2};
use crate::password::schemes::scrypt::{self, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "django", recognize, read };

/// No software is known to write more than 22 characters.
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
            Ok(Reading { prehash: PreHash::Sha256Hex, ..parts.first }.alone())
        }
        Scheme::Scrypt => read_scrypt(rest, limits),
        Scheme::Pbkdf2Sha1 => read_pbkdf2(rest, scheme, pbkdf2::Digest::Sha1, limits),
        _ => read_pbkdf2(rest, scheme, pbkdf2::Digest::Sha256, limits),
    }
}

fn bcrypt(rest: &str) -> Result<&str, Error> {
    if rest.starts_with("$2") { Ok(rest) } else { Err(malformed("stored hash has no bcrypt hash after its prefix")) }
}

fn read_pbkdf2(rest: &str, scheme: Scheme, digest: pbkdf2::Digest, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split('$');
    let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
    let salt = self::text(fields.next(), SALT_CHARACTERS)?;
    let (field, length) = (fields.next(), digest.tag_bytes());
    // Clerk exports some in hexadecimal, which is twice as long as the tag. No tag in base64 is.
    let is_hexadecimal = field.is_some_and(|field| field.len() == length.saturating_mul(2));
    let tag = if is_hexadecimal { hexadecimal } else { bytes }(field, "tag", length..=length)?;
    end(fields)?;
    let params = pbkdf2::Params::new(iterations, limits).map_err(OutOfRange::of_stored)?;
    // Clerk's salts are in base64. Django's are letters and digits, which may be base64 too.
    let decoded = bytes(core::str::from_utf8(&salt).ok(), "salt", SALT_BYTES).ok();
    let parts = Reading::plain(Pbkdf2 { digest, params, salt }, tag.clone()).alone();
    Ok(match decoded {
        Some(salt) => parts.or(scheme, Ok(Reading::plain(Pbkdf2 { digest, params, salt }, tag))),
        None => parts,
    })
}

fn read_scrypt(rest: &str, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split('$');
    let entries = number(fields.next().unwrap_or_default(), "N")?;
    let salt = self::text(fields.next(), SALT_CHARACTERS)?;
    let [block_size, parallelism] = ["r", "p"].map(|name| number(fields.next().unwrap_or_default(), name));
    let tag = bytes(fields.next(), "tag", 64..=64)?;
    end(fields)?;
    let params =
        scrypt::Params::new(logarithm(entries)?, block_size?, parallelism?, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Scrypt { params, salt }, tag).alone())
}
