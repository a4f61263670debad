//! Digests that nothing marks, described: `$digest$d=sha256,s=before$<salt>$<tag>`. `d` is `md5`, `sha1`, `sha256`, `sha384`
//! or `sha512`; `s` says where the salt goes, `before` or `after` the password, or is `none`, and then the salt is empty.
//! Both fields are in base64. The form is our own: `countersign/import` writes it.

use crate::Error;
use crate::password::formats::fields::{Parameters, bytes, end};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "digest", recognize, read };

const MOST_SALT_BYTES: usize = 128;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$digest$").then_some(Scheme::PlainDigest)
}

fn read(text: &str, _: Scheme, _: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let parameters = Parameters::read(fields.next().unwrap_or_default(), ["d", "s"])?;
    let function = parameters.get("d").ok_or_else(|| malformed("stored hash lacks the parameter \"d\""))?;
    let function = Function::named(function)
        .ok_or_else(|| unsupported("stored hash's \"d\" is not md5, sha1, sha256, sha384 or sha512"))?;
    let place = match parameters.get("s") {
        Some("after") => Some(Place::After),
        Some("before") => Some(Place::Before),
        Some("none") => None,
        Some(_) => return Err(malformed("stored hash's \"s\" is not before, after or none")),
        None => return Err(malformed("stored hash lacks the parameter \"s\"")),
    };
    parameters.end()?;
    let salt = bytes(fields.next(), "salt", if place.is_some() { 1..=MOST_SALT_BYTES } else { 0..=0 })?;
    let tag = bytes(fields.next(), "tag", function.tag_bytes()..=function.tag_bytes())?;
    end(fields)?;
    let place = place.unwrap_or(Place::After);
    Ok(Reading::plain(SaltedDigest { function, place, salt }, tag).alone())
}
