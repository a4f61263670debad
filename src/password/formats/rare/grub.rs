//! GRUB: `grub.pbkdf2.sha512.<iterations>.<salt>.<tag>`, both in hexadecimal, which `grub-mkpasswd-pbkdf2` writes in capitals.

use crate::Error;
use crate::password::formats::encodings::hexadecimal;
use crate::password::formats::fields::{SALT_BYTES, end, number};
use crate::password::formats::format::Format;
use crate::password::formats::pbkdf2_passlib::parts;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::Digest;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "grub", recognize, read };

const PREFIX: &str = "grub.pbkdf2.sha512.";
const TAG_BYTES: usize = 64;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with(PREFIX).then_some(Scheme::Pbkdf2Sha512)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('.').skip(3);
    let iterations = number(fields.next().unwrap_or_default(), "iterations")?;
    let [salt, tag] = [(); 2].map(|()| fields.next().map(str::to_ascii_lowercase));
    let tag = hexadecimal(tag.as_deref(), "tag", TAG_BYTES..=TAG_BYTES)?;
    let salt = hexadecimal(salt.as_deref(), "salt", SALT_BYTES)?;
    end(fields)?;
    parts(Digest::Sha512, iterations, salt, tag, limits)
}
