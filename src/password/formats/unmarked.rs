//! Recognizes the hashes of better-auth and Lucia, which do not name their scheme, by their shape.

use crate::password::scheme::Scheme;

/// better-auth, oslo and Lucia 3 write a salt of 32 hexadecimal characters. Lucia 1 wrote 16 lower-case letters and digits,
/// and Lucia 2 put `s2:` before them. The tag has 128 hexadecimal characters in all of them.
pub(super) fn scheme(text: &str) -> Option<Scheme> {
    if text.starts_with("s2:") {
        return Some(Scheme::BetterAuth);
    }
    let (salt, tag) = text.split_once(':')?;
    if tag.len() != 128 || !tag.bytes().all(is_hexadecimal) {
        return None;
    }
    match salt.len() {
        32 if salt.bytes().all(is_hexadecimal) => Some(Scheme::BetterAuth),
        16 if salt.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()) => Some(Scheme::LuciaLegacy),
        _ => None,
    }
}

const fn is_hexadecimal(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}
