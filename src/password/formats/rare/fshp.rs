//! FSHP: `{FSHP1|16|4096}<base64 of salt and tag>`, where the numbers are the digest, the bytes of the salt, and the rounds. Each
//! round after the first hashes the digest again.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::padded;
use crate::password::formats::fields::{CUT_SHORT, number, of_length};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest, Stretch};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "fshp", recognize, read };

const MOST_SALT_BYTES: usize = 128;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("{FSHP").then_some(Scheme::SaltedDigest)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let (settings, rest) = text.strip_prefix("{FSHP").and_then(|rest| rest.split_once('}')).unwrap_or_default();
    let mut settings = settings.split('|');
    let function = match settings.next() {
        Some("0") => Function::Sha1,
        Some("1") => Function::Sha256,
        Some("2") => Function::Sha384,
        Some("3") => Function::Sha512,
        _ => return Err(unsupported("stored hash uses an unknown digest")),
    };
    let [salt_bytes, rounds] = ["salt size", "rounds"].map(|name| number(settings.next().unwrap_or_default(), name));
    let (salt_bytes, rounds) = (salt_bytes?, rounds?);
    if rounds == 0 {
        return Err(malformed("stored hash's \"rounds\" is less than 1"));
    }
    let rounds = Rounds::new(rounds, limits).map_err(OutOfRange::of_stored)?;
    let mut salt = padded(Some(rest), "salt and tag", 0..=usize::MAX)?;
    let salt_bytes = usize::try_from(salt_bytes).unwrap_or(usize::MAX);
    let expected = salt_bytes.saturating_add(function.tag_bytes());
    if salt.len() < expected {
        return Err(malformed(CUT_SHORT));
    }
    let tag = of_length(salt.split_off(salt_bytes), "tag", function.tag_bytes()..=function.tag_bytes())?;
    let salt = of_length(salt, "salt", 0..=MOST_SALT_BYTES)?;
    let kdf = SaltedDigest { function, place: Place::Before, salt, stretch: Stretch::Digest(rounds) };
    Ok(Reading::plain(kdf, tag).alone())
}
