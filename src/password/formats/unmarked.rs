//! Recognizes the hashes of better-auth and Lucia, which do not name their scheme, by their salt.

use crate::password::scheme::Scheme;

/// better-auth, oslo and Lucia 3 write a salt of 32 hexadecimal characters. Lucia 1 wrote 16 lower-case letters and digits,
/// and Lucia 2 put `s2:` before them.
pub(super) fn scheme(text: &str) -> Option<Scheme> {
    if text.starts_with("s2:") {
        return Some(Scheme::BetterAuth);
    }
    let salt = text.get(..text.find(':')?)?;
    match salt.len() {
        32 if salt.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) => Some(Scheme::BetterAuth),
        16 if salt.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z')) => Some(Scheme::LuciaLegacy),
        _ => None,
    }
}
