//! PBKDF2 with HMAC-SHA-1 and the prefix `$p5k2$`, then the iterations in hexadecimal, the salt and the tag. Cryptacular writes 20
//! bytes of tag and the salt in base64 with `-` and `_`. Litzenberger's `PBKDF2.crypt` writes 24 bytes of tag in base64 with `.`,
//! and everything before the tag is its salt; no iterations mean 400.

use crate::Error;
use crate::password::formats::encodings::{padded, text};
use crate::password::formats::fields::{CUT_SHORT, SALT_BYTES, bytes, end, present};
use crate::password::formats::format::{Format, malformed};
use crate::password::formats::pbkdf2_passlib::{adapted, parts};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "p5k2", recognize, read };

const CRYPTACULAR_CHARACTERS: usize = 28;
const LITZENBERGER_CHARACTERS: usize = 32;
const LITZENBERGER_ITERATIONS: u64 = 400;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$p5k2$").then_some(Scheme::Pbkdf2Sha1)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let iterations = fields.next().unwrap_or_default();
    let salt = fields.next();
    let tag = present(fields.next(), "tag")?;
    end(fields)?;
    match tag.len() {
        CRYPTACULAR_CHARACTERS => {
            let [salt, tag] = [present(salt, "salt")?, tag].map(|field| field.replace('-', "+").replace('_', "/"));
            let salt = bytes(Some(&salt), "salt", SALT_BYTES)?;
            parts(Digest::Sha1, hexadecimal(iterations)?, salt, padded(Some(&tag), "tag", 20..=20)?, limits)
        }
        LITZENBERGER_CHARACTERS => {
            let iterations = if iterations.is_empty() { LITZENBERGER_ITERATIONS } else { hexadecimal(iterations)? };
            self::text(salt, SALT_BYTES)?;
            let setting = text.rsplit_once('$').unwrap_or_default().0;
            parts(Digest::Sha1, iterations, setting.into(), adapted(Some(tag), "tag", 24..=24)?, limits)
        }
        length if length < LITZENBERGER_CHARACTERS => Err(malformed(CUT_SHORT)),
        _ => Err(malformed("stored hash's tag is not 20 or 24 bytes long")),
    }
}

/// A number below 2^32 in lower-case hexadecimal, without leading zeros.
fn hexadecimal(digits: &str) -> Result<u64, Error> {
    let is_plain = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) && !digits.starts_with('0');
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_plain);
    number.map(u64::from).ok_or_else(|| malformed("stored hash's \"iterations\" is not a plain hexadecimal number"))
}
