//! Werkzeug, and with it Flask: `scrypt:32768:8:1$<salt>$<tag>`, `pbkdf2:sha256:1000000$<salt>$<tag>`. The salt is used as text,
//! the tag is in hexadecimal. Like Django, it does not normalize passwords.

use super::django::SALT_CHARACTERS;
use super::encodings::{hexadecimal, logarithm, text};
use super::fields::{end, number};
use super::format::{Format, malformed};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::kdf::Kdf;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::{self, Pbkdf2};
use crate::password::schemes::scrypt::{self, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "werkzeug", recognize, read };

fn recognize(text: &str) -> Option<Scheme> {
    let mut words = text.split(':');
    match words.next()? {
        "scrypt" => text.starts_with("scrypt:").then_some(Scheme::Scrypt),
        "pbkdf2" => match words.next()?.split('$').next()? {
            "sha1" => Some(Scheme::Pbkdf2Sha1),
            "sha256" => Some(Scheme::Pbkdf2Sha256),
            "sha512" => Some(Scheme::Pbkdf2Sha512),
            _ => None,
        },
        _ => None,
    }
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let mut fields = text.split('$');
    let mut costs = fields.next().unwrap_or_default().split(':').skip(1);
    let salt = self::text(fields.next(), SALT_CHARACTERS)?;
    let mut cost = |name| number(costs.next().unwrap_or_default(), name);
    let (kdf, tag_bytes): (Box<dyn Kdf>, usize) = if scheme == Scheme::Scrypt {
        let [entries, block_size, parallelism] = ["N", "r", "p"].map(&mut cost);
        let cost = logarithm(entries?)?;
        let params = scrypt::Params::new(cost, block_size?, parallelism?, limits).map_err(OutOfRange::of_stored)?;
        (Box::new(Scrypt { params, salt }), 64)
    } else {
        let digest = match scheme {
            Scheme::Pbkdf2Sha1 => pbkdf2::Digest::Sha1,
            Scheme::Pbkdf2Sha256 => pbkdf2::Digest::Sha256,
            _ => pbkdf2::Digest::Sha512,
        };
        costs.next();
        let iterations = number(costs.next().unwrap_or_default(), "iterations")?;
        let params = pbkdf2::Params::new(iterations, limits).map_err(OutOfRange::of_stored)?;
        (Box::new(Pbkdf2 { digest, params, salt }), digest.tag_bytes())
    };
    if costs.next().is_some() {
        return Err(malformed("stored hash has an unknown parameter"));
    }
    let tag = hexadecimal(fields.next(), "tag", tag_bytes..=tag_bytes)?;
    end(fields)?;
    Ok(Reading { prehash: PreHash::None, kdf, tag }.alone())
}
