//! `MySQL` 4.1 to 8 and `MariaDB` (`mysql_native_password`): `*` and the SHA-1 of the password's SHA-1, in hexadecimal. There is no salt,
//! so a policy must accept it by name.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::hexadecimal;
use crate::password::formats::format::Format;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::digest::{Function, Place, SaltedDigest, Stretch};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mysql", recognize, read };

const TAG_BYTES: usize = 20;

fn recognize(text: &str) -> Option<Scheme> {
    let rest = text.strip_prefix('*')?;
    let is_tag = rest.len() == TAG_BYTES << 1 && rest.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_tag.then_some(Scheme::PlainDigest)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let tag = text.get(1..).map(str::to_ascii_lowercase);
    let tag = hexadecimal(tag.as_deref(), "tag", TAG_BYTES..=TAG_BYTES)?;
    let stretch = Stretch::Digest(Rounds::new(2, limits).map_err(OutOfRange::of_stored)?);
    let kdf = SaltedDigest { function: Function::Sha1, place: Place::After, salt: Vec::new(), stretch };
    Ok(Reading::plain(kdf, tag).alone())
}
