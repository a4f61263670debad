//! PBKDF2 with its name in braces: `{PBKDF2-SHA256}10000$<salt>$<tag>` of `OpenLDAP` and passlib, in passlib's base64;
//! `{PBKDF2}$1$<salt>$5000$<tag>` of Dovecot, with HMAC-SHA-1, the salt as text and the tag in hexadecimal; `{PKCS5S2}` of
//! Atlassian, base64 of a salt of 16 bytes and 32 bytes of PBKDF2 with HMAC-SHA-1 and 10,000 iterations; `{PBKDF2_SHA256}` of
//! 389 Directory Server and `FreeIPA`, base64 of the iterations in 4 bytes, a salt of 64 bytes and 256 bytes of PBKDF2. Names are
//! in any letter case.

use crate::Error;
use crate::password::formats::encodings::{hexadecimal, padded, text};
use crate::password::formats::fields::{SALT_BYTES, end, number};
use crate::password::formats::format::{Format, malformed};
use crate::password::formats::pbkdf2_passlib::{adapted, parts};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "ldap", recognize, read };

const ATLASSIAN: &str = "{PKCS5S2}";
/// Atlassian's iterations, for each of two blocks of SHA-1.
const ATLASSIAN_ITERATIONS: u64 = 10_000;

const DIRECTORY_SERVER: &str = "{PBKDF2_SHA256}";

const LABELS: &[(&str, Scheme)] = &[
    (ATLASSIAN, Scheme::Pbkdf2Sha1),
    (DIRECTORY_SERVER, Scheme::Pbkdf2Sha256),
    ("{PBKDF2}", Scheme::Pbkdf2Sha1),
    ("{PBKDF2-SHA1}", Scheme::Pbkdf2Sha1),
    ("{PBKDF2-SHA256}", Scheme::Pbkdf2Sha256),
    ("{PBKDF2-SHA512}", Scheme::Pbkdf2Sha512),
];

fn recognize(text: &str) -> Option<Scheme> {
    let (label, scheme, rest) = split(text)?;
    // Spring Security's `{pbkdf2}` has hexadecimal and nothing else.
    (rest.contains('$') || !label.starts_with("{PBKDF2}")).then_some(scheme)
}

fn split(text: &str) -> Option<(&'static str, Scheme, &str)> {
    LABELS.iter().find_map(|(label, scheme)| {
        let (start, rest) = text.split_at_checked(label.len())?;
        start.eq_ignore_ascii_case(label).then_some((*label, *scheme, rest))
    })
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let (label, scheme, rest) = split(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    if label == ATLASSIAN {
        let mut salt = padded(Some(rest), "salt and tag", 48..=48)?;
        let tag = salt.split_off(16);
        return parts(Digest::Sha1, ATLASSIAN_ITERATIONS, salt, tag, limits);
    }
    if label == DIRECTORY_SERVER {
        let envelope = padded(Some(rest), "salt and tag", 324..=324)?;
        let (iterations, rest) = envelope.split_first_chunk().unwrap_or((&[0; 4], &[]));
        let (salt, tag) = rest.split_at_checked(64).unwrap_or_default();
        return parts(Digest::Sha256, u32::from_be_bytes(*iterations).into(), salt.into(), tag.into(), limits);
    }
    if let Some(rest) = rest.strip_prefix("$1$") {
        let mut fields = rest.split('$');
        let salt = self::text(fields.next(), 1..=64)?;
        let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
        let tag = hexadecimal(fields.next(), "tag", 20..=20)?;
        end(fields)?;
        return parts(Digest::Sha1, iterations, salt, tag, limits);
    }
    let digest = match scheme {
        Scheme::Pbkdf2Sha256 => Digest::Sha256,
        Scheme::Pbkdf2Sha512 => Digest::Sha512,
        _ => Digest::Sha1,
    };
    let mut fields = rest.split('$');
    let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
    let salt = adapted(fields.next(), "salt", SALT_BYTES)?;
    let tag = adapted(fields.next(), "tag", digest.tag_bytes()..=digest.tag_bytes())?;
    end(fields)?;
    parts(digest, iterations, salt, tag, limits)
}
