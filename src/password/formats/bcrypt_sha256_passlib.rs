//! passlib's bcrypt for passwords of any length. `$bcrypt-sha256$v=2,t=2b,r=12$<salt>$<tag>` hashes the password's HMAC-SHA-256
//! under the text of the salt. Before passlib 1.7.3, `$bcrypt-sha256$2b,12$<salt>$<tag>` hashed its SHA-256. Both are in base64,
//! 44 characters long.

use super::bcrypt_mcf::{self, SALT_CHARACTERS};
use super::encodings::parameter;
use super::fields::{end, number};
use super::format::{Format, malformed, unsupported};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::bcrypt::Params;
use crate::password::stored_hash::{Parts, Reading};

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
            return Err(unsupported("stored hash has an unknown version"));
        }
        costs.next().and_then(|cost| cost.strip_prefix("t="))
    } else {
        costs.next()
    };
    let known: &[&str] = if keyed { &["2b"] } else { &["2a", "2b"] };
    if !variant.is_some_and(|variant| known.contains(&variant)) {
        return Err(unsupported("stored hash uses an unknown bcrypt variant"));
    }
    let cost = if keyed { parameter(&mut costs, "r")? } else { number(costs.next().unwrap_or_default(), "r")? };
    if costs.next().is_some() {
        return Err(malformed("stored hash has an unknown parameter"));
    }
    let (salt, tag) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    end(fields)?;
    if salt.len() != SALT_CHARACTERS {
        return Err(malformed("stored hash's salt is not 22 characters of bcrypt base64"));
    }
    // Checked here, as a cost of three digits would look like another error below.
    Params::new(cost, limits).map_err(OutOfRange::of_stored)?;
    let parts = bcrypt_mcf::read(&format!("$2b${cost:02}${salt}{tag}"), scheme, limits)?;
    let prehash = if keyed { PreHash::HmacSha256 { key: salt.into() } } else { PreHash::Sha256Base64 };
    Ok(Reading { prehash, ..parts.first }.alone())
}
