//! What ASP.NET Core Identity stores since its version 3, in base64: a byte 1; the function of PBKDF2, the iterations and
//! the length of the salt as 32-bit numbers, the high byte first; the salt; the tag.

use super::fields::{LEAST_TAG_BYTES, of_length, padded};
use super::{Format, Parts, malformed, unsupported};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::pbkdf2::{Digest, Params, Recipe};
use crate::password::recipe;
use crate::password::scheme::Scheme;

pub(super) const FORMAT: Format = Format { name: "aspnet-identity", recognize, read };

/// 128 bits: Identity takes no less, nor of a tag.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 16..=128;

/// As much as Identity itself writes, whatever the digest.
const WRITTEN_TAG_BYTES: usize = 32;

fn recognize(text: &str) -> Option<Scheme> {
    // The byte 1, and the three high bytes of the function.
    text.starts_with("AQAAA").then_some(Scheme::AspnetIdentityV3)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let bytes = padded(Some(text), "envelope", 13..=512)?;
    let too_short = || malformed("stored hash ends before its salt does");
    let (header, rest) = bytes.split_first_chunk::<13>().ok_or_else(too_short)?;
    let [_, numbers @ ..] = header;
    let [function, iterations, salt_bytes] = [0, 4, 8].map(|start| word(numbers, start));
    let digest = match function {
        0 => Digest::Sha1,
        1 => Digest::Sha256,
        2 => Digest::Sha512,
        _ => return Err(unsupported("stored hash is of an unknown function")),
    };
    let (salt, tag) = rest.split_at_checked(salt_bytes as usize).ok_or_else(too_short)?;
    let salt = of_length(salt.into(), "salt", SALT_BYTES)?;
    let tag = of_length(tag.into(), "tag", LEAST_TAG_BYTES..=digest.tag_bytes().max(WRITTEN_TAG_BYTES))?;
    // With SHA-1, what Identity writes takes two runs.
    let runs = tag.len().div_ceil(digest.tag_bytes()) as u64;
    Params::new(runs.saturating_mul(iterations.into()), limits).map_err(OutOfRange::of_stored)?;
    let params = Params::new(iterations.into(), limits).map_err(OutOfRange::of_stored)?;
    Ok(Parts::plain(recipe::Recipe::Pbkdf2(Recipe { digest, params, salt }), tag))
}

fn word(bytes: &[u8; 12], start: usize) -> u32 {
    let bytes = bytes.get(start..).and_then(|rest| rest.first_chunk()).copied();
    u32::from_be_bytes(bytes.unwrap_or_default())
}
