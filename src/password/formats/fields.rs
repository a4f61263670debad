//! Pieces that every format uses: numbers, parameters, base64.

use core::ops::RangeInclusive;

use base64ct::{Base64Unpadded, Encoding};

use super::format::{malformed, malformed_parts};
use crate::Error;
use crate::password::kdf;

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
    let field = field.ok_or_else(|| malformed_parts(format_args!("stored hash has no {name}")))?;
    let padding =
        if field.len() % 4 == 0 { field.bytes().rev().take(2).take_while(|byte| *byte == b'=').count() } else { 0 };
    let unpadded = field.get(..field.len().saturating_sub(padding)).unwrap_or(field);
    let bytes = Base64Unpadded::decode_vec(unpadded)
        .map_err(|_| malformed_parts(format_args!("stored hash's {name} is not canonical base64")))?;
    of_length(bytes, name, lengths)
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
