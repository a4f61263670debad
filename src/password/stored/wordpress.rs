//! What `WordPress` stores since 6.8: `$wp` before a hash of PHP's, `$wp$2y$10$…`, where bcrypt is given an HMAC-SHA-384 in
//! base64, 64 characters long. White space about a password is taken off, when it is set and when somebody logs in, and
//! before that it has backslashes (`wp_magic_quotes`), which is tried after the password itself.

use super::{Format, Parts, bcrypt_mcf};
use crate::Error;
use crate::password::limits::Limits;
use crate::password::preparation::Preparation;
use crate::password::scheme::Scheme;

pub(super) const FORMAT: Format = Format { name: "wordpress", recognize, read };

const PREFIX: &str = "$wp";

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$wp$2y$").then_some(Scheme::Wordpress)
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let parts = bcrypt_mcf::read(text.strip_prefix(PREFIX).unwrap_or_default(), scheme, limits)?;
    Ok(Parts { preparation: Preparation::HmacSha384, ..parts })
}
