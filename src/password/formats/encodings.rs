//! Encodings of the formats that are not PHC strings: hexadecimal, plain text, crypt(3)'s base64.

use core::ops::RangeInclusive;

use base64ct::{Base64ShaCrypt, Encoding};

#[cfg(feature = "formats")]
use super::fields::{CUT_SHORT, bytes};
use super::fields::{characters, expect_whole, of_length, present};
use super::format::{malformed, malformed_parts};
use crate::Error;

/// The shortest tag that is accepted where the software lets its caller choose: 128 bits, so that none matches by chance.
pub(super) const LEAST_TAG_BYTES: usize = 16;

/// The lengths of salts where the software lets its caller choose. Only tables of salts in columns of their own have shorter
/// ones than 8 bytes.
pub(super) const ANY_SALT_BYTES: RangeInclusive<usize> = 1..=128;

/// The bytes of a field in lower-case hexadecimal.
///
/// # Errors
/// `HASH_MALFORMED`: missing, not hexadecimal, or of a wrong length.
pub(super) fn hexadecimal(field: Option<&str>, name: &str, lengths: RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    let field = present(field, name)?;
    expect_whole(field, name, lengths.start().saturating_mul(2))?;
    let (pairs, rest) = field.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(sixteenth(*high)? << 4 | sixteenth(*low)?)).collect();
    let bytes = bytes.filter(|_| rest.is_empty());
    of_length(
        bytes.ok_or_else(|| malformed_parts(format_args!("stored hash's {name} is not hexadecimal")))?,
        name,
        lengths,
    )
}

fn sixteenth(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}

/// The bytes of the last field of a hash, in base64 that its software pads. If it is not canonical and lacks its padding, it was
/// cut.
///
/// # Errors
/// `HASH_MALFORMED`: missing, cut short, not canonical, or of a wrong length.
#[cfg(feature = "formats")]
pub(super) fn padded(field: Option<&str>, name: &str, lengths: RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    bytes(field, name, lengths)
        .map_err(|error| if field.is_some_and(lacks_padding) { malformed(CUT_SHORT) } else { error })
}

#[cfg(feature = "formats")]
fn lacks_padding(field: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    !field.len().is_multiple_of(4) && field.strip_suffix('=').unwrap_or(field).bytes().all(is_base64)
}

/// Whether a text is lower-case hexadecimal.
#[cfg(feature = "formats")]
pub(super) fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|digit| sixteenth(digit).is_some())
}

/// The bytes of a salt that is used as text.
///
/// # Errors
/// `HASH_MALFORMED`: missing, of a wrong length, or with characters that no software writes.
pub(super) fn text(field: Option<&str>, lengths: RangeInclusive<usize>) -> Result<Vec<u8>, Error> {
    let field = present(field, "salt")?;
    if !field.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed("stored hash's salt is not printable ASCII"));
    }
    of_length(field.into(), "salt", lengths)
}

/// A digit of crypt(3)'s numbers: `.` is 0, `z` is 63.
pub(super) fn sixty_fourth(digit: u8) -> Option<u64> {
    let (first, value) = match digit {
        b'.' | b'/' => (b'.', 0),
        b'0'..=b'9' => (b'0', 2),
        b'A'..=b'Z' => (b'A', 12),
        b'a'..=b'z' => (b'a', 38),
        _ => return None,
    };
    Some(u64::from(digit.wrapping_sub(first)).wrapping_add(value))
}

/// The bytes of a tag in crypt(3)'s base64, which has the low bits first.
///
/// # Errors
/// `HASH_MALFORMED`: missing, not canonical, or of a wrong length.
pub(super) fn crypt_base64(field: Option<&str>, length: usize) -> Result<Vec<u8>, Error> {
    let field = present(field, "tag")?;
    expect_whole(field, "tag", characters(length))?;
    let bytes =
        Base64ShaCrypt::decode_vec(field).map_err(|_| malformed("stored hash's tag is not canonical crypt base64"))?;
    of_length(bytes, "tag", length..=length)
}

/// scrypt's cost parameter from N itself.
///
/// # Errors
/// `HASH_MALFORMED`: not a power of two.
pub(super) fn logarithm(entries: u64) -> Result<u64, Error> {
    if !entries.is_power_of_two() {
        return Err(malformed("stored hash's \"N\" is not a power of two"));
    }
    Ok(entries.trailing_zeros().into())
}
