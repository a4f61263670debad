//! Digests with their name in braces, as LDAP servers (RFC 2307) and Dovecot write them: `{SSHA}<base64 of tag and salt>`,
//! `{SHA512}<base64 of the tag>`. Names are in any letter case. Without a salt, the tag may be in hexadecimal, as passlib
//! writes it; Dovecot's suffixes `.HEX`, `.B64` and `.BASE64` say which of the two it is. Spring Security puts `{ldap}` before
//! `{SHA}` and `{SSHA}`.

use crate::Error;
use crate::password::formats::encodings::{hexadecimal, is_hexadecimal, padded};
use crate::password::formats::fields::{CUT_SHORT, of_length};
use crate::password::formats::format::{Format, malformed};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "ldap", recognize, read };

/// Each name, its digest, and whether there is a salt.
const NAMES: &[(&str, Function, bool)] = &[
    ("LDAP-MD5", Function::Md5, false),
    ("MD5", Function::Md5, false),
    ("PLAIN-MD5", Function::Md5, false),
    ("SHA", Function::Sha1, false),
    ("SHA1", Function::Sha1, false),
    ("SHA256", Function::Sha256, false),
    ("SHA384", Function::Sha384, false),
    ("SHA512", Function::Sha512, false),
    ("SMD5", Function::Md5, true),
    ("SSHA", Function::Sha1, true),
    ("SSHA256", Function::Sha256, true),
    ("SSHA384", Function::Sha384, true),
    ("SSHA512", Function::Sha512, true),
];

#[derive(Clone, Copy, Eq, PartialEq)]
enum Suffix {
    Base64,
    Hex,
    None,
}

const SPRING: &str = "{ldap}";
/// The most bytes of a salt. Servers write 4 to 16.
const MOST_SALT_BYTES: usize = 64;
/// The least bytes of a salt, if nothing shows that it is whole.
const USUAL_SALT_BYTES: usize = 4;

fn recognize(text: &str) -> Option<Scheme> {
    let (_, rest) = split(text)?;
    // `{MD5}$1$…` is Dovecot's MD5-crypt, also in base64 or hexadecimal.
    let is_text = ["$", "JDEk", "243124"].iter().any(|start| rest.starts_with(start));
    (!(is_text && text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("{MD5"))))
        .then_some(Scheme::SaltedDigest)
}

/// What the name says, and what stands after it.
fn split(text: &str) -> Option<((Function, bool, Suffix), &str)> {
    let text = text.strip_prefix(SPRING).filter(|text| text.starts_with("{S")).unwrap_or(text);
    let (name, rest) = text.strip_prefix('{')?.split_once('}')?;
    let (name, suffix) = match name.split_once('.') {
        None => (name, Suffix::None),
        Some((name, suffix)) if suffix.eq_ignore_ascii_case("hex") => (name, Suffix::Hex),
        Some((name, suffix)) if suffix.eq_ignore_ascii_case("b64") => (name, Suffix::Base64),
        Some((name, suffix)) if suffix.eq_ignore_ascii_case("base64") => (name, Suffix::Base64),
        Some(_) => return None,
    };
    let (_, function, is_salted) = NAMES.iter().find(|(own, ..)| own.eq_ignore_ascii_case(name))?;
    Some(((*function, *is_salted, suffix), rest))
}

fn read(text: &str, _: Scheme, _: &Limits) -> Result<Parts, Error> {
    let ((function, is_salted, suffix), rest) =
        split(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    let tag_bytes = function.tag_bytes();
    let is_hex = suffix == Suffix::Hex || (suffix == Suffix::None && !is_salted && rest.len() == tag_bytes << 1);
    if is_hex && !rest.len().is_multiple_of(2) && is_hexadecimal(rest) {
        return Err(malformed(CUT_SHORT));
    }
    let mut bytes = if is_hex {
        hexadecimal(Some(rest), "tag", 0..=usize::MAX)?
    } else {
        padded(Some(rest), "tag", 0..=usize::MAX)?
    };
    if !rest.ends_with('=') && is_cut(bytes.len().checked_sub(tag_bytes), is_salted) {
        return Err(malformed(CUT_SHORT));
    }
    let salt = bytes.split_off(tag_bytes.min(bytes.len()));
    let tag = of_length(bytes, "tag", tag_bytes..=tag_bytes)?;
    let salt = of_length(salt, "salt", if is_salted { 1..=MOST_SALT_BYTES } else { 0..=0 })?;
    Ok(Reading::plain(SaltedDigest::once(function, Place::After, salt), tag).alone())
}

/// Whether a text was cut, by the bytes that it has beyond its tag. Padding would show that it was not. No server writes a salt
/// of 1, 2, 3 or an odd number of bytes.
const fn is_cut(salt_bytes: Option<usize>, is_salted: bool) -> bool {
    match salt_bytes {
        None => true,
        Some(bytes) => is_salted && (bytes < USUAL_SALT_BYTES || !bytes.is_multiple_of(2)),
    }
}
