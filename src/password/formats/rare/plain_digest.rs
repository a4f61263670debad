//! Digests that nothing marks, described: `$digest$d=sha256,s=before$<salt>$<tag>`. `d` is `md5`, `sha1`, `sha256`, `sha384`
//! or `sha512`. `s` says where the salt goes: `before` or `after` the password, or after it in `braces`. It is `none` if there
//! is no salt, and then that field is empty. `i=5000` is Symfony's number of rounds, each of which hashes the digest before it
//! and the same text again. Both fields are in base64. The form is our own: `countersign/import` writes it.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::fields::{Parameters, bytes, end};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest, Stretch};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "digest", recognize, read };

const MOST_SALT_BYTES: usize = 128;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$digest$").then_some(Scheme::PlainDigest)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let parameters = Parameters::read(fields.next().unwrap_or_default(), ["d", "i", "s"])?;
    let function = parameters.get("d").ok_or_else(|| malformed("stored hash lacks the parameter \"d\""))?;
    let function = Function::named(function)
        .ok_or_else(|| unsupported("stored hash's \"d\" is not md5, sha1, sha256, sha384 or sha512"))?;
    let stretch = match parameters.get("i") {
        None => Stretch::None,
        Some("0") => return Err(malformed("stored hash's \"i\" is less than 1")),
        Some(_) => Stretch::Everything(Rounds::new(parameters.number("i")?, limits).map_err(OutOfRange::of_stored)?),
    };
    let place = parameters.get("s").ok_or_else(|| malformed("stored hash lacks the parameter \"s\""))?;
    if !matches!(place, "after" | "before" | "braces" | "none") {
        return Err(malformed("stored hash's \"s\" is not before, after, braces or none"));
    }
    parameters.end()?;
    let mut salt = bytes(fields.next(), "salt", if place == "none" { 0..=0 } else { 1..=MOST_SALT_BYTES })?;
    if place == "braces" {
        salt = [b"{", salt.as_slice(), b"}"].concat();
    }
    let tag = bytes(fields.next(), "tag", function.tag_bytes()..=function.tag_bytes())?;
    end(fields)?;
    let place = if place == "before" { Place::Before } else { Place::After };
    Ok(Reading::plain(SaltedDigest { function, place, salt, stretch }, tag).alone())
}
