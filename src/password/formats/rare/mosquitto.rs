//! mosquitto's password file: `$7$101$<salt>$<tag>` is PBKDF2 with HMAC-SHA-512, `$6$<salt>$<tag>` one SHA-512 of the password
//! and the salt. Both fields are in base64 with padding, which tells them from scrypt's `$7$` and SHA-crypt's `$6$`.

use crate::Error;
use crate::password::formats::encodings::padded;
use crate::password::formats::fields::{bytes, end, number};
use crate::password::formats::format::Format;
use crate::password::formats::pbkdf2_passlib;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mosquitto", recognize, read };

/// mosquitto writes 12 bytes; files of its plugins have up to 64.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 8..=64;
const TAG_BYTES: usize = 64;

fn recognize(text: &str) -> Option<Scheme> {
    match text.get(..3)? {
        "$6$" => (text.ends_with("==") && text.matches('$').count() == 3).then_some(Scheme::SaltedDigest),
        // Also if it was cut: scrypt's costs are longer than a number of iterations.
        "$7$" => {
            let iterations = text.split('$').nth(2)?;
            let is_number = !iterations.is_empty() && iterations.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some(Scheme::Pbkdf2Sha512)
        }
        _ => None,
    }
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let iterations = if scheme == Scheme::SaltedDigest { None } else { fields.next() };
    let salt = bytes(fields.next(), "salt", SALT_BYTES)?;
    let tag = padded(fields.next(), "tag", TAG_BYTES..=TAG_BYTES)?;
    end(fields)?;
    let Some(iterations) = iterations else {
        let kdf = SaltedDigest::once(Function::Sha512, Place::After, salt);
        return Ok(Reading::plain(kdf, tag).alone());
    };
    pbkdf2_passlib::parts(Digest::Sha512, number(iterations, "iterations")?, salt, tag, limits)
}
