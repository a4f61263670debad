//! For the module with every scheme but not every format: recognizes the others, to say which module checks them.

use super::format::{Format, unsupported};
use crate::Error;
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "", recognize, read };

/// The prefix of each format, in any letter case if it starts with a brace, and the scheme that it stands for.
const PREFIXES: &[(&str, Scheme)] = &[
    ("#jbcrypt:$", Scheme::Bcrypt),
    ("$1$", Scheme::Md5Crypt),
    ("$S$", Scheme::Drupal),
    ("$apr1$", Scheme::Md5Crypt),
    ("$digest$", Scheme::PlainDigest),
    ("$fbscrypt$", Scheme::FirebaseScrypt),
    ("$firescrypt$", Scheme::FirebaseScrypt),
    ("$gy$", Scheme::Yescrypt),
    ("$p5k2$", Scheme::Pbkdf2Sha1),
    ("$scram$", Scheme::Pbkdf2Sha512),
    ("$sha1$", Scheme::Sha1Crypt),
    ("$y$", Scheme::Yescrypt),
    ("1|$", Scheme::Bcrypt),
    ("2|$", Scheme::Argon2i),
    ("3|$", Scheme::Argon2id),
    (":A:", Scheme::SaltedDigest),
    (":B:", Scheme::SaltedDigest),
    (":argon2:", Scheme::Argon2id),
    (":bcrypt:", Scheme::Bcrypt),
    (":pbkdf2:", Scheme::Pbkdf2Sha512),
    ("PBKDF2SHA256$", Scheme::Pbkdf2Sha256),
    ("U$S$", Scheme::Drupal),
    ("argon2:", Scheme::Argon2id),
    ("grub.pbkdf2.sha512.", Scheme::Pbkdf2Sha512),
    ("md5$", Scheme::SaltedDigest),
    ("sha1$", Scheme::SaltedDigest),
    ("sha256$", Scheme::SaltedDigest),
    ("sha384$", Scheme::SaltedDigest),
    ("sha512$", Scheme::SaltedDigest),
    ("{ARGON2", Scheme::Argon2id),
    ("{BCRYPT}", Scheme::Bcrypt),
    ("{BLF-CRYPT", Scheme::Bcrypt),
    ("{CRYPT", Scheme::Sha512Crypt),
    ("{FSHP", Scheme::SaltedDigest),
    ("{GOST_YESCRYPT}", Scheme::Yescrypt),
    ("{LDAP", Scheme::SaltedDigest),
    ("{MD5-CRYPT", Scheme::Md5Crypt),
    ("{MD5}$", Scheme::Md5Crypt),
    ("{MD5", Scheme::SaltedDigest),
    ("{PBKDF2-SHA256}", Scheme::Pbkdf2Sha256),
    ("{PBKDF2-SHA512}", Scheme::Pbkdf2Sha512),
    ("{PBKDF2_SHA256}", Scheme::Pbkdf2Sha256),
    ("{PBKDF2", Scheme::Pbkdf2Sha1),
    ("{PKCS5S2}", Scheme::Pbkdf2Sha1),
    ("{PLAIN-MD5", Scheme::SaltedDigest),
    ("{SCRYPT", Scheme::Scrypt),
    ("{SHA256-CRYPT", Scheme::Sha256Crypt),
    ("{SHA512-CRYPT", Scheme::Sha512Crypt),
    ("{SHA", Scheme::SaltedDigest),
    ("{SMD5", Scheme::SaltedDigest),
    ("{SSHA", Scheme::SaltedDigest),
];

fn recognize(text: &str) -> Option<Scheme> {
    let known = PREFIXES.iter().find(|(prefix, _)| {
        let start = text.get(..prefix.len()).unwrap_or_default();
        if prefix.starts_with('{') { start.eq_ignore_ascii_case(prefix) } else { start == *prefix }
    });
    known.map(|(_, scheme)| *scheme).or_else(|| by_shape(text))
}

/// The formats without a prefix of their own: mosquitto's, `MySQL`'s, and that of ASP.NET Identity 2.
fn by_shape(text: &str) -> Option<Scheme> {
    match text.as_bytes() {
        [b'$', b'6', b'$', .., b'=', b'='] => Some(Scheme::SaltedDigest),
        [b'$', b'7', b'$', b'0'..=b'9', .., b'=', b'='] => Some(Scheme::Pbkdf2Sha512),
        [b'*', ..] if text.len() == 41 => Some(Scheme::PlainDigest),
        [b'A', b'A'..=b'P', .., b'=', b'='] if text.len() == 68 => Some(Scheme::AspnetIdentityV2),
        _ => None,
    }
}

fn read(_: &str, _: Scheme, _: &Limits) -> Result<Parts, Error> {
    Err(unsupported("stored hash is in a format of \"countersign/formats\": import PasswordHasher from there"))
}
