//! bcrypt as `AdonisJS` writes it: `$bcrypt$v=98$r=10$<salt>$<tag>`, in base64. `v` is the ASCII code of the version's letter: 97 is
//! `2a`, 98 is `2b`, 121 is `2y`.

use super::fields::{bytes, end, number};
use super::format::{Format, malformed, malformed_parts, unsupported};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::bcrypt::{Bcrypt, Params, SALT_BYTES, TAG_BYTES};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "adonis", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$bcrypt$").then_some(Scheme::Bcrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let [version, cost] = ["v", "r"].map(|name| {
        let field = fields.next().and_then(|field| field.strip_prefix(name)).and_then(|rest| rest.strip_prefix('='));
        number(field.ok_or_else(|| malformed_parts(format_args!("stored hash lacks the parameter \"{name}\"")))?, name)
    });
    if !matches!(version?, 97 | 98 | 121) {
        return Err(unsupported("stored hash uses an unknown variant of its scheme"));
    }
    let salt = fields.next();
    let tag = bytes(fields.next(), "tag", TAG_BYTES..=TAG_BYTES)?;
    let salt = bytes(salt, "salt", SALT_BYTES..=SALT_BYTES)?;
    end(fields)?;
    let salt = salt.try_into().map_err(|_| malformed("stored hash's salt is not 16 bytes long"))?;
    let params = Params::new(cost?, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Bcrypt { params, salt }, tag).alone())
}
