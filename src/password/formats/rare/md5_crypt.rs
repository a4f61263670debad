//! MD5-crypt: `$1$<salt>$<tag>` of Unix systems, `$apr1$<salt>$<tag>` of Apache's `htpasswd`.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::{crypt_base64, text};
use crate::password::formats::fields::end;
use crate::password::formats::format::Format;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::md5_crypt::{Md5Crypt, ROUNDS, TAG_BYTES};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

const PREFIXES: [&str; 2] = ["$1$", "$apr1$"];

fn recognize(text: &str) -> Option<Scheme> {
    prefix(text).map(|_| Scheme::Md5Crypt)
}

fn prefix(text: &str) -> Option<&'static str> {
    PREFIXES.into_iter().find(|prefix| text.starts_with(prefix))
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let prefix = prefix(text).unwrap_or_default();
    let mut fields = text.split('$').skip(2);
    let salt = self::text(fields.next(), 0..=8)?;
    let tag = crypt_base64(fields.next(), TAG_BYTES)?;
    end(fields)?;
    let rounds = Rounds::new(ROUNDS, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Md5Crypt { prefix, rounds, salt }, tag).alone())
}
