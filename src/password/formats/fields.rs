//! Pieces that every format uses: numbers, parameters, base64.

use core::ops::RangeInclusive;

use base64ct::{Base64Unpadded, Encoding};

use super::format::{malformed, malformed_parts};
use crate::Error;
use crate::password::kdf;
use crate::password::schemes::EVERY;

/// The lengths of salts that are read. RFC 9106 §3.1 and RFC 8018 §4.1 ask for at least 8 bytes; no software is known to
/// write more than 64.
pub(super) const SALT_BYTES: RangeInclusive<usize> = 8..=128;

const _: () = assert!(*SALT_BYTES.start() <= kdf::SALT_BYTES, "new hashes can be read");

/// A number below 2^32 as RFC 9106 writes it: digits without a sign or leading zeros.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.starts_with('0') && text != "0") {
        return None;
    }
    text.parse::<u32>().ok().map(u64::from)
}

/// The parameters of a PHC string, such as `m=64,p=2,t=1`. Programs write them in different orders, so any order is read.
pub(super) struct Parameters<'a, const N: usize> {
    named: [(&'static str, Option<&'a str>); N],
    has_unknown: bool,
}

impl<'a, const N: usize> Parameters<'a, N> {
    /// Reads the parameters that have one of these names.
    ///
    /// # Errors
    /// `HASH_MALFORMED`: a parameter is there twice.
    pub(super) fn read(text: &'a str, names: [&'static str; N]) -> Result<Self, Error> {
        let mut read = Self { named: names.map(|name| (name, None)), has_unknown: false };
        for parameter in text.split(',') {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            match read.named.iter_mut().find(|(known, _)| *known == name) {
                Some((_, place @ None)) => *place = Some(value),
                Some(_) => return Err(malformed_parts(format_args!("stored hash has the parameter \"{name}\" twice"))),
                None => read.has_unknown = true,
            }
        }
        Ok(read)
    }

    /// The value of a parameter, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.named.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value)
    }

    /// A parameter that must be there, a number.
    ///
    /// # Errors
    /// `HASH_MALFORMED`: it is not there, or not a plain number.
    pub(super) fn number(&self, name: &str) -> Result<u64, Error> {
        let value = self.get(name);
        number(value.ok_or_else(|| malformed_parts(format_args!("stored hash lacks the parameter \"{name}\"")))?, name)
    }

    /// Checks that there are no other parameters.
    ///
    /// # Errors
    /// `HASH_MALFORMED`: there is one.
    pub(super) fn end(&self) -> Result<(), Error> {
        if self.has_unknown { Err(malformed("stored hash has an unknown parameter")) } else { Ok(()) }
    }
}

/// A field that is a number.
///
/// # Errors
/// `HASH_MALFORMED`: not a plain number.
pub(super) fn number(field: &str, name: &str) -> Result<u64, Error> {
    decimal(field)
        .ok_or_else(|| malformed_parts(format_args!("stored hash's \"{name}\" is not a plain decimal number")))
}

/// The bytes of a field in base64, padded or not: programs differ, and both mean the same bytes.
///
/// # Errors
/// `HASH_MALFORMED`: missing, not canonical, or of a wrong length.
pub(super) fn bytes(field: Option<&str>, name: &str, lengths: RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    let unpadded = unpadded(present(field, name)?);
    expect_whole(unpadded, name, characters(*lengths.start()))?;
    let bytes = Base64Unpadded::decode_vec(unpadded)
        .map_err(|_| malformed_parts(format_args!("stored hash's {name} is not canonical base64")))?;
    of_length(bytes, name, lengths)
}

/// The bytes of a tag in base64, of a length that software writes. Any other length is taken for a tag that was cut short, by a
/// column that was too narrow.
///
/// # Errors
/// `HASH_MALFORMED`: missing, cut short, not canonical, or longer than `most`.
pub(super) fn tag(field: Option<&str>, most: usize, is_written: &dyn Fn(usize) -> bool) -> Result<Vec<u8>, Error> {
    let text = unpadded(present(field, "tag")?);
    let count = text.len().saturating_mul(3) / 4;
    let may_be_cut = count < most && !text.ends_with('=');
    if may_be_cut && !(is_written(count) && characters(count) == text.len()) {
        return Err(malformed(CUT_SHORT));
    }
    let is_short = EVERY && may_be_cut && count < USUAL_TAG_BYTES;
    bytes(field, "tag", 1..=most).map_err(|error| if is_short { malformed(CUT_SHORT) } else { error })
}

/// What nearly all software writes. A shorter tag that is not canonical was probably cut.
const USUAL_TAG_BYTES: usize = 32;

pub(super) const CUT_SHORT: &str = "stored hash is cut short within its tag";

/// A field that is there.
///
/// # Errors
/// `HASH_MALFORMED`: it is not.
pub(super) fn present<'a>(field: Option<&'a str>, name: &str) -> Result<&'a str, Error> {
    field.ok_or_else(|| {
        // Argon2's other fields are only read where they are present.
        let is_last = !EVERY || matches!(name, "salt" | "tag");
        let how = if is_last { "is cut short before its" } else { "has no" };
        malformed_parts(format_args!("stored hash {how} {name}"))
    })
}

/// Checks that a tag has at least as many characters. It is the last field of a hash, and no other field can be cut short.
///
/// # Errors
/// `HASH_MALFORMED`: it has fewer.
pub(super) fn expect_whole(field: &str, name: &str, least: usize) -> Result<(), Error> {
    if EVERY && name.ends_with("tag") && field.len() < least { Err(malformed(CUT_SHORT)) } else { Ok(()) }
}

/// How many characters of unpadded base64 hold so many bytes.
pub(super) const fn characters(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

fn unpadded(field: &str) -> &str {
    let padding = if field.len().is_multiple_of(4) {
        field.bytes().rev().take(2).take_while(|byte| *byte == b'=').count()
    } else {
        0
    };
    field.get(..field.len().saturating_sub(padding)).unwrap_or(field)
}

/// The bytes, if there are as many as allowed.
///
/// # Errors
/// `HASH_MALFORMED`: more or fewer.
pub(super) fn of_length(bytes: Vec<u8>, name: &str, lengths: RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    if !lengths.contains(&bytes.len()) {
        let (least, most) = (lengths.start(), lengths.end());
        return Err(if least == most {
            malformed_parts(format_args!("stored hash's {name} is not {least} bytes long"))
        } else {
            malformed_parts(format_args!("stored hash's {name} is not {least} to {most} bytes long"))
        });
    }
    Ok(bytes)
}

/// Checks that there is nothing after the tag.
///
/// # Errors
/// `HASH_MALFORMED`: there is something.
pub(super) fn end<'a>(mut fields: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    match fields.next() {
        Some(_) => Err(malformed("stored hash has extra characters after its tag")),
        None => Ok(()),
    }
}
