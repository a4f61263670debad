//! Dovecot's hashes in another encoding than their own: `{SHA512-CRYPT.b64}<base64 of $6$…>`. The suffixes are `.HEX`, `.B64` and
//! `.BASE64`, in any letter case. Digests with a suffix are in `ldap.rs`.

use super::{label, ldap_pbkdf2};
use crate::Error;
use crate::password::formats::encodings::{hexadecimal, padded};
use crate::password::formats::format::{Format, MAX_STORED_BYTES, malformed};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "dovecot", recognize, read };

/// The names of hashes that are text, and the scheme of each, in a text whose encoding is not undone yet.
const NAMES: &[(&str, Scheme)] = &[
    ("ARGON2I", Scheme::Argon2i),
    ("ARGON2ID", Scheme::Argon2id),
    ("BLF-CRYPT", Scheme::Bcrypt),
    ("CRYPT", Scheme::Sha512Crypt),
    ("MD5", Scheme::Md5Crypt),
    ("MD5-CRYPT", Scheme::Md5Crypt),
    ("PBKDF2", Scheme::Pbkdf2Sha1),
    ("SHA256-CRYPT", Scheme::Sha256Crypt),
    ("SHA512-CRYPT", Scheme::Sha512Crypt),
];
/// The formats of a text whose encoding is undone.
const DECODED: &[Format] = &[label::FORMAT, ldap_pbkdf2::FORMAT];

fn recognize(text: &str) -> Option<Scheme> {
    let (_, scheme, ..) = split(text)?;
    // A longer text is refused, so nobody needs its scheme.
    let decoded = if text.len() <= MAX_STORED_BYTES { decoded(text).ok() } else { None };
    Some(decoded.and_then(|text| inner(&text)).map_or(scheme, |(_, scheme)| scheme))
}

fn inner(text: &str) -> Option<(&'static Format, Scheme)> {
    DECODED.iter().find_map(|format| (format.recognize)(text).map(|scheme| (format, scheme)))
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let text = decoded(text)?;
    let Some((format, _)) = inner(&text) else {
        return Err(label::after_label(text.split_once('}').unwrap_or_default().1));
    };
    (format.read)(&text, scheme, limits)
}

/// The name, its scheme, whether the rest is in hexadecimal, and the rest.
fn split(text: &str) -> Option<(&'static str, Scheme, bool, &str)> {
    let (label, rest) = text.strip_prefix('{')?.split_once('}')?;
    let (name, suffix) = label.split_once('.')?;
    let (name, scheme) = NAMES.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
    let is_hex = suffix.eq_ignore_ascii_case("hex");
    let is_base64 = ["b64", "base64"].iter().any(|own| suffix.eq_ignore_ascii_case(own));
    (is_hex || is_base64).then_some((*name, *scheme, is_hex, rest))
}

/// The text in its own encoding: `{SHA512-CRYPT}$6$…`.
fn decoded(text: &str) -> Result<String, Error> {
    let (name, _, is_hex, rest) = split(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    let lengths = 0..=usize::MAX;
    let hash = if is_hex { hexadecimal(Some(rest), "tag", lengths) } else { padded(Some(rest), "tag", lengths) }?;
    let hash = String::from_utf8(hash).map_err(|_| malformed("stored hash is not text when its encoding is undone"))?;
    Ok(format!("{{{name}}}{hash}"))
}
