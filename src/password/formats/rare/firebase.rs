//! Firebase Authentication's scrypt with the parameters of its project: `$fbscrypt$v=1,n=14,r=8,p=1,ss=<salt separator>,
//! sk=<signer key>$<salt>$<tag>` of Supabase, which `countersign/import` writes, and
//! `$firescrypt$ln=14,r=8,p=1$<salt>$<tag>$<salt separator>$<signer key>` of Ory. All in base64.

use core::cmp::Ordering;

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::padded;
use crate::password::formats::fields::{CUT_SHORT, Parameters, bytes, end};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::firebase::FirebaseScrypt;
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "firebase", recognize, read };

/// Firebase writes 10 bytes; its import takes any salt.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 1..=64;
const SEPARATOR_BYTES: core::ops::RangeInclusive<usize> = 0..=16;
/// Firebase writes 64.
const KEY_BYTES: core::ops::RangeInclusive<usize> = 16..=128;

fn recognize(text: &str) -> Option<Scheme> {
    (text.starts_with("$fbscrypt$") || text.starts_with("$firescrypt$")).then_some(Scheme::FirebaseScrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(1);
    let is_supabase = fields.next() == Some("fbscrypt");
    let parameters = fields.next().unwrap_or_default();
    let parameters = Parameters::read(parameters, ["v", "n", "ln", "r", "p", "ss", "sk"])?;
    let foreign: &[&str] = if is_supabase { &["ln"] } else { &["v", "n", "ss", "sk"] };
    if foreign.iter().any(|name| parameters.get(name).is_some()) {
        return Err(malformed("stored hash has an unknown parameter"));
    }
    if is_supabase && parameters.number("v")? != 1 {
        return Err(unsupported("stored hash has an unknown version"));
    }
    let cost = if is_supabase { "n" } else { "ln" };
    let [cost, block_size, parallelism] = [cost, "r", "p"].map(|name| parameters.number(name));
    let (cost, block_size, parallelism) = (cost?, block_size?, parallelism?);
    parameters.end()?;
    let mut salt = bytes(fields.next(), "salt", SALT_BYTES)?;
    let tag = padded(fields.next(), "tag", KEY_BYTES)?;
    let mut or_next = |name| if is_supabase { parameters.get(name) } else { fields.next() };
    let (separator, signer_key) = (or_next("ss"), or_next("sk"));
    salt.extend(bytes(separator, "salt separator", SEPARATOR_BYTES)?);
    let signer_key = bytes(signer_key, "signer key", KEY_BYTES)?;
    end(fields)?;
    // The last field is the tag in one form, and the key in the other.
    match (is_supabase, tag.len().cmp(&signer_key.len())) {
        (true, Ordering::Less) => return Err(malformed(CUT_SHORT)),
        (false, Ordering::Greater) => return Err(malformed("stored hash is cut short within its signer key")),
        _ => {}
    }
    if tag.len() != signer_key.len() {
        return Err(malformed("stored hash's tag is not as long as its signer key"));
    }
    let params = Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(FirebaseScrypt { scrypt: Scrypt { params, salt }, signer_key }, tag).alone())
}
