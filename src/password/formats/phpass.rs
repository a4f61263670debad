//! The portable hashes of phpass: `$P$B<salt><tag>`, from `WordPress` before 6.8, and `$H$9…`, from phpBB. The first character
//! after the prefix is the binary logarithm of the number of rounds.
//!
//! With `$P$`, the password without white space around it is checked after the password itself: `WordPress` trims it when a
//! password is set and at login, and other users of phpass do not. So is the password as either software escapes it.

use super::encodings::{crypt_base64, sixty_fourth};
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::phpass::{Phpass, TAG_BYTES};
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "phpass", recognize, read };

const SALT_CHARACTERS: usize = 8;

fn recognize(text: &str) -> Option<Scheme> {
    (text.starts_with("$P$") || text.starts_with("$H$")).then_some(Scheme::Phpass)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let cost = text.as_bytes().get(3).and_then(|digit| sixty_fourth(*digit));
    // The range that phpass accepts.
    let cost = cost.filter(|cost| (7..=30).contains(cost));
    let cost = cost.ok_or_else(|| malformed("stored hash's cost is not a character from \"5\" to \"S\""))?;
    let rest = text.get(4..).unwrap_or_default();
    if rest.len() < SALT_CHARACTERS {
        return Err(malformed("stored hash is cut short within its salt"));
    }
    let (salt, tag) = rest.split_at_checked(SALT_CHARACTERS).unwrap_or_default();
    if salt.is_empty() || !salt.bytes().all(|digit| sixty_fourth(digit).is_some()) {
        return Err(malformed("stored hash's salt is not 8 characters of crypt base64"));
    }
    let tag = crypt_base64(Some(tag), TAG_BYTES)?;
    let rounds = Rounds::new(1_u64.wrapping_shl(u32::try_from(cost).unwrap_or_default()), limits);
    let kdf = Phpass { rounds: rounds.map_err(OutOfRange::of_stored)?, salt: salt.into() };
    let prehash = if text.starts_with("$P$") { PreHash::MayTrim } else { PreHash::Html };
    Ok(Reading { prehash, ..Reading::plain(kdf, tag) }.alone())
}
