//! ASP.NET Core Identity, version 3: base64 of these fields, one after the other. The byte 1; then, as 32-bit big-endian
//! numbers, the id of PBKDF2's digest, the iterations and the length of the salt; then the salt and the tag.

use super::fields::{CUT_SHORT, bytes, characters, of_length};
use super::format::{Format, malformed, unsupported};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::{Digest, Params, Pbkdf2};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "aspnet-identity", recognize, read };

/// Identity accepts no salt and no tag under 128 bits.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 16..=128;

/// What Identity writes, whatever the digest.
const TAG_BYTES: usize = 32;

/// The shortest tag in Identity's own tests.
const LEAST_TAG_BYTES: usize = 16;

/// The least bytes: header, salt and tag.
const LEAST_BYTES: usize = 13 + *SALT_BYTES.start() + LEAST_TAG_BYTES;

fn recognize(text: &str) -> Option<Scheme> {
    // The byte 1, and the three high bytes of the digest.
    text.starts_with("AQAAA").then_some(Scheme::AspnetIdentityV3)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    if text.trim_end_matches('=').len() < characters(LEAST_BYTES) {
        return Err(malformed("stored hash is cut short"));
    }
    let envelope = bytes(Some(text), "envelope", LEAST_BYTES..=512)?;
    let too_short = || malformed("stored hash is cut short within its salt");
    let (header, rest) = envelope.split_first_chunk::<13>().ok_or_else(too_short)?;
    let [_, numbers @ ..] = header;
    let [digest, iterations, salt_bytes] = [0, 4, 8].map(|start| word(numbers, start));
    let digest = match digest {
        0 => Digest::Sha1,
        1 => Digest::Sha256,
        2 => Digest::Sha512,
        _ => return Err(unsupported("stored hash uses an unknown digest")),
    };
    let (salt, tag) = rest.split_at_checked(salt_bytes as usize).ok_or_else(too_short)?;
    let salt = of_length(salt.into(), "salt", SALT_BYTES)?;
    let most = digest.tag_bytes().max(TAG_BYTES);
    let is_written = [LEAST_TAG_BYTES, TAG_BYTES, digest.tag_bytes()].contains(&tag.len());
    if tag.len() < most && !is_written {
        return Err(malformed(CUT_SHORT));
    }
    let tag = of_length(tag.into(), "tag", LEAST_TAG_BYTES..=most)?;
    let params = Params::of_tag(digest, iterations.into(), tag.len(), limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Pbkdf2 { digest, params, salt }, tag).alone())
}

fn word(bytes: &[u8; 12], start: usize) -> u32 {
    let bytes = bytes.get(start..).and_then(|rest| rest.first_chunk()).copied();
    u32::from_be_bytes(bytes.unwrap_or_default())
}
