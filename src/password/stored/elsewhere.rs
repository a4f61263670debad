//! In the module that knows Argon2 alone: how all other forms begin, so that it can be said where they are checked.

use super::{Format, Parts, unmarked, unsupported};
use crate::Error;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;

pub(super) const FORMAT: Format = Format { name: "", recognize, read };

/// The beginning of each form, and a scheme that is stored so.
const BEGINNINGS: &[(&str, Scheme)] = &[
    ("$5$", Scheme::Sha256Crypt),
    ("$6$", Scheme::Sha512Crypt),
    ("$7$", Scheme::Scrypt),
    ("$H$", Scheme::Phpass),
    ("$P$", Scheme::Phpass),
    ("$bcrypt-sha256$", Scheme::BcryptSha256),
    ("$wp$2y$", Scheme::Wordpress),
    ("AQAAA", Scheme::AspnetIdentityV3),
    ("bcrypt$$", Scheme::Bcrypt),
    ("bcrypt_sha256$", Scheme::DjangoBcryptSha256),
    ("pbkdf2:sha1", Scheme::Pbkdf2Sha1),
    ("pbkdf2:sha256", Scheme::Pbkdf2Sha256),
    ("pbkdf2:sha512", Scheme::Pbkdf2Sha512),
    ("pbkdf2_sha1$", Scheme::Pbkdf2Sha1),
    ("pbkdf2_sha256$", Scheme::Pbkdf2Sha256),
    ("scrypt$", Scheme::Scrypt),
    ("scrypt:", Scheme::Scrypt),
    ("$2$", Scheme::Bcrypt),
    ("$2a$", Scheme::Bcrypt),
    ("$2b$", Scheme::Bcrypt),
    ("$2x$", Scheme::Bcrypt),
    ("$2y$", Scheme::Bcrypt),
    ("$pbkdf2$", Scheme::Pbkdf2Sha1),
    ("$pbkdf2-sha256$", Scheme::Pbkdf2Sha256),
    ("$pbkdf2-sha512$", Scheme::Pbkdf2Sha512),
    ("$scrypt$", Scheme::Scrypt),
];

fn recognize(text: &str) -> Option<Scheme> {
    let known = BEGINNINGS.iter().find(|(beginning, _)| text.starts_with(beginning));
    known.map(|(_, scheme)| *scheme).or_else(|| unmarked::scheme(text))
}

fn read(_: &str, _: Scheme, _: &Limits) -> Result<Parts, Error> {
    Err(unsupported(
        "stored hash is not of Argon2: \"countersign/password\" checks it, \"countersign/argon2\" does not",
    ))
}
