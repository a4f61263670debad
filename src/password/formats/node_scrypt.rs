//! scrypt as Node.js programs write it without a library, with the defaults of `crypto.scrypt`: N = 16384, r = 8, p = 1. The
//! text does not contain these costs. It is one of these, in hexadecimal: `<key>.<salt>`, `<salt>.<key>`, `<salt>:<key>`,
//! `scrypt:<salt>:<key>`, `scrypt$<salt>$<key>`. The key has 32 or 64 bytes.
//!
//! Most programs pass the salt's text to scrypt, some the bytes that it encodes: both are tried. If the salt of
//! `<salt>:<key>` has 32 characters, `better_auth.rs` parses the text, because better-auth writes the same shape.

use super::encodings::hexadecimal;
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "node", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    pairs(text).next().map(|_| Scheme::Scrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut parts: Option<Parts> = None;
    for (salt, key) in pairs(text) {
        let tag = hexadecimal(Some(key), "tag", 32..=64)?;
        for salt in [salt.into(), hexadecimal(Some(salt), "salt", 8..=64)?] {
            let reading = reading(salt, tag.clone(), limits);
            parts = Some(match parts {
                None => reading?.alone(),
                Some(parts) => parts.or(Scheme::Scrypt, reading),
            });
        }
    }
    parts.ok_or_else(|| malformed("stored hash is not in a known format"))
}

/// scrypt with Node's default costs.
pub(super) fn reading(salt: Vec<u8>, tag: Vec<u8>, limits: &Limits) -> Result<Reading, Error> {
    let params = Params::new(14, 8, 1, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Scrypt { params, salt }, tag))
}

/// The salt and the key, in each order in which the text may have them.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let marked = text.strip_prefix("scrypt:").and_then(|rest| rest.split_once(':'));
    let marked = marked.or_else(|| text.strip_prefix("scrypt$").and_then(|rest| rest.split_once('$')));
    let saved = marked.or_else(|| text.split_once(':')).or_else(|| text.split_once('.'));
    let reversed = text.split_once('.').map(|(key, salt)| (salt, key));
    [saved, reversed].into_iter().flatten().filter(|(salt, key)| {
        let is_hexadecimal = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        // Any other length would be that of a salt that was cut short, where it comes last.
        let is_salt = matches!(salt.len(), 16 | 24 | 32 | 40 | 48 | 64 | 96 | 128);
        is_salt && matches!(key.len(), 64 | 128) && is_hexadecimal(salt) && is_hexadecimal(key)
    })
}
