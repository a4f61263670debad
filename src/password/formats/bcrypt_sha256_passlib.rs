//! passlib's bcrypt for passwords of any length: bcrypt gets a digest of the password in base64, 44 characters long. In
//! `$bcrypt-sha256$v=2,t=2b,r=12$<salt>$<tag>` the digest is HMAC-SHA-256, whose key is the text of the salt. In
//! `$bcrypt-sha256$2b,12$<salt>$<tag>`, from before passlib 1.7.3, it is SHA-256.

use super::bcrypt_mcf::{self, SALT_CHARACTERS};
use super::fields::{Parameters, end, number};
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
    let costs = fields.next().unwrap_or_default();
    let is_keyed = costs.contains('=');
    let (variant, cost) = if is_keyed { keyed(costs)? } else { unkeyed(costs)? };
    let known: &[&str] = if is_keyed { &["2b"] } else { &["2a", "2b"] };
    if !known.contains(&variant) {
        return Err(unsupported("stored hash uses an unknown variant of its scheme"));
    }
    let (salt, tag) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    end(fields)?;
    if salt.len() < SALT_CHARACTERS && tag.is_empty() {
        return Err(malformed("stored hash is cut short within its salt"));
    }
    if salt.len() != SALT_CHARACTERS {
        return Err(malformed("stored hash's salt is not 22 characters of bcrypt base64"));
    }
    // Checked here, as a cost of three digits would look like another error below.
    Params::new(cost, limits).map_err(OutOfRange::of_stored)?;
    let parts = bcrypt_mcf::read(&format!("$2b${cost:02}${salt}{tag}"), scheme, limits)?;
    let prehash = if is_keyed { PreHash::HmacSha256 { key: salt.into() } } else { PreHash::Sha256Base64 };
    Ok(Reading { prehash, ..parts.first }.alone())
}

/// The variant and the cost of `v=2,t=2b,r=12`.
fn keyed(costs: &str) -> Result<(&str, u64), Error> {
    let parameters = Parameters::read(costs, ["v", "t", "r"])?;
    if parameters.number("v")? != 2 {
        return Err(unsupported("stored hash has an unknown version"));
    }
    let cost = parameters.number("r")?;
    parameters.end()?;
    Ok((parameters.get("t").unwrap_or_default(), cost))
}

/// The variant and the cost of `2b,12`.
fn unkeyed(costs: &str) -> Result<(&str, u64), Error> {
    let mut costs = costs.split(',');
    let (variant, cost) = (costs.next().unwrap_or_default(), number(costs.next().unwrap_or_default(), "r"));
    if costs.next().is_some() {
        return Err(malformed("stored hash has an unknown parameter"));
    }
    Ok((variant, cost?))
}
