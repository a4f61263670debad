//! `MediaWiki`: `:pbkdf2:sha512:30000:64:<salt>:<tag>` in base64; `:bcrypt:10$<salt>$<tag>`; from before 1.24
//! `:B:<salt>:<tag>`, an MD5 of the salt, `-` and the password's MD5 in hexadecimal, and `:A:<tag>`, an MD5 of the password.
//! `:argon2:` is a label.

use crate::Error;
use crate::password::formats::bcrypt_mcf;
use crate::password::formats::encodings::{LEAST_TAG_BYTES, hexadecimal, padded, text};
use crate::password::formats::fields::{CUT_SHORT, bytes, end, number};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::formats::pbkdf2_passlib;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mediawiki", recognize, read };

/// `MediaWiki` writes 16 bytes.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 8..=64;
const MOST_TAG_BYTES: usize = 128;

fn recognize(text: &str) -> Option<Scheme> {
    let (kind, rest) = text.strip_prefix(':')?.split_once(':')?;
    match kind {
        "A" | "B" => Some(Scheme::SaltedDigest),
        "bcrypt" => Some(Scheme::Bcrypt),
        "pbkdf2" => match rest.split(':').next()? {
            "sha1" => Some(Scheme::Pbkdf2Sha1),
            "sha512" => Some(Scheme::Pbkdf2Sha512),
            _ => Some(Scheme::Pbkdf2Sha256),
        },
        _ => None,
    }
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let (kind, rest) = text.strip_prefix(':').and_then(|rest| rest.split_once(':')).unwrap_or_default();
    match kind {
        "bcrypt" => bcrypt(rest, scheme, limits),
        "pbkdf2" => pbkdf2(rest, limits),
        _ => md5(kind, rest),
    }
}

/// `:A:` with a salt is what an old version wrote for `:B:`.
fn md5(kind: &str, rest: &str) -> Result<Parts, Error> {
    let (salt, tag) = match rest.split_once(':') {
        Some((salt, tag)) => (Some(salt), tag),
        None if kind == "A" => (None, rest),
        None => return Err(malformed("stored hash has no tag")),
    };
    let tag = hexadecimal(Some(tag), "tag", 16..=16)?;
    let (prehash, salt) = match salt {
        Some(salt) => {
            let mut salt = self::text(Some(salt), 1..=64)?;
            salt.push(b'-');
            (PreHash::Md5Hex, salt)
        }
        None => (PreHash::None, Vec::new()),
    };
    let kdf = SaltedDigest::once(Function::Md5, Place::Before, salt);
    Ok(Reading { prehash, ..Reading::plain(kdf, tag) }.alone())
}

/// bcrypt's own string without its version, with a `$` between salt and tag, and a cost that may have one digit.
fn bcrypt(rest: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split('$');
    let cost = number(fields.next().unwrap_or_default(), "cost")?;
    let (salt, tag) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    end(fields)?;
    if salt.len() != bcrypt_mcf::SALT_CHARACTERS || 99 < cost {
        return Err(malformed("stored hash's salt is not 22 characters of bcrypt base64"));
    }
    bcrypt_mcf::read(&format!("$2y${cost:02}${salt}{tag}"), scheme, limits)
}

fn pbkdf2(rest: &str, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = rest.split(':');
    let digest = match fields.next() {
        Some("sha1") => Digest::Sha1,
        Some("sha256") => Digest::Sha256,
        Some("sha512") => Digest::Sha512,
        _ => return Err(unsupported("stored hash uses an unknown digest")),
    };
    let [iterations, length] = ["iterations", "length"].map(|name| number(fields.next().unwrap_or_default(), name));
    let (iterations, length) = (iterations?, length?);
    let salt = bytes(fields.next(), "salt", SALT_BYTES)?;
    let tag = padded(fields.next(), "tag", LEAST_TAG_BYTES..=MOST_TAG_BYTES)?;
    end(fields)?;
    if (tag.len() as u64) < length {
        return Err(malformed(CUT_SHORT));
    }
    if tag.len() as u64 != length {
        return Err(malformed("stored hash's tag is not as long as its length says"));
    }
    pbkdf2_passlib::parts(digest, iterations, salt, tag, limits)
}
