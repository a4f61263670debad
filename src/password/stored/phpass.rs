//! The portable hashes of phpass: `$P$B<salt><tag>`, as `WordPress` stored them before 6.8, and `$H$9…`, as phpBB does. The
//! first character is the binary logarithm of the number of rounds.
//!
//! Of `$P$`, white space about a password is taken off, as `WordPress` does when it is set and when somebody logs in. What
//! either does to a password before that is tried after the password itself.

use super::fields::{crypt_base64, sixty_fourth};
use super::{Format, Parts, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::phpass::{Recipe, TAG_BYTES};
use crate::password::preparation::Preparation;
use crate::password::recipe;
use crate::password::rounds::Rounds;
use crate::password::scheme::Scheme;

pub(super) const FORMAT: Format = Format { name: "phpass", recognize, read };

const SALT_CHARACTERS: usize = 8;

fn recognize(text: &str) -> Option<Scheme> {
    (text.starts_with("$P$") || text.starts_with("$H$")).then_some(Scheme::Phpass)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let cost = text.as_bytes().get(3).and_then(|digit| sixty_fourth(*digit));
    // As phpass has it.
    let cost = cost.filter(|cost| (7..=30).contains(cost));
    let cost = cost.ok_or_else(|| malformed("stored hash's cost is not a digit from \"5\" to \"S\""))?;
    let (salt, tag) = text.get(4..).and_then(|rest| rest.split_at_checked(SALT_CHARACTERS)).unwrap_or_default();
    if salt.is_empty() || !salt.bytes().all(|digit| sixty_fourth(digit).is_some()) {
        return Err(malformed("stored hash's salt is not 8 characters of crypt's base64"));
    }
    let tag = crypt_base64(Some(tag), TAG_BYTES)?;
    let rounds = Rounds::new(1_u64.wrapping_shl(u32::try_from(cost).unwrap_or_default()), limits);
    let recipe = Recipe { rounds: rounds.map_err(OutOfRange::of_stored)?, salt: salt.into() };
    let preparation = if text.starts_with("$P$") { Preparation::Trimmed } else { Preparation::Html };
    Ok(Parts { preparation, recipe: recipe::Recipe::Phpass(recipe), tag, pepper: None })
}
