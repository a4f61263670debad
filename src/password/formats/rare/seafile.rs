//! Seafile: `PBKDF2SHA256$<iterations>$<salt>$<tag>`, both in hexadecimal.

use crate::Error;
use crate::password::formats::encodings::hexadecimal;
use crate::password::formats::fields::{SALT_BYTES, end, number};
use crate::password::formats::format::Format;
use crate::password::formats::pbkdf2_passlib;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "seafile", recognize, read };

const TAG_BYTES: usize = 32;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("PBKDF2SHA256$").then_some(Scheme::Pbkdf2Sha256)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(1);
    let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
    let salt = hexadecimal(fields.next(), "salt", SALT_BYTES)?;
    let tag = hexadecimal(fields.next(), "tag", TAG_BYTES..=TAG_BYTES)?;
    end(fields)?;
    pbkdf2_passlib::parts(Digest::Sha256, iterations, salt, tag, limits)
}
