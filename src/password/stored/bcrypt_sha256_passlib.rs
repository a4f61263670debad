//! passlib's bcrypt of passwords of any length: `$bcrypt-sha256$v=2,t=2b,r=12$<salt>$<tag>`, where bcrypt is given an
//! HMAC-SHA-256 under the text of the salt; and before passlib 1.7.3 `$bcrypt-sha256$2b,12$<salt>$<tag>`, a SHA-256. Either is
//! in base64, and 44 characters long.

use super::bcrypt_mcf::{self, SALT_CHARACTERS};
use super::fields::{end, number, parameter};
use super::{Format, Parts, malformed, unsupported};
use crate::Error;
use crate::password::bcrypt::Params;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::preparation::Preparation;
use crate::password::scheme::Scheme;

pub(super) const FORMAT: Format = Format { name: "passlib", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    text.starts_with("$bcrypt-sha256$").then_some(Scheme::BcryptSha256)
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$').skip(2);
    let mut costs = fields.next().unwrap_or_default().split(',').peekable();
    let keyed = costs.peek().is_some_and(|cost| cost.starts_with("v="));
    let variant = if keyed {
        if parameter(&mut costs, "v")? != 2 {
            return Err(unsupported("stored hash is of an unknown version"));
        }
        costs.next().and_then(|cost| cost.strip_prefix("t="))
    } else {
        costs.next()
    };
    let known: &[&str] = if keyed { &["2b"] } else { &["2a", "2b"] };
    if !variant.is_some_and(|variant| known.contains(&variant)) {
        return Err(unsupported("stored hash is of an unknown variant of bcrypt"));
    }
    let cost = if keyed { parameter(&mut costs, "r")? } else { number(costs.next().unwrap_or_default(), "r")? };
    if costs.next().is_some() {
        return Err(malformed("stored hash has an unknown parameter"));
    }
    let (salt, tag) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    end(fields)?;
    if salt.len() != SALT_CHARACTERS {
        return Err(malformed("stored hash's salt is not 22 characters of bcrypt's base64"));
    }
    // What two digits cannot write is not to look like another fault.
    Params::new(cost, limits).map_err(OutOfRange::of_stored)?;
    let parts = bcrypt_mcf::read(&format!("$2b${cost:02}${salt}{tag}"), scheme, limits)?;
    let preparation = if keyed { Preparation::HmacSha256 { key: salt.into() } } else { Preparation::Sha256Base64 };
    Ok(Parts { preparation, ..parts })
}
