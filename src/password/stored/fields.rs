//! What forms have in common: fields between `$`, numbers, base64.

use core::ops::RangeInclusive;

#[cfg(feature = "schemes")]
use base64ct::{Base64, Base64ShaCrypt};
use base64ct::{Base64Unpadded, Encoding};

use super::malformed;
use crate::Error;

/// The lengths of salts that are read. RFC 9106 §3.1 and RFC 8018 §4.1 want 8 bytes; no software is known to make more
/// than 64.
pub(in crate::password) const SALT_BYTES: RangeInclusive<usize> = 8..=128;
/// The fewest bytes of a tag where the software that writes it leaves the length to its caller: 128 bits, so that no tag is
/// met by chance. The most are what the digest gives, as each digest more is all the work once more.
#[cfg(feature = "schemes")]
pub(in crate::password) const LEAST_TAG_BYTES: usize = 16;

/// A number below 2^32 as RFC 9106 has them: digits without sign and leading zeros.
pub(in crate::password) fn decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.starts_with('0') && text != "0") {
        return None;
    }
    text.parse::<u32>().ok().map(u64::from)
}

/// The next parameter, which must be the one called `name`, a number: `name=1`.
///
/// # Errors
/// `HASH_MALFORMED`: it is another one, or not a plain number.
pub(in crate::password) fn parameter<'a>(
    parameters: &mut impl Iterator<Item = &'a str>,
    name: &str,
) -> Result<u64, Error> {
    let number = parameters.next().and_then(|own| own.strip_prefix(name)).and_then(|rest| rest.strip_prefix('='));
    let number = number.ok_or_else(|| malformed(format!("stored hash lacks the parameter \"{name}\" in its place")))?;
    self::number(number, name)
}

/// The parameters of a PHC string, such as `m=64,p=2,t=1`. Programs write them in different orders, so any order is read.
pub(in crate::password) struct Parameters<'a, const N: usize> {
    named: [(&'static str, Option<&'a str>); N],
    has_unknown: bool,
}

impl<'a, const N: usize> Parameters<'a, N> {
    /// Reads the parameters that have one of these names.
    ///
    /// # Errors
    /// `HASH_MALFORMED`: a parameter is there twice.
    pub(in crate::password) fn read(text: &'a str, names: [&'static str; N]) -> Result<Self, Error> {
        let mut read = Self { named: names.map(|name| (name, None)), has_unknown: false };
        for parameter in text.split(',') {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            match read.named.iter_mut().find(|(known, _)| *known == name) {
                Some((_, place @ None)) => *place = Some(value),
                Some(_) => return Err(malformed(format!("stored hash has the parameter \"{name}\" twice"))),
                None => read.has_unknown = true,
            }
        }
        Ok(read)
    }

    /// The value of a parameter, if it is there.
    pub(in crate::password) fn get(&self, name: &str) -> Option<&'a str> {
        self.named.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value)
    }

    /// A parameter that must be there, a number.
    ///
    /// # Errors
    /// `HASH_MALFORMED`: it is not there, or not a plain number.
    pub(in crate::password) fn number(&self, name: &str) -> Result<u64, Error> {
        let value = self.get(name);
        number(value.ok_or_else(|| malformed(format!("stored hash lacks the parameter \"{name}\"")))?, name)
    }

    /// Expects no other parameters.
    ///
    /// # Errors
    /// `HASH_MALFORMED`: there is one.
    pub(in crate::password) fn end(&self) -> Result<(), Error> {
        if self.has_unknown { Err(malformed("stored hash has an unknown parameter")) } else { Ok(()) }
    }
}

/// A field that is a number.
///
/// # Errors
/// `HASH_MALFORMED`: it is not a plain number.
pub(in crate::password) fn number(field: &str, name: &str) -> Result<u64, Error> {
    decimal(field).ok_or_else(|| malformed(format!("stored hash's \"{name}\" is not a plain decimal number")))
}

/// The bytes of a field in base64.
///
/// # Errors
/// `HASH_MALFORMED`: there is none, it is not canonical, or it is of another length.
pub(in crate::password) fn bytes(
    field: Option<&str>,
    name: &str,
    lengths: RangeInclusive<usize>,
) -> Result<Vec<u8>, Error> {
    let field = field.ok_or_else(|| malformed(format!("stored hash has no {name}")))?;
    let bytes = Base64Unpadded::decode_vec(field)
        .map_err(|_| malformed(format!("stored hash's {name} is not canonical unpadded base64")))?;
    of_length(bytes, name, lengths)
}

/// The bytes of a field in base64 with padding.
///
/// # Errors
/// `HASH_MALFORMED`: there is none, it is not canonical, or it is of another length.
#[cfg(feature = "schemes")]
pub(in crate::password) fn padded(
    field: Option<&str>,
    name: &str,
    lengths: RangeInclusive<usize>,
) -> Result<Vec<u8>, Error> {
    let field = field.ok_or_else(|| malformed(format!("stored hash has no {name}")))?;
    let bytes = Base64::decode_vec(field)
        .map_err(|_| malformed(format!("stored hash's {name} is not canonical base64 with padding")))?;
    of_length(bytes, name, lengths)
}

/// The bytes of a field in hexadecimal, in small letters.
///
/// # Errors
/// `HASH_MALFORMED`: there is none, it is not hexadecimal, or it is of another length.
#[cfg(feature = "schemes")]
pub(in crate::password) fn hexadecimal(
    field: Option<&str>,
    name: &str,
    lengths: RangeInclusive<usize>,
) -> Result<Vec<u8>, Error> {
    let field = field.ok_or_else(|| malformed(format!("stored hash has no {name}")))?;
    let (pairs, rest) = field.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(sixteenth(*high)? << 4 | sixteenth(*low)?)).collect();
    let bytes = bytes.filter(|_| rest.is_empty());
    of_length(bytes.ok_or_else(|| malformed(format!("stored hash's {name} is not hexadecimal")))?, name, lengths)
}

#[cfg(feature = "schemes")]
fn sixteenth(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}

/// The bytes of a salt that is used as the text it is.
///
/// # Errors
/// `HASH_MALFORMED`: there is none, it is of another length, or has characters that no software writes.
#[cfg(feature = "schemes")]
pub(in crate::password) fn text(field: Option<&str>, lengths: RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    let field = field.ok_or_else(|| malformed("stored hash has no salt"))?;
    if !field.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed("stored hash's salt is not printable ASCII"));
    }
    of_length(field.into(), "salt", lengths)
}

/// The digits of crypt(3)'s numbers: `.` is 0, `z` is 63.
#[cfg(feature = "schemes")]
pub(in crate::password) fn sixty_fourth(digit: u8) -> Option<u64> {
    let (first, value) = match digit {
        b'.' | b'/' => (b'.', 0),
        b'0'..=b'9' => (b'0', 2),
        b'A'..=b'Z' => (b'A', 12),
        b'a'..=b'z' => (b'a', 38),
        _ => return None,
    };
    Some(u64::from(digit.wrapping_sub(first)).wrapping_add(value))
}

/// The bytes of a field in crypt(3)'s base64, which has the low bits first.
///
/// # Errors
/// `HASH_MALFORMED`: there is none, it is not canonical, or it is of another length.
#[cfg(feature = "schemes")]
pub(in crate::password) fn crypt_base64(field: Option<&str>, length: usize) -> Result<Vec<u8>, Error> {
    let field = field.ok_or_else(|| malformed("stored hash has no tag"))?;
    let bytes = Base64ShaCrypt::decode_vec(field)
        .map_err(|_| malformed("stored hash's tag is not canonical base64 of crypt"))?;
    of_length(bytes, "tag", length..=length)
}

/// These bytes, if they are as many as they may be.
///
/// # Errors
/// `HASH_MALFORMED`: they are more or fewer.
pub(in crate::password) fn of_length(
    bytes: Vec<u8>,
    name: &str,
    lengths: RangeInclusive<usize>,
) -> Result<Vec<u8>, Error> {
    if !lengths.contains(&bytes.len()) {
        let (least, most) = (lengths.start(), lengths.end());
        return Err(malformed(if least == most {
            format!("stored hash's {name} is not {least} bytes long")
        } else {
            format!("stored hash's {name} is not {least} to {most} bytes long")
        }));
    }
    Ok(bytes)
}

/// Expects nothing after the tag.
///
/// # Errors
/// `HASH_MALFORMED`: there is something.
pub(in crate::password) fn end<'a>(mut fields: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    match fields.next() {
        Some(_) => Err(malformed("stored hash goes on after its tag")),
        None => Ok(()),
    }
}
