//! For the Argon2 module: recognizes every other format, so that the error can say which module reads it.

use super::format::{Format, unsupported};
use super::unmarked;
use crate::Error;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "", recognize, read };

pub(super) const NOT_ARGON2: &str =
    "stored hash is not Argon2: import \"countersign/password\" or \"countersign/formats\"";

/// The prefix of each format, and the scheme that it stands for.
const PREFIXES: &[(&str, Scheme)] = &[
    ("$5$", Scheme::Sha256Crypt),
    ("$6$", Scheme::Sha512Crypt),
    ("$7$", Scheme::Scrypt),
    ("$H$", Scheme::Phpass),
    ("$P$", Scheme::Phpass),
    // A hash that is bound to an account.
    ("$account$", Scheme::Argon2id),
    ("$bcrypt$", Scheme::Bcrypt),
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
    ("$2", Scheme::Bcrypt),
    ("$pbkdf2$", Scheme::Pbkdf2Sha1),
    ("$pbkdf2-sha1$", Scheme::Pbkdf2Sha1),
    ("$pbkdf2-sha256$", Scheme::Pbkdf2Sha256),
    ("$pbkdf2-sha512$", Scheme::Pbkdf2Sha512),
    ("$scrypt$", Scheme::Scrypt),
];

fn recognize(text: &str) -> Option<Scheme> {
    let known = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix));
    known.map(|(_, scheme)| *scheme).or_else(|| unmarked::scheme(text))
}

fn read(_: &str, _: Scheme, _: &Limits) -> Result<Parts, Error> {
    Err(unsupported(NOT_ARGON2))
}
