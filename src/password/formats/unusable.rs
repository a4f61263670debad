//! Values that say that a user has no password. Django stores `!` with forty letters and digits, or `!` alone.

/// Whether a text is such a mark.
pub(in crate::password) fn is_unusable(text: &str) -> bool {
    let rest = text.strip_prefix('!');
    rest.is_some_and(|rest| rest.len() <= 64 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
