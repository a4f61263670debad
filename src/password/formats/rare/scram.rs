//! passlib's credentials for SCRAM (RFC 5802): `$scram$6400$<salt>$sha-1=<tag>,sha-256=<tag>,sha-512=<tag>`. Each tag is PBKDF2 of
//! the same password, so the strongest that we compute is enough. Passwords are prepared with `SASLprep`, which is NFKC for all
//! but a few characters.

use crate::Error;
use crate::password::formats::fields::{Parameters, SALT_BYTES, end, number};
use crate::password::formats::format::{Format, unsupported};
use crate::password::formats::pbkdf2_passlib::{adapted, parts};
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "scram", recognize, read };

/// The digests that we compute, the strongest first.
const DIGESTS: [(&str, Digest, Scheme); 3] = [
    ("sha-512", Digest::Sha512, Scheme::Pbkdf2Sha512),
    ("sha-256", Digest::Sha256, Scheme::Pbkdf2Sha256),
    ("sha-1", Digest::Sha1, Scheme::Pbkdf2Sha1),
];

fn recognize(text: &str) -> Option<Scheme> {
    let tags = text.strip_prefix("$scram$")?.split('$').nth(2).unwrap_or_default();
    let has = |name: &str| tags.split(',').any(|tag| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')));
    let found = DIGESTS.iter().find(|(name, ..)| has(name));
    Some(found.map_or(Scheme::Pbkdf2Sha1, |(.., scheme)| *scheme))
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
    let salt = adapted(fields.next(), "salt", SALT_BYTES)?;
    let tags = Parameters::read(fields.next().unwrap_or_default(), DIGESTS.map(|(name, ..)| name))?;
    end(fields)?;
    let found = DIGESTS.iter().find(|(.., own)| *own == scheme);
    let (name, digest, _) = found.ok_or_else(|| unsupported("stored hash uses an unknown digest"))?;
    let tag = adapted(tags.get(name), "tag", digest.tag_bytes()..=digest.tag_bytes())?;
    let parts = parts(*digest, iterations, salt, tag, limits)?;
    Ok(Reading { prehash: PreHash::Nfkc, ..parts.first }.alone())
}
