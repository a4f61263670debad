//! A digest with its name before it, `sha256$<salt>$<tag>`, the salt as text and the tag in hexadecimal. Werkzeug before 3
//! wrote an HMAC of the password whose key is the salt; Django wrote, as `md5` and `sha1`, a digest of the salt and the
//! password. Nothing tells the two apart, so both are tried.

use crate::Error;
use crate::password::formats::django::SALT_CHARACTERS;
use crate::password::formats::encodings::{hexadecimal, text};
use crate::password::formats::fields::end;
use crate::password::formats::format::{Format, malformed};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "django", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    function(text).map(|_| Scheme::SaltedDigest)
}

fn function(text: &str) -> Option<Function> {
    Function::named(text.split_once('$')?.0)
}

fn read(text: &str, scheme: Scheme, _: &Limits) -> Result<Parts, Error> {
    let function = function(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    let mut fields = text.split('$').skip(1);
    let salt = self::text(fields.next(), SALT_CHARACTERS)?;
    let tag = hexadecimal(fields.next(), "tag", function.tag_bytes()..=function.tag_bytes())?;
    end(fields)?;
    let reading = |place| Reading::plain(SaltedDigest::once(function, place, salt.clone()), tag.clone());
    Ok(reading(Place::Before).alone().or(scheme, Ok(reading(Place::Key))))
}
