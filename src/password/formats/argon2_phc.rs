//! Argon2 as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, with `keyid=<pepper id>` and
//! `data=<associated data>` beside the costs if there are any.
//!
//! Parameters may be in any order, each once. The reference implementation writes `m,t,p`, npm's `argon2` since 0.45
//! writes `m,p,t`, and `@phc/argon2` writes `t,m,p`. Numbers are plain decimal, base64 is canonical and unpadded. A string
//! without `v` has version 0x10, which was current before strings named their version.
//!
//! Callers choose the length of the tag, from 4 bytes, and nothing in the string says it. So a tag that a narrow column cut looks
//! like a whole one of another length. Reading it as one is safe, because Argon2 hashes the length too: the cut tag matches no
//! password. But every password would then be wrong without an explanation. What tells a cut tag:
//!
//! - Its base64 is impossible or not canonical. That is so for all tags cut after 4n + 1 characters, 15 of 16 cut after 4n + 2, and 3 of
//!   4 cut after 4n + 3. The hash is refused at once.
//! - It has fewer bytes than the usual 32, not a multiple of 4, no padding, and the whole string is as long as a usual column. Such a
//!   hash is refused too, for every password: an error for wrong passwords only would tell guesses apart.

use base64ct::{Base64Unpadded, Encoding};

use super::fields::{Parameters, SALT_BYTES, bytes, decimal, end, tag};
use super::format::{Format, malformed, unsupported};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::kdf;
use crate::password::limits::Limits;
use crate::password::new_hash::{AnyNewHash, NewHash};
use crate::password::pepper::is_id;
use crate::password::scheme::Scheme;
use crate::password::schemes::argon2::params::Params;
use crate::password::schemes::argon2::{Argon2, Variant, Version};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "phc", recognize, read };

/// With 64 bits, nobody finds another password with the same tag. RFC 9106 §3.1 allows 4 bytes. Those are also what a column of 60
/// characters, made for bcrypt, leaves of a usual tag.
const LEAST_TAG_BYTES: usize = 8;
/// What nearly all software writes. A column that is too narrow leaves fewer bytes.
const USUAL_TAG_BYTES: usize = 32;
/// Callers who choose another length mostly choose a multiple of 32 bits.
const TAG_BYTES_STEP: usize = 4;
/// No software is known to write more than 64.
const MOST_TAG_BYTES: usize = 128;
/// The PHC string format's maximum.
const MAX_DATA_BYTES: usize = 32;
/// The PHC string format's maximum.
const MAX_KEYID_BYTES: usize = 8;

pub(super) fn recognize(text: &str) -> Option<Scheme> {
    let name = text.strip_prefix('$')?.split('$').next()?;
    [Scheme::Argon2d, Scheme::Argon2i, Scheme::Argon2id].into_iter().find(|scheme| scheme.name() == name)
}

/// Parses a hash of one of the three schemes.
pub(super) fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let variant = match scheme {
        Scheme::Argon2d => Variant::D,
        Scheme::Argon2i => Variant::I,
        _ => Variant::Id,
    };
    // Skips what is before the first `$`, and the name of the scheme.
    let mut fields = text.split('$').skip(2);
    let mut costs = fields.next().unwrap_or_default();
    let mut version = Version::V0x10;
    if let Some(number) = costs.strip_prefix("v=") {
        version = match decimal(number) {
            Some(0x10) => Version::V0x10,
            Some(0x13) => Version::V0x13,
            Some(_) => return Err(unsupported("stored hash has an unknown version")),
            None => return Err(malformed("stored hash's \"v\" is not a plain decimal number")),
        };
        costs = fields.next().unwrap_or_default();
    }
    let parameters = Parameters::read(costs, ["m", "t", "p", "keyid", "data"])?;
    let [memory_kib, passes, lanes] = ["m", "t", "p"].map(|name| parameters.number(name));
    let (memory_kib, passes, lanes) = (memory_kib?, passes?, lanes?);
    parameters.end()?;
    let pepper = parameters.get("keyid").map(pepper).transpose()?;
    let associated_data =
        parameters.get("data").map(|data| bytes(Some(data), "data", 1..=MAX_DATA_BYTES)).transpose()?;
    let associated_data = associated_data.unwrap_or_default();
    let salt = fields.next();
    let last = fields.next();
    let tag = tag(last, MOST_TAG_BYTES, &|bytes| 0 < bytes)?;
    if tag.len() < LEAST_TAG_BYTES {
        return Err(malformed("stored hash's tag has fewer than 8 bytes: it is cut short, or too weak"));
    }
    let is_padded = last.is_some_and(|text| text.ends_with('='));
    let may_be_cut = !is_padded && tag.len() < USUAL_TAG_BYTES && !tag.len().is_multiple_of(TAG_BYTES_STEP);
    let salt = bytes(salt, "salt", SALT_BYTES)?;
    end(fields)?;
    let params = Params::new(memory_kib, passes, lanes, limits).map_err(OutOfRange::of_stored)?;
    let kdf = Argon2 { variant, version, params, salt, associated_data };
    Ok(Parts { pepper, may_be_cut, ..Reading::plain(kdf, tag).alone() })
}

/// The id of a pepper.
fn pepper(keyid: &str) -> Result<String, Error> {
    let id = bytes(Some(keyid), "keyid", 1..=MAX_KEYID_BYTES)?;
    let id = String::from_utf8(id).ok().filter(|id| is_id(id));
    id.ok_or_else(|| unsupported("stored hash's \"keyid\" is not a pepper id"))
}

impl NewHash for Argon2 {
    fn with_salt(&self, salt: [u8; kdf::SALT_BYTES]) -> Box<AnyNewHash> {
        Box::new(Self { salt: salt.into(), ..self.clone() })
    }

    /// Version 0x13 of Argon2id without associated data.
    fn stored(&self, tag: &[u8], pepper: Option<&str>) -> String {
        let (salt, tag) = (Base64Unpadded::encode_string(&self.salt), Base64Unpadded::encode_string(tag));
        let (memory, passes, lanes) = (self.params.memory_kib(), self.params.passes(), self.params.lanes());
        let keyid = match pepper {
            Some(id) => [",keyid=", &Base64Unpadded::encode_string(id.as_bytes())].concat(),
            None => String::new(),
        };
        format!("$argon2id$v=19$m={memory},t={passes},p={lanes}{keyid}${salt}${tag}")
    }
}
