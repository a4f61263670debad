//! scrypt as a PHC string: `$scrypt$ln=17,r=8,p=1$<salt>$<tag>`, as passlib and crate `scrypt` write it. `AdonisJS` writes N itself:
//! `$scrypt$n=16384,r=8,p=1$<salt>$<tag>`. So does Ory, under the name of its logarithm: `$scrypt$ln=16384,r=8,p=1$…`.

use base64ct::{Base64Unpadded, Encoding};

use super::encodings::{ANY_SALT_BYTES, logarithm};
use super::fields::{Parameters, bytes, end, tag};
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::kdf;
use crate::password::limits::Limits;
use crate::password::new_hash::{AnyNewHash, NewHash};
use crate::password::scheme::Scheme;
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "phc", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$scrypt$").then_some(Scheme::Scrypt)
}

fn read(text: &str, _: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let parameters = Parameters::read(fields.next().unwrap_or_default(), ["ln", "n", "r", "p"])?;
    let cost = match (parameters.get("ln"), parameters.get("n")) {
        (Some(_), Some(_)) => return Err(malformed("stored hash has both the parameters \"ln\" and \"n\"")),
        (None, Some(_)) => logarithm(parameters.number("n")?)?,
        _ => match parameters.number("ln")? {
            // Ory's `ln` is N itself. No logarithm is so high.
            entries @ 1024.. if entries.is_power_of_two() => entries.trailing_zeros().into(),
            cost => cost,
        },
    };
    let [block_size, parallelism] = ["r", "p"].map(|name| parameters.number(name));
    let (block_size, parallelism) = (block_size?, parallelism?);
    parameters.end()?;
    let salt = fields.next();
    let tag = tag(fields.next(), 64, &|bytes| bytes == 32)?;
    let salt = bytes(salt, "salt", ANY_SALT_BYTES)?;
    end(fields)?;
    let params = Params::new(cost, block_size, parallelism, limits).map_err(OutOfRange::of_stored)?;
    Ok(Reading::plain(Scrypt { params, salt }, tag).alone())
}

impl NewHash for Scrypt {
    fn with_salt(&self, salt: [u8; kdf::SALT_BYTES]) -> Box<AnyNewHash> {
        Box::new(Self { salt: salt.into(), ..*self })
    }

    fn stored(&self, tag: &[u8], _: Option<&str>) -> String {
        let (salt, tag) = (Base64Unpadded::encode_string(&self.salt), Base64Unpadded::encode_string(tag));
        let (cost, block_size, parallelism) = (self.params.cost(), self.params.block_size(), self.params.parallelism());
        format!("$scrypt$ln={cost},r={block_size},p={parallelism}${salt}${tag}")
    }
}
