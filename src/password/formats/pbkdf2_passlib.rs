//! PBKDF2 as passlib, Flask-Security and others write it: `$pbkdf2-sha256$29000$<salt>$<tag>`, with `$pbkdf2$` or
//! `$pbkdf2-sha1$` for SHA-1. Its base64 has `.` in place of `+`. Also as a PHC string:
//! `$pbkdf2-sha256$i=600000,l=32$<salt>$<tag>` from the crate `pbkdf2`, and without `l` from `@phc/pbkdf2`.
//!
//! The tag may be longer than the digest. Keycloak before 24 stored 64 bytes of SHA-256, passport-local-mongoose stores 512.
//! All of it is computed and compared.

use base64ct::{Base64Unpadded, Encoding};

use super::encodings::{ANY_SALT_BYTES, LEAST_TAG_BYTES};
use super::fields::{Parameters, bytes, end, number, tag};
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::kdf;
use crate::password::limits::Limits;
use crate::password::new_hash::{AnyNewHash, NewHash};
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::{Digest, Params, Pbkdf2};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "passlib", recognize, read };

/// What passport-local-mongoose stores, the most of any known software.
const MOST_TAG_BYTES: usize = 512;

/// Longer tags than the digest that software is known to store, beside the longest: Gitea and Grafana 50, Keycloak 64. Any other length must
/// be stated as `l`, because it looks like a tag that was cut short.
const LONG_TAG_BYTES: [usize; 2] = [50, 64];

fn recognize(text: &str) -> Option<Scheme> {
    match text.strip_prefix("$pbkdf2")?.split('$').next()? {
        "" | "-sha1" => Some(Scheme::Pbkdf2Sha1),
        "-sha256" => Some(Scheme::Pbkdf2Sha256),
        "-sha512" => Some(Scheme::Pbkdf2Sha512),
        _ => None,
    }
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let digest = match scheme {
        Scheme::Pbkdf2Sha1 => Digest::Sha1,
        Scheme::Pbkdf2Sha256 => Digest::Sha256,
        _ => Digest::Sha512,
    };
    let mut fields = text.split('$').skip(2);
    let costs = fields.next().unwrap_or_default();
    let (iterations, length) = if costs.contains('=') {
        let parameters = Parameters::read(costs, ["i", "l"])?;
        let (iterations, length) = (parameters.number("i")?, parameters.get("l").map(|_| parameters.number("l")));
        parameters.end()?;
        (iterations, length.transpose()?)
    } else {
        (number(costs, "iterations")?, None)
    };
    let salt = fields.next();
    let is_written = |bytes: usize| match length {
        Some(length) => LEAST_TAG_BYTES <= bytes && length <= bytes as u64,
        None => bytes == digest.tag_bytes() || (digest.tag_bytes() < bytes && LONG_TAG_BYTES.contains(&bytes)),
    };
    let tag = tag(fields.next().map(standard).as_deref(), MOST_TAG_BYTES, &is_written)?;
    let salt = adapted(salt, "salt", ANY_SALT_BYTES)?;
    end(fields)?;
    if length.is_some_and(|length| length != tag.len() as u64) {
        return Err(malformed("stored hash's tag is not as long as its \"l\" says"));
    }
    parts(digest, iterations, salt, tag, limits)
}

/// A stored hash of PBKDF2, whatever its format.
///
/// # Errors
/// - `HASH_MALFORMED`: no iterations.
/// - `HASH_COST_TOO_HIGH`: beyond the limits.
#[inline(never)]
pub(super) fn parts(
    digest: Digest,
    iterations: u64,
    salt: Vec<u8>,
    tag: Vec<u8>,
    limits: &Limits,
) -> Result<Parts, Error> {
    let params = Params::of_tag(digest, iterations, tag.len(), limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Pbkdf2 { digest, params, salt }, tag).alone())
}

impl NewHash for Pbkdf2 {
    fn with_salt(&self, salt: [u8; kdf::SALT_BYTES]) -> Box<AnyNewHash> {
        Box::new(Self { salt: salt.into(), ..*self })
    }

    /// In passlib's form, which more software reads than the PHC string.
    fn stored(&self, tag: &[u8], _: Option<&str>) -> String {
        let [salt, tag] = [&self.salt, tag].map(|bytes| Base64Unpadded::encode_string(bytes).replace('+', "."));
        let name = match self.digest {
            Digest::Sha1 => "pbkdf2",
            Digest::Sha256 => "pbkdf2-sha256",
            Digest::Sha512 => "pbkdf2-sha512",
        };
        format!("${name}${}${salt}${tag}", self.params.iterations())
    }
}

/// The bytes of a field in base64 with `.` for `+`.
pub(super) fn adapted(
    field: Option<&str>,
    name: &str,
    lengths: core::ops::RangeInclusive<usize>,
) -> Result<Vec<u8>, Error> {
    bytes(field.map(standard).as_deref(), name, lengths)
}

fn standard(field: &str) -> String {
    field.replace('.', "+")
}
