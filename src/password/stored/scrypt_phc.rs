//! scrypt as a PHC string: `$scrypt$ln=17,r=8,p=1$<salt>$<tag>`, as passlib and the crate `scrypt` write it.

use base64ct::{Base64Unpadded, Encoding};

use super::fields::{SALT_BYTES, bytes, end, parameter};
use super::{Format, Parts, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::recipe;
use crate::password::scheme::Scheme;
use crate::password::scrypt::{Params, Recipe};

pub(super) const FORMAT: Format = Format { name: "phc", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$scrypt$").then_some(Scheme::Scrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let mut costs = fields.next().unwrap_or_default().split(',');
    let [cost, block_size, parallelism] = ["ln", "r", "p"].map(|name| parameter(&mut costs, name));
    let (cost, block_size, parallelism) = (cost?, block_size?, parallelism?);
    if costs.next().is_some() {
        return Err(malformed("stored hash has an unknown parameter"));
    }
    let salt = bytes(fields.next(), "salt", SALT_BYTES)?;
    let tag = bytes(fields.next(), "tag", 0..=usize::MAX)?;
    // What software writes, and nothing between: the tag of a column that was too short is not to be taken for a whole one.
    if !matches!(tag.len(), 32 | 64) {
        return Err(malformed("stored hash's tag is not 32 or 64 bytes long"));
    }
    end(fields)?;
    let params = Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)?;
    Ok(Parts::plain(recipe::Recipe::Scrypt(Recipe { params, salt }), tag))
}

/// The string of a hash made here.
pub(super) fn written(recipe: &Recipe, tag: &[u8]) -> String {
    let (salt, tag) = (Base64Unpadded::encode_string(&recipe.salt), Base64Unpadded::encode_string(tag));
    let (cost, block_size, parallelism) =
        (recipe.params.cost(), recipe.params.block_size(), recipe.params.parallelism());
    format!("$scrypt$ln={cost},r={block_size},p={parallelism}${salt}${tag}")
}
