//! better-auth, Lucia and oslo: scrypt as `<salt>:<tag>`, and `s2:` before it in Lucia 2. The costs are not in the string.
//! They are N = 2^14, r = 16 and p = 1; Lucia 1 has r = 8. The salt is used as text.
//!
//! Some Node.js programs write the same shape without a library, with scrypt's default costs or with PBKDF2. If there is
//! no `s2:`, these readings are tried after better-auth's own.

use super::encodings::{hexadecimal, text};
use super::format::{Format, malformed};
use super::{node_scrypt, unmarked};
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::limits::Limits;
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::pbkdf2::{self, Digest, Pbkdf2};
use crate::password::schemes::scrypt::{Params, Scrypt};
use crate::password::stored_hash::{Parts, Reading};

pub(super) const FORMAT: Format = Format { name: "better-auth", recognize: unmarked::scheme, read };

const TAG_BYTES: usize = 64;

/// What tutorials for Node.js pass to `crypto.pbkdf2`, with SHA-512 and 64 bytes.
const ITERATIONS: [u64; 3] = [1000, 10_000, 100_000];

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let is_marked = text.starts_with("s2:");
    let mut fields = text.strip_prefix("s2:").unwrap_or(text).split(':');
    let field = fields.next();
    let salt = self::text(field, 16..=32)?;
    let tag = hexadecimal(fields.next(), "tag", TAG_BYTES..=TAG_BYTES)?;
    if fields.next().is_some() {
        return Err(malformed("stored hash has extra characters after its tag"));
    }
    let is_lucia = scheme == Scheme::LuciaLegacy;
    let params =
        |limits: &Limits| Params::new(14, if is_lucia { 8 } else { 16 }, 1, limits).map_err(OutOfRange::of_stored);
    let kdf = Scrypt { params: params(&Limits::none())?, salt: salt.clone() };
    let mut parts = Reading { prehash: PreHash::Nfkc, ..Reading::plain(kdf, tag.clone()) }.alone();
    parts.first_over_limit = params(limits).err();
    if is_marked {
        return Ok(parts);
    }
    if let Ok(bytes) = hexadecimal(field, "salt", 8..=16) {
        parts = parts.or(Scheme::Scrypt, node_scrypt::reading(bytes, tag.clone(), limits));
    }
    if is_lucia {
        // The first reading differs from Node's only in its normalization.
        return Ok(parts.or(Scheme::Scrypt, node_scrypt::reading(salt, tag, limits)));
    }
    for iterations in ITERATIONS {
        let params = pbkdf2::Params::new(iterations, limits).map_err(OutOfRange::of_stored);
        let kdf = params.map(|params| Pbkdf2 { digest: Digest::Sha512, params, salt: salt.clone() });
        parts = parts.or(Scheme::Pbkdf2Sha512, kdf.map(|kdf| Reading::plain(kdf, tag.clone())));
    }
    Ok(parts.or(Scheme::Scrypt, node_scrypt::reading(salt, tag, limits)))
}
