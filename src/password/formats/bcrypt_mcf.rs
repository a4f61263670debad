//! bcrypt as Unix systems write it: `$2b$12$`, 22 characters of salt, 31 of tag.
//!
//! `2a`, `2b` and `2y` are the same function. `2x` marks hashes made with a bug (CVE-2011-2483: bytes above ASCII read as
//! negative numbers). In `2`, the NUL at the end of the password is not hashed. Neither is supported.

use base64ct::{Base64Bcrypt, Encoding};

use super::fields::{decimal, end};
use super::format::{Format, malformed, unsupported};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::new_hash::{AnyNewHash, NewHash};
use crate::password::scheme::Scheme;
use crate::password::schemes::bcrypt::{Bcrypt, Params, SALT_BYTES, TAG_BYTES};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

pub(super) const SALT_CHARACTERS: usize = 22;
const TAG_CHARACTERS: usize = 31;

fn recognize(text: &str) -> Option<Scheme> {
    let name = text.strip_prefix('$')?.split('$').next()?;
    ["2", "2a", "2b", "2x", "2y"].contains(&name).then_some(Scheme::Bcrypt)
}

/// Parses such a string.
pub(super) fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(1);
    match fields.next() {
        Some("2x") => return Err(unsupported("stored hash is bcrypt version \"2x\", which is not supported")),
        Some("2") => return Err(unsupported("stored hash is bcrypt version \"2\", which is not supported")),
        Some("2a" | "2b" | "2y") => {}
        _ => return Err(unsupported("stored hash uses an unknown variant of its scheme")),
    }
    let cost = fields.next().and_then(cost);
    let cost = cost.ok_or_else(|| malformed("stored hash's cost is not two decimal digits"))?;
    let rest = fields.next().unwrap_or_default();
    let length = SALT_CHARACTERS.saturating_add(TAG_CHARACTERS);
    if rest.len() < length && rest.is_ascii() {
        return Err(malformed(&format!(
            "stored hash is cut short: {} of {length} characters after its cost",
            rest.len()
        )));
    }
    let (salt, tag) = rest.split_at_checked(SALT_CHARACTERS).unwrap_or_default();
    let salt = self::salt(salt).ok_or_else(|| malformed("stored hash's salt is not 22 characters of bcrypt base64"))?;
    let tag = Base64Bcrypt::decode_vec(tag).ok().filter(|_| tag.len() == TAG_CHARACTERS);
    let tag = tag.ok_or_else(|| malformed("stored hash's tag is not 31 characters of bcrypt base64"))?;
    end(fields)?;
    let params = Params::new(cost, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Bcrypt { params, salt }, tag).alone())
}

impl NewHash for Bcrypt {
    fn with_salt(&self, salt: [u8; SALT_BYTES]) -> Box<AnyNewHash> {
        Box::new(Self { salt, ..*self })
    }

    fn stored(&self, tag: &[u8], _: Option<&str>) -> String {
        let (salt, tag) = (Base64Bcrypt::encode_string(&self.salt), Base64Bcrypt::encode_string(tag));
        format!("$2b${:02}${salt}{tag}", self.params.cost())
    }
}

fn cost(digits: &str) -> Option<u64> {
    (digits.len() == 2).then(|| decimal(digits.strip_prefix('0').unwrap_or(digits))).flatten()
}

/// The salt's bytes. Only two bits of the last character belong to it. Some software sets the other four, and other
/// software ignores them.
fn salt(text: &str) -> Option<[u8; SALT_BYTES]> {
    let (whole, last) = text.split_at_checked(SALT_CHARACTERS.wrapping_sub(1))?;
    let canonical = match last.as_bytes() {
        [b'.' | b'/' | b'A'..=b'N'] => '.',
        [b'O'..=b'Z' | b'a'..=b'd'] => 'O',
        [b'e'..=b't'] => 'e',
        [b'u'..=b'z' | b'0'..=b'9'] => 'u',
        _ => return None,
    };
    let mut salt = [0; SALT_BYTES];
    let mut characters = [0; SALT_CHARACTERS];
    let bytes = whole.bytes().chain([canonical as u8]);
    characters.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    Base64Bcrypt::decode(characters, &mut salt).ok().filter(|read| read.len() == SALT_BYTES)?;
    Some(salt)
}

const _: () = assert!(TAG_BYTES == 23, "31 characters hold that many bytes");
