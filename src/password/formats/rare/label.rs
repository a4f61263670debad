//! A label before a hash in another format: `{bcrypt}$2a$…` of Spring Security, `{SHA512-CRYPT}$6$…` of Dovecot,
//! `{CRYPT}$y$…` of LDAP servers, `3|$argon2id$…` of Nextcloud, `:argon2:$argon2id$…` of `MediaWiki`, `argon2:$argon2id$…` of
//! Jupyter, `#jbcrypt:$2a$…` of Jenkins. Labels in braces are in any letter case.

use super::{md5_crypt, sha1_crypt, yescrypt};
use crate::Error;
use crate::password::formats::format::{Format, malformed, unsupported};
use crate::password::formats::{argon2_phc, bcrypt_mcf, scrypt_crypt, sha_crypt, unsupported_schemes};
use crate::password::limits::Limits;
use crate::password::scheme::Scheme;
use crate::password::stored_hash::Parts;

pub(super) const FORMAT: Format = Format { name: "labeled", recognize, read };

const ARGON2: &[Scheme] = &[Scheme::Argon2d, Scheme::Argon2i, Scheme::Argon2id];
const BCRYPT: &[Scheme] = &[Scheme::Bcrypt];
const CRYPT: &[Scheme] = &[
    Scheme::Bcrypt,
    Scheme::Md5Crypt,
    Scheme::Scrypt,
    Scheme::Sha1Crypt,
    Scheme::Sha256Crypt,
    Scheme::Sha512Crypt,
    Scheme::Yescrypt,
];

/// Each label, and the schemes that may stand after it.
const LABELS: &[(&str, &[Scheme])] = &[
    ("#jbcrypt:", BCRYPT),
    ("1|", BCRYPT),
    ("2|", &[Scheme::Argon2i]),
    ("3|", &[Scheme::Argon2id]),
    (":argon2:", ARGON2),
    ("argon2:", ARGON2),
    ("{ARGON2}", ARGON2),
    ("{ARGON2@SpringSecurity_v5_2}", ARGON2),
    ("{ARGON2@SpringSecurity_v5_8}", ARGON2),
    ("{ARGON2I}", &[Scheme::Argon2i]),
    ("{ARGON2ID}", &[Scheme::Argon2id]),
    ("{BCRYPT}", BCRYPT),
    ("{BLF-CRYPT}", BCRYPT),
    ("{CRYPT}", CRYPT),
    ("{GOST_YESCRYPT}", &[Scheme::Yescrypt]),
    ("{MD5}", &[Scheme::Md5Crypt]),
    ("{MD5-CRYPT}", &[Scheme::Md5Crypt]),
    ("{SHA256-CRYPT}", &[Scheme::Sha256Crypt]),
    ("{SHA512-CRYPT}", &[Scheme::Sha512Crypt]),
];

/// What may stand after a label.
const LABELED: &[Format] = &[
    argon2_phc::FORMAT,
    bcrypt_mcf::FORMAT,
    md5_crypt::FORMAT,
    sha1_crypt::FORMAT,
    scrypt_crypt::FORMAT,
    sha_crypt::FORMAT,
    yescrypt::FORMAT,
];

fn recognize(text: &str) -> Option<Scheme> {
    let (schemes, rest) = split(text)?;
    let scheme = labeled(rest).map(|(_, scheme)| scheme);
    Some(scheme.unwrap_or(*schemes.first()?))
}

fn labeled(text: &str) -> Option<(&'static Format, Scheme)> {
    LABELED.iter().find_map(|format| (format.recognize)(text).map(|scheme| (format, scheme)))
}

fn read(text: &str, scheme: Scheme, limits: &Limits) -> Result<Parts, Error> {
    let (schemes, rest) = split(text).ok_or_else(|| malformed("stored hash is not in a known format"))?;
    let Some((format, found)) = labeled(rest) else {
        return Err(after_label(rest));
    };
    if !schemes.contains(&found) {
        return Err(malformed("stored hash's label names another scheme"));
    }
    (format.read)(rest, scheme, limits)
}

/// The error for a label and something that no module reads.
pub(super) fn after_label(rest: &str) -> Error {
    let unknown = || unsupported("stored hash has an unknown hash after its label: let its user set a new password");
    unsupported_schemes::reason_for(rest).unwrap_or_else(unknown)
}

fn split(text: &str) -> Option<(&'static [Scheme], &str)> {
    LABELS.iter().find_map(|(label, schemes)| {
        let (start, rest) = text.split_at_checked(label.len())?;
        let is_same = if label.starts_with('{') { start.eq_ignore_ascii_case(label) } else { start == *label };
        is_same.then_some((*schemes, rest))
    })
}
