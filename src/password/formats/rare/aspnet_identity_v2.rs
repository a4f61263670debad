//! ASP.NET Identity 2 and `Crypto.HashPassword`, in base64: a byte 0; the salt, 16 bytes; the tag, 32 bytes of PBKDF2 with
//! HMAC-SHA-1 and 1000 iterations.

use crate::Error;
use crate::password::formats::fields::bytes;
use crate::password::formats::format::Format;
use crate::password::formats::pbkdf2_passlib;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "aspnet-identity", recognize, read };

const CHARACTERS: usize = 68;
const BYTES: usize = 49;
const ITERATIONS: u64 = 1000;

fn recognize(text: &str) -> Option<Scheme> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    match text.as_bytes() {
        // The byte 0, and four bits of the salt.
        [b'A', b'A'..=b'P', rest @ .., b'=', b'='] if text.len() == CHARACTERS => {
            rest.iter().all(|byte| is_base64(*byte)).then_some(Scheme::AspnetIdentityV2)
        }
        _ => None,
    }
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut salt = bytes(Some(text), "envelope", BYTES..=BYTES)?;
    let tag = salt.split_off(17);
    salt.remove(0);
    pbkdf2_passlib::parts(Digest::Sha1, ITERATIONS, salt, tag, limits)
}
