//! yescrypt, of Debian, Ubuntu, Fedora and Arch: `$y$<parameters>$<salt>$<tag>`, in crypt(3)'s base64. The parameters are
//! flags, the binary logarithm of N, and r, in yescrypt's own numbers: `j9T` is N = 2^12, r = 32. A further number says which of
//! p, t, g and NROM follow it. `$gy$` is gost-yescrypt, of ALT Linux, with the same fields (libxcrypt, `crypt-gost-yescrypt.c`).

use base64ct::{Base64ShaCrypt, Encoding};

use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::formats::encodings::{crypt_base64, sixty_fourth};
use crate::password::formats::fields::{end, of_length};
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::schemes::rare::yescrypt::{TAG_BYTES, Yescrypt};
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "mcf", recognize, read };

const GOST: &str = "$gy$";

/// The flags that every system writes: read and write, 6 rounds, 4 lanes of 2 words, tables of 12 KiB.
const FLAGS: u64 = 47;
/// Bits of the number that says which parameters follow it.
const GIVES_PARALLELISM: u64 = 1;
const GIVES_TIME: u64 = 2;

fn recognize(text: &str) -> Option<Scheme> {
    (text.starts_with("$y$") || text.starts_with(GOST)).then_some(Scheme::Yescrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let mut digits = fields.next().unwrap_or_default().bytes();
    let [flags, cost, block_size] = [0, 1, 1].map(|least| number(&mut digits, least));
    let (flags, cost, block_size) = (flags?, cost?, block_size?);
    let given = if digits.len() == 0 { 0 } else { number(&mut digits, 1)? };
    if flags != FLAGS || given & !(GIVES_PARALLELISM | GIVES_TIME) != 0 {
        return Err(unsupported("stored hash uses parameters of yescrypt that are not supported"));
    }
    let parallelism = if given & GIVES_PARALLELISM == 0 { 1 } else { number(&mut digits, 2)? };
    let time = if given & GIVES_TIME == 0 { 0 } else { number(&mut digits, 1)? };
    if digits.next().is_some() {
        return Err(malformed("stored hash's parameters are not yescrypt's numbers"));
    }
    let salt = fields.next().unwrap_or_default();
    let salt =
        Base64ShaCrypt::decode_vec(salt).map_err(|_| malformed("stored hash's salt is not canonical crypt base64"))?;
    let salt = of_length(salt, "salt", 0..=64)?;
    let setting = text.rsplit_once('$').map(|(setting, _)| setting);
    let gost = setting.filter(|_| text.starts_with(GOST)).map(str::to_owned);
    let tag = crypt_base64(fields.next(), TAG_BYTES)?;
    end(fields)?;
    let params = Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)?;
    // Lanes share the table, and each needs two entries.
    if 1_u64.wrapping_shl(params.cost()) < u64::from(params.parallelism()) << 1 {
        return Err(malformed("stored hash's \"p\" is more than half of its N"));
    }
    let time = params.times(time, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Yescrypt { scrypt: Scrypt { params, salt }, time, gost }, tag).alone())
}

/// A number of at least `least`. Its first digit says how many follow: up to 47 none, then one, two and so on.
fn number(digits: &mut impl Iterator<Item = u8>, least: u64) -> Result<u64, Error> {
    let mut digit = || digits.next().and_then(sixty_fourth);
    let cut_short = || malformed("stored hash's parameters are not yescrypt's numbers");
    let first = digit().ok_or_else(cut_short)?;
    let (mut start, mut end, mut bits) = (0_u64, 47_u64, 0_u32);
    let mut value = least;
    while end < first {
        value = value.saturating_add(end.saturating_add(1).saturating_sub(start).wrapping_shl(bits));
        start = end.saturating_add(1);
        end = start.saturating_add(62_u64.saturating_sub(end) >> 1);
        bits = bits.saturating_add(6);
    }
    value = value.saturating_add(first.saturating_sub(start).wrapping_shl(bits));
    while bits != 0 {
        bits = bits.saturating_sub(6);
        value = value.saturating_add(digit().ok_or_else(cut_short)?.wrapping_shl(bits));
    }
    Ok(value)
}
