//! SHA1-crypt, of `NetBSD` and Juniper: `$sha1$<rounds>$<salt>$<tag>`. The tag has the 20 bytes of the digest and its first byte
//! again.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::{crypt_base64, text};
use crate::password::formats::fields::{end, number};
use crate::password::formats::format::{Format, malformed};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::sha1_crypt::{Sha1Crypt, TAG_BYTES};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$sha1$").then_some(Scheme::Sha1Crypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let rounds = number(fields.next().unwrap_or_default(), "rounds")?;
    if rounds == 0 {
        return Err(malformed("stored hash's \"rounds\" is less than 1"));
    }
    let salt = self::text(fields.next(), 0..=64)?;
    let tag = crypt_base64(fields.next(), TAG_BYTES)?;
    end(fields)?;
    let rounds = Rounds::new(rounds, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Sha1Crypt { rounds, salt }, tag).alone())
}
