//! Django's Argon2 hashes: `argon2` before a PHC string, `argon2$argon2id$v=19$m=102400,t=2,p=8$…`.

use super::argon2_phc;
use super::format::Format;
use crate::Error;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "django", recognize, read };

const PREFIX: &str = "argon2";

fn recognize(text: &str) -> Option<Scheme> {
    argon2_phc::recognize(text.strip_prefix(PREFIX)?)
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    argon2_phc::read(text.strip_prefix(PREFIX).unwrap_or_default(), scheme, limits)
}
