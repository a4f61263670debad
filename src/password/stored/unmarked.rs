//! How the strings of better-auth and Lucia are recognized, which begin with no name: by their salt.

use crate::password::scheme::Scheme;

/// better-auth, oslo and Lucia since its third version write 32 characters of hexadecimal; Lucia's first version wrote 16
/// small letters and digits, and the second put `s2:` before them.
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
