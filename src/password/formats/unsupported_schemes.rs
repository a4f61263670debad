//! Hashes that no module reads: their names, and what to do with such a row. Messages contain only what is in these tables,
//! because a text that is no hash may be a password.

#[cfg(feature = "formats")]
use base64ct::{Base64, Encoding};

use super::format::unsupported;
use crate::Error;

/// Prefixes of schemes that nobody asks for any more, or whose digest nothing else here needs.
const SCHEMES: &[(&str, &str)] = &[
    ("$3$$", "the NT hash"),
    ("$8$", "Cisco's type 8"),
    ("$9$", "Cisco's type 9"),
    ("$md5$", "Sun's MD5"),
    ("$md5,", "Sun's MD5"),
    ("$sm3$", "sm3crypt"),
    ("$sm3y$", "sm3-yescrypt"),
    ("0x0100", "SQL Server's digest"),
    ("0x0200", "SQL Server's digest"),
    ("SCRAM-SHA-256$", "PostgreSQL's SCRAM-SHA-256"),
    ("pbkdf2:", "PBKDF2 with another digest than SHA-1, SHA-256 and SHA-512"),
];

/// Labels of LDAP servers, Dovecot and Spring Security that no module reads, in any letter case, and what they mean.
const LABELS: &[(&[&str], &str)] = &[
    (
        &[
            "AES",
            "CRAM-MD5",
            "DES-CRYPT",
            "DIGEST-MD5",
            "HMAC-MD5",
            "LANMAN",
            "LM",
            "MD4",
            "NS-MTA-MD5",
            "NT",
            "NTLM",
            "OTP",
            "PLAIN-MD4",
            "RPA",
            "SCRAM-SHA-1",
            "SCRAM-SHA-256",
            "SHA3-256",
            "SHA3-512",
            "SKEY",
            "SM3",
            "TIGER",
        ],
        "which no module reads: let its user set a new password",
    ),
    (
        &["CLEAR", "CLEARTEXT", "NOOP", "PLAIN", "PLAIN-TRUNC", "PLAINTEXT"],
        "so it is a password in plain text: hash that",
    ),
    (
        &["KERBEROS", "PAM", "RADIUS", "SASL", "UNIX"],
        "so another system checks the password: let its user set a new password",
    ),
];

const PLAIN_DIGEST: &str =
    "stored hash seems to be a digest without its scheme: convert it with fromColumns of \"countersign/import\"";

/// The error for a text that no module reads, if it is known what it is.
pub(super) fn reason_for(text: &str) -> Option<Error> {
    // Ory writes the order of salt and password as `pf`, or a digest without a salt. Sun's MD5 has neither.
    let is_ory = ["$md5$", "$sha256$", "$sha512$"]
        .iter()
        .any(|prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("pf=") || is_digest(rest)));
    if is_ory {
        return Some(unsupported(PLAIN_DIGEST));
    }
    let scheme = SCHEMES.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, name)| *name);
    if let Some(name) = scheme.or(is_des(text).then_some("DES-crypt")) {
        let advice = ", which no module reads: let its user set a new password";
        return Some(unsupported(&["stored hash seems to be ", name, advice].concat()));
    }
    if text.strip_prefix("md5").is_some_and(|rest| rest.len() == 32 && is_digest(rest)) {
        return Some(unsupported(
            "stored hash seems to be PostgreSQL's MD5, whose salt is the user's name: convert it with fromColumns",
        ));
    }
    #[cfg(feature = "formats")]
    if is_label_in_base64(text) {
        return Some(unsupported("stored hash seems to be in base64, as in LDIF: decode it"));
    }
    if is_digest(text) {
        return Some(unsupported(PLAIN_DIGEST));
    }
    let (label, _) = text.strip_prefix('{')?.split_once('}')?;
    let (label, _) = label.split_once('.').unwrap_or((label, ""));
    let (name, meaning) = LABELS.iter().find_map(|(names, meaning)| {
        names.iter().find(|name| name.eq_ignore_ascii_case(label)).map(|name| (name, meaning))
    })?;
    Some(unsupported(&["stored hash has the label \"{", name, "}\", ", meaning].concat()))
}

/// The error for a text with a name before it that nobody knows.
pub(super) fn unknown(text: &str) -> Error {
    if text.starts_with('{') {
        return unsupported(
            "stored hash has an unknown label: remove it before a known hash, or let its user set a new password",
        );
    }
    unsupported("stored hash uses an unknown scheme: let its user set a new password")
}

/// 13 characters of crypt(3); with `_` before them, 20 of the extended form of BSD.
fn is_des(text: &str) -> bool {
    let rest = text.strip_prefix('_').filter(|_| text.len() == 20);
    let rest = rest.or_else(|| Some(text).filter(|_| text.len() == 13));
    rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/')))
}

/// MD5, SHA-1 or SHA-2 in hexadecimal, or in base64 with padding.
fn is_digest(text: &str) -> bool {
    let is_hexadecimal = || text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_base64 = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    match text.len() {
        32 | 40 | 56 | 64 | 96 | 128 => is_hexadecimal(),
        24 | 88 => text.strip_suffix("==").is_some_and(is_base64),
        28 | 44 => text.strip_suffix('=').is_some_and(is_base64),
        _ => false,
    }
}

/// Base64 of a text that begins with a label in braces.
#[cfg(feature = "formats")]
fn is_label_in_base64(text: &str) -> bool {
    let Ok(decoded) = Base64::decode_vec(text) else { return false };
    let label = decoded.strip_prefix(b"{").and_then(|rest| rest.split(|byte| *byte == b'}').next());
    label.is_some_and(|label| label.len() < 20 && label.len().saturating_add(2) < decoded.len() && decoded.is_ascii())
}
