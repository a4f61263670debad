//! Drupal 7 to 10.0: `$S$D<salt><tag>`, where the first character is the binary logarithm of the number of rounds. `U` before
//! it marks the accounts of Drupal 6, whose MD5 in hexadecimal was hashed again.

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::sixty_fourth;
use crate::password::formats::fields::expect_whole;
use crate::password::formats::format::{Format, malformed};
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::drupal::Drupal;
use crate::password::schemes::rounds::Rounds;
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "drupal", recognize, read };

const SALT_CHARACTERS: usize = 8;
const TAG_CHARACTERS: usize = 43;

fn recognize(text: &str) -> Option<Scheme> {
    text.strip_prefix('U').unwrap_or(text).starts_with("$S$").then_some(Scheme::Drupal)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let (prehash, text) = match text.strip_prefix('U') {
        Some(rest) => (PreHash::Md5Hex, rest),
        None => (PreHash::None, text),
    };
    let cost = text.as_bytes().get(3).and_then(|digit| sixty_fourth(*digit));
    // The range that Drupal accepts.
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
    expect_whole(tag, "tag", TAG_CHARACTERS)?;
    let tag = self::tag(tag).ok_or_else(|| malformed("stored hash's tag is not 43 characters of crypt base64"))?;
    let rounds = Rounds::new(1_u64.wrapping_shl(u32::try_from(cost).unwrap_or_default()), limits);
    let kdf = Drupal { rounds: rounds.map_err(OutOfRange::of_stored)?, salt: salt.into() };
    Ok(Reading { prehash, ..Reading::plain(kdf, tag) }.alone())
}

/// Six bits to a character, the low ones first. The last three characters hold two bytes and two bits.
fn tag(text: &str) -> Option<Vec<u8>> {
    if text.len() != TAG_CHARACTERS {
        return None;
    }
    let mut tag = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let mut value = 0_u64;
        for digit in group.iter().rev() {
            value = value << 6 | sixty_fourth(*digit)?;
        }
        tag.extend(value.to_le_bytes().iter().take(3));
    }
    Some(tag)
}
