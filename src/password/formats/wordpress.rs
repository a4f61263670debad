//! `WordPress` since 6.8: `$wp$2y$10$…`, which is `$wp` before PHP's bcrypt hash. bcrypt gets the password's HMAC-SHA-384
//! in base64, 64 characters long. White space around the password is trimmed, both when it is set and at login. Before
//! that, `WordPress` adds backslashes (`wp_magic_quotes`). The password with them is checked after the password itself.

use super::bcrypt_mcf;
use super::format::Format;
use crate::Error;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "wordpress", recognize, read };

const PREFIX: &str = "$wp";

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$wp$2y$").then_some(Scheme::Wordpress)
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let parts = bcrypt_mcf::read(text.strip_prefix(PREFIX).unwrap_or_default(), scheme, limits)?;
    Ok(Reading { prehash: PreHash::HmacSha384, ..parts.first }.alone())
}
