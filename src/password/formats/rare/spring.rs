//! Spring Security's encoders that write no form of anybody else's: `{pbkdf2@SpringSecurity_v5_8}` and `{pbkdf2}` before
//! hexadecimal or base64 of the salt and 32 bytes of PBKDF2; `{scrypt@SpringSecurity_v5_8}` and `{scrypt}` before
//! `$<costs>$<salt>$<tag>`, where the costs are `log2 N << 16 | r << 8 | p` in hexadecimal. The other encoders are labels
//! or digests.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::{hexadecimal, is_hexadecimal, padded};
use crate::password::formats::fields::{CUT_SHORT, bytes, characters, end};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::formats::pbkdf2_passlib;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::schemes::scrypt::{self, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "spring-security", recognize, read };

/// With a salt of 16 bytes 310,000 iterations of SHA-256, as since Spring Security 5.8; with one of 8 bytes 185,000 of SHA-1.
const PBKDF2: &[(&str, Digest, usize, u64)] = &[
    ("{pbkdf2@SpringSecurity_v5_8}", Digest::Sha256, 16, 310_000),
    ("{pbkdf2}", Digest::Sha256, 16, 310_000),
    ("{pbkdf2}", Digest::Sha1, 8, 185_000),
];
const SCRYPT: [&str; 2] = ["{scrypt@SpringSecurity_v5_8}", "{scrypt}"];
const TAG_BYTES: usize = 32;
const OTHER_SETTINGS: &str = "stored hash has other settings than Spring Security's defaults and does not name them: convert it with fromColumns";

fn recognize(text: &str) -> Option<Scheme> {
    if SCRYPT.iter().any(|label| text.starts_with(label)) {
        return Some(Scheme::Scrypt);
    }
    let (digest, ..) = encoder(text)?;
    Some(if digest == Digest::Sha1 { Scheme::Pbkdf2Sha1 } else { Scheme::Pbkdf2Sha256 })
}

/// The encoder that wrote a text of this length, or else the newest one with this label, and what stands after the label.
fn encoder(text: &str) -> Option<(Digest, usize, u64, &str)> {
    let mut newest = None;
    for (label, digest, salt_bytes, iterations) in PBKDF2 {
        let Some(rest) = text.strip_prefix(label) else { continue };
        let found = Some((*digest, *salt_bytes, *iterations, rest));
        let bytes = salt_bytes.wrapping_add(TAG_BYTES);
        if rest.len() == bytes << 1 || rest.trim_end_matches('=').len() == characters(bytes) {
            return found;
        }
        newest = newest.or(found);
    }
    newest
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    if scheme == Scheme::Scrypt {
        let rest = SCRYPT.iter().find_map(|label| text.strip_prefix(label)).unwrap_or_default();
        return read_scrypt(rest, limits);
    }
    let (digest, salt_bytes, iterations, rest) =
        encoder(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    let bytes = salt_bytes.saturating_add(TAG_BYTES);
    let hex_characters = bytes << 1;
    if hex_characters < rest.len() {
        return Err(unsupported(OTHER_SETTINGS));
    }
    let is_base64 = rest.len() < hex_characters && !is_hexadecimal(rest);
    let mut salt = if is_base64 {
        padded(Some(rest), "salt and tag", bytes..=bytes)
    } else {
        hexadecimal(Some(rest), "salt and tag", bytes..=bytes)
    }?;
    let tag = salt.split_off(salt_bytes);
    pbkdf2_passlib::parts(digest, iterations, salt, tag, limits)
}

fn read_scrypt(rest: &str, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split('$').skip(1);
    let costs = fields.next().unwrap_or_default();
    let is_plain = costs.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) && !costs.starts_with('0');
    let costs = u32::from_str_radix(costs, 16).ok().filter(|_| is_plain);
    let [_, cost, block_size, parallelism] =
        costs.ok_or_else(|| malformed("stored hash's costs are not a hexadecimal number"))?.to_be_bytes();
    let salt = bytes(fields.next(), "salt", 8..=128)?;
    let text = fields.next();
    let tag = padded(text, "tag", 16..=64)?;
    end(fields)?;
    // Only these lengths have no padding that shows that nothing was cut.
    if !text.is_some_and(|text| text.ends_with('=')) && !matches!(tag.len(), 24 | 32 | 48) {
        return Err(malformed(CUT_SHORT));
    }
    let params = scrypt::Params::new(cost.into(), block_size.into(), parallelism.into(), limits);
    let params = params.map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Scrypt { params, salt }, tag).alone())
}
