//! What better-auth stores, Lucia and oslo: `<salt>:<tag>`, and `s2:` before it in Lucia's second version. The costs are not
//! in it, and always were N = 2^14, r = 16, p = 1; in Lucia's first version r = 8. The salt is the text that it is.

use super::fields::{hexadecimal, text};
use super::{Format, Parts, malformed, unmarked};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::preparation::Preparation;
use crate::password::recipe;
use crate::password::scheme::Scheme;
use crate::password::scrypt::{Params, Recipe};

pub(super) const FORMAT: Format = Format { name: "better-auth", recognize: unmarked::scheme, read };

const TAG_BYTES: usize = 64;

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.strip_prefix("s2:").unwrap_or(text).split(':');
    let salt = self::text(fields.next(), 16..=32)?;
    let tag = hexadecimal(fields.next(), "tag", TAG_BYTES..=TAG_BYTES)?;
    if fields.next().is_some() {
        return Err(malformed("stored hash goes on after its tag"));
    }
    let block_size = if scheme == Scheme::LuciaLegacy { 8 } else { 16 };
    let params = Params::new(14, block_size, 1, limits).map_err(OutOfRange::of_stored)?;
    let recipe = recipe::Recipe::Scrypt(Recipe { params, salt });
    Ok(Parts { preparation: Preparation::Nfkc, recipe, tag, pepper: None })
}
