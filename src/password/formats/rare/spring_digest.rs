//! Spring Security's digests: `{SHA-256}{<salt>}<tag>` of its `MessageDigestPasswordEncoder`, a digest of the password and of
//! the salt with its braces, in hexadecimal or base64; `{sha256}<salt and tag>` of its `StandardPasswordEncoder`, 1024 rounds of
//! SHA-256 over a salt of 8 bytes and the password, in hexadecimal. Its ids are case-sensitive. `{MD5}` without a salt is
//! LDAP's.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::{hexadecimal, is_hexadecimal, padded};
use crate::password::formats::format::{Format, malformed};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest, Stretch};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "spring-security", recognize, read };

/// The ids of `MessageDigestPasswordEncoder`. It takes the name of any digest of the platform as its id.
const DIGESTS: &[(&str, Function)] = &[
    ("{MD5}", Function::Md5),
    ("{SHA-1}", Function::Sha1),
    ("{SHA-256}", Function::Sha256),
    ("{SHA-384}", Function::Sha384),
    ("{SHA-512}", Function::Sha512),
];
/// Spring Security writes 44 characters.
const MOST_SALT_BYTES: usize = 128;

const STANDARD: &str = "{sha256}";
const STANDARD_ROUNDS: u64 = 1024;
const STANDARD_SALT_BYTES: usize = 8;
const STANDARD_BYTES: usize = 40;
const STANDARD_CHARACTERS: usize = STANDARD_BYTES * 2;

fn recognize(text: &str) -> Option<Scheme> {
    (standard(text).is_some() || split(text).is_some()).then_some(Scheme::SaltedDigest)
}

/// What stands after `{sha256}`, if it is as long as a salt and a tag, or was cut. LDAP's `{SHA256}` is shorter: 43 or 44
/// characters of base64, or 64 digits.
fn standard(text: &str) -> Option<&str> {
    let is_longer = |rest: &&str| (45..STANDARD_CHARACTERS).contains(&rest.len()) && rest.len() != 64;
    let rest = text.strip_prefix(STANDARD)?;
    (rest.len() == STANDARD_CHARACTERS || (is_longer(&rest) && is_hexadecimal(rest))).then_some(rest)
}

/// The digest, the salt with its braces, and the tag.
fn split(text: &str) -> Option<(Function, &str, &str)> {
    DIGESTS.iter().find_map(|(id, function)| {
        let rest = text.strip_prefix(id)?;
        if rest.starts_with('{') {
            let (salt, tag) = rest.split_at_checked(rest.find('}').map_or(0, |end| end.saturating_add(1)))?;
            return Some((*function, salt, tag));
        }
        (*function != Function::Md5).then_some((*function, "", rest))
    })
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    if let Some(rest) = standard(text) {
        let mut salt = hexadecimal(Some(rest), "salt and tag", STANDARD_BYTES..=STANDARD_BYTES)?;
        let tag = salt.split_off(STANDARD_SALT_BYTES);
        let stretch = Stretch::Digest(Rounds::new(STANDARD_ROUNDS, limits).map_err(OutOfRange::of_stored)?);
        let kdf = SaltedDigest { function: Function::Sha256, place: Place::Before, salt, stretch };
        return Ok(Reading::plain(kdf, tag).alone());
    }
    let (function, salt, tag) = split(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    if MOST_SALT_BYTES < salt.len() {
        return Err(malformed("stored hash's salt is longer than 128 bytes"));
    }
    let tag_bytes = function.tag_bytes();
    let is_hex = tag.len() == tag_bytes << 1 || is_hexadecimal(tag);
    let tag = if is_hex {
        hexadecimal(Some(tag), "tag", tag_bytes..=tag_bytes)
    } else {
        padded(Some(tag), "tag", tag_bytes..=tag_bytes)
    }?;
    Ok(Reading::plain(SaltedDigest::once(function, Place::After, salt.into()), tag).alone())
}
