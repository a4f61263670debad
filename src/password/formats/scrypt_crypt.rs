//! scrypt as crypt(3) and libsodium write it: `$7$C6..../....<salt>$<tag>`. The first character is the binary logarithm of N.
//! Then r and p follow in five characters each, low bits first. The salt is used as text.

use super::encodings::{crypt_base64, sixty_fourth, text};
use super::fields::end;
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

const COST_CHARACTERS: usize = 11;
const TAG_BYTES: usize = 32;

fn recognize(text: &str) -> Option<Scheme> {
    // mosquitto's `$7$101$…` is PBKDF2.
    let costs = text.strip_prefix("$7$")?.split('$').next()?;
    let is_number = !costs.is_empty() && costs.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number).then_some(Scheme::Scrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let (costs, salt) = fields.next().and_then(|first| first.split_at_checked(COST_CHARACTERS)).unwrap_or_default();
    let [cost, block_size, parallelism] = self::costs(costs.as_bytes())
        .ok_or_else(|| malformed("stored hash's costs are not 11 characters of crypt base64"))?;
    let salt = self::text(Some(salt), 8..=128)?;
    let tag = crypt_base64(fields.next(), TAG_BYTES)?;
    end(fields)?;
    let params = Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Scrypt { params, salt }, tag).alone())
}

fn costs(digits: &[u8]) -> Option<[u64; 3]> {
    let (cost, rest) = digits.split_first()?;
    let (block_size, parallelism) = rest.split_at_checked(5)?;
    Some([sixty_fourth(*cost)?, number(block_size)?, number(parallelism)?])
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().rev().try_fold(0_u64, |number, digit| Some(number << 6 | sixty_fourth(*digit)?))
}
