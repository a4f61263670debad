//! Stored hashes: PHC strings, read strictly and written canonically.
//!
//! `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, with `data=<associated data>` after `p` where there is some. This is
//! the form of the reference encoder: parameters in that order, each once, numbers in plain decimal, base64 without
//! padding and canonical. A string without `v` is of version 0x10, from before versions were written.

use base64ct::{Base64Unpadded, Encoding};

use super::argon2::{Recipe, Version};
use super::limits::Limits;
use super::params::{OutOfRange, Params};
use super::scheme::Scheme;
use crate::{Error, ErrorCode};

/// The longest string that is looked at. All that can stand in one fits in 460.
pub(super) const MAX_STORED_BYTES: usize = 512;

/// 128 bits: RFC 9106 §3.1 and §4. Of new hashes, and without which a stored one is weaker.
pub(super) const SALT_BYTES: usize = 16;
/// 256 bits: RFC 9106 §4. Of new hashes, and without which a stored one is weaker.
pub(super) const TAG_BYTES: usize = 32;

/// RFC 9106 §3.1 wants 8; no software is known to make more than 64.
const STORED_SALT_BYTES: core::ops::RangeInclusive<usize> = 8..=128;
/// The PHC string format wants 12; no software is known to make more than 64 by itself.
const STORED_TAG_BYTES: core::ops::RangeInclusive<usize> = 12..=128;
/// The PHC string format's own bound.
const MAX_DATA_BYTES: usize = 32;

/// A hash within limits. Its parts have been read, none of it has been believed.
pub(super) struct Stored {
    scheme: Scheme,
    version: Version,
    params: Params,
    associated_data: Vec<u8>,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Stored {
    /// A new hash: version 0x13, Argon2id.
    pub(super) fn new(params: Params, salt: [u8; SALT_BYTES], tag: Vec<u8>) -> Self {
        let (scheme, version) = (Scheme::Argon2id, Version::V0x13);
        Self { scheme, version, params, associated_data: Vec::new(), salt: salt.into(), tag }
    }

    /// Reads a PHC string of an accepted scheme.
    ///
    /// # Errors
    /// - [`ErrorCode::HashMalformed`]: not in the form above.
    /// - [`ErrorCode::HashUnsupported`]: of a scheme that is unknown or not accepted, of an unknown version, or keyed.
    /// - [`ErrorCode::HashCostTooHigh`]: beyond the limits.
    pub(super) fn parse(text: &str, accepted: &[Scheme], limits: &Limits) -> Result<Self, Error> {
        if MAX_STORED_BYTES < text.len() {
            return Err(malformed("stored hash is longer than 512 bytes"));
        }
        let mut fields = text.split('$');
        let scheme = scheme(&mut fields)?;
        if !accepted.contains(&scheme) {
            return Err(unsupported("stored hash is of a scheme that the option \"accept\" does not hold"));
        }
        let mut costs = fields.next().unwrap_or_default();
        let mut version = Version::V0x10;
        if let Some(number) = costs.strip_prefix("v=") {
            version = match decimal(number) {
                Some(0x10) => Version::V0x10,
                Some(0x13) => Version::V0x13,
                Some(_) => return Err(unsupported("stored hash is of an unknown version")),
                None => return Err(malformed("stored hash's \"v\" is not a plain decimal number")),
            };
            costs = fields.next().unwrap_or_default();
        }
        let mut costs = costs.split(',');
        let (memory_kib, passes, lanes) = (cost(&mut costs, "m")?, cost(&mut costs, "t")?, cost(&mut costs, "p")?);
        let associated_data = associated_data(costs)?;
        let salt = bytes(fields.next(), "salt", STORED_SALT_BYTES)?;
        let tag = bytes(fields.next(), "tag", STORED_TAG_BYTES)?;
        if fields.next().is_some() {
            return Err(malformed("stored hash goes on after its tag"));
        }
        let params = Params::new(memory_kib, passes, lanes, limits).map_err(refused)?;
        Ok(Self { scheme, version, params, associated_data, salt, tag })
    }

    pub(super) const fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(super) fn tag(&self) -> &[u8] {
        &self.tag
    }

    pub(super) fn recipe(&self) -> Recipe<'_> {
        let Self { scheme, version, params, associated_data, salt, .. } = self;
        Recipe { scheme: *scheme, version: *version, params: *params, salt, associated_data }
    }

    /// Whether this hash is easier to attack than a new one at `params`, in any respect.
    pub(super) fn is_weaker_than(&self, params: &Params) -> bool {
        self.scheme != Scheme::Argon2id
            || self.version < Version::V0x13
            || self.salt.len() < SALT_BYTES
            || self.tag.len() < TAG_BYTES
            || self.params.is_weaker_than(params)
    }

    /// The PHC string of a hash made here.
    pub(super) fn to_phc(&self) -> String {
        let (salt, tag) = (Base64Unpadded::encode_string(&self.salt), Base64Unpadded::encode_string(&self.tag));
        let (memory, passes, lanes) = (self.params.memory_kib(), self.params.passes(), self.params.lanes());
        format!("${}$v=19$m={memory},t={passes},p={lanes}${salt}${tag}", self.scheme)
    }
}

/// Takes the empty text before the first `$`, and the scheme after it.
fn scheme<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Result<Scheme, Error> {
    let before = fields.next().unwrap_or_default();
    let name = fields.next().unwrap_or_default();
    // The PHC string format's alphabet and bound for names.
    let named = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if !before.is_empty() || name.is_empty() || 32 < name.len() || !named {
        return Err(malformed("stored hash does not begin with \"$\" and the name of a scheme"));
    }
    name.parse().map_err(|_| unsupported("stored hash is of an unknown scheme"))
}

/// The next cost, which must be the one called `name`.
fn cost<'a>(costs: &mut impl Iterator<Item = &'a str>, name: &str) -> Result<u64, Error> {
    let number = costs.next().and_then(|cost| cost.strip_prefix(name)).and_then(|rest| rest.strip_prefix('='));
    let number = number.ok_or_else(|| malformed(format!("stored hash lacks the parameter \"{name}\" in its place")))?;
    decimal(number).ok_or_else(|| malformed(format!("stored hash's \"{name}\" is not a plain decimal number")))
}

/// A number below 2^32 as RFC 9106 has them: digits without sign and leading zeros.
fn decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.starts_with('0') && text != "0") {
        return None;
    }
    text.parse::<u32>().ok().map(u64::from)
}

/// What may follow the costs: associated data.
fn associated_data<'a>(mut rest: impl Iterator<Item = &'a str>) -> Result<Vec<u8>, Error> {
    let Some(parameter) = rest.next() else { return Ok(Vec::new()) };
    if parameter.starts_with("keyid=") {
        return Err(unsupported("stored hash is keyed: it has a \"keyid\""));
    }
    let Some(data) = parameter.strip_prefix("data=") else {
        return Err(malformed("stored hash has an unknown parameter"));
    };
    if rest.next().is_some() {
        return Err(malformed("stored hash has a parameter after \"data\""));
    }
    bytes(Some(data), "data", 1..=MAX_DATA_BYTES)
}

fn bytes(field: Option<&str>, name: &str, lengths: core::ops::RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    let field = field.ok_or_else(|| malformed(format!("stored hash has no {name}")))?;
    let bytes = Base64Unpadded::decode_vec(field)
        .map_err(|_| malformed(format!("stored hash's {name} is not canonical unpadded base64")))?;
    if !lengths.contains(&bytes.len()) {
        let (least, most) = (lengths.start(), lengths.end());
        return Err(malformed(format!("stored hash's {name} is not {least} to {most} bytes long")));
    }
    Ok(bytes)
}

fn refused(fault: OutOfRange) -> Error {
    match fault {
        OutOfRange::LanesTooFew => malformed("stored hash's \"p\" is 0"),
        OutOfRange::LanesTooMany => too_high("stored hash's \"p\" is more than the option \"limits.lanes\" allows"),
        OutOfRange::MemoryTooLittle => malformed("stored hash's \"m\" is less than 8 for each lane"),
        OutOfRange::MemoryTooMuch => {
            too_high("stored hash's \"m\" is more than the option \"limits.memoryKib\" allows")
        }
        OutOfRange::PassesTooFew => malformed("stored hash's \"t\" is 0"),
        OutOfRange::PassesTooMany => too_high("stored hash's \"t\" is more than the option \"limits.passes\" allows"),
    }
}

fn malformed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::HashMalformed, message)
}

fn unsupported(message: &str) -> Error {
    Error::new(ErrorCode::HashUnsupported, message)
}

fn too_high(message: &str) -> Error {
    Error::new(ErrorCode::HashCostTooHigh, message)
}
