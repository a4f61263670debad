//! better-auth, Lucia and oslo: scrypt as `<salt>:<tag>`, and `s2:` before it in Lucia 2. The costs are not in the string: they
//! are N = 2^14, r = 16, p = 1, and in Lucia 1 r = 8. The salt is used as text.

use super::encodings::{hexadecimal, text};
use super::format::{Format, malformed};
use super::unmarked;
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "better-auth", recognize: unmarked::scheme, read };

const TAG_BYTES: usize = 64;

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.strip_prefix("s2:").unwrap_or(text).split(':');
    let salt = self::text(fields.next(), 16..=32)?;
    let tag = hexadecimal(fields.next(), "tag", TAG_BYTES..=TAG_BYTES)?;
    if fields.next().is_some() {
        return Err(malformed("stored hash has extra characters after its tag"));
    }
    let block_size = if scheme == Scheme::LuciaLegacy { 8 } else { 16 };
    let params = Params::new(14, block_size, 1, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading { prehash: PreHash::Nfkc, ..Reading::plain(Scrypt { params, salt }, tag) }.alone())
}
