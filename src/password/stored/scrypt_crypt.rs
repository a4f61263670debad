//! scrypt as crypt(3) has it, and with it libsodium: `$7$C6..../....<salt>$<tag>`. The first character is the binary
//! logarithm of N, then come r and p in five each, the low bits first; the salt is the text that it is.

use super::fields::{crypt_base64, end, sixty_fourth, text};
use super::{Format, Parts, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::recipe;
use crate::password::scheme::Scheme;
use crate::password::scrypt::{Params, Recipe};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

const COST_CHARACTERS: usize = 11;
const TAG_BYTES: usize = 32;

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$7$").then_some(Scheme::Scrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let (costs, salt) = fields.next().and_then(|first| first.split_at_checked(COST_CHARACTERS)).unwrap_or_default();
    let [cost, block_size, parallelism] = self::costs(costs.as_bytes())
        .ok_or_else(|| malformed("stored hash does not have its costs in 11 characters of crypt's base64"))?;
    let salt = self::text(Some(salt), 8..=128)?;
    let tag = crypt_base64(fields.next(), TAG_BYTES)?;
    end(fields)?;
    let params = Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)?;
    Ok(Parts::plain(recipe::Recipe::Scrypt(Recipe { params, salt }), tag))
}

fn costs(digits: &[u8]) -> Option<[u64; 3]> {
    let (cost, rest) = digits.split_first()?;
    let (block_size, parallelism) = rest.split_at_checked(5)?;
    Some([sixty_fourth(*cost)?, number(block_size)?, number(parallelism)?])
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().rev().try_fold(0_u64, |number, digit| Some(number << 6 | sixty_fourth(*digit)?))
}
