//! The prefix of a hash that is bound to an account: `$account$argon2id$…`, `$account$pepper$<id>$2b$…`. The account is no part
//! of the text.

use crate::password::schemes::EVERY;

const PREFIX: &str = "$account";

/// Splits a stored hash into whether it is bound to an account, and the hash itself.
pub(super) fn take(text: &str) -> (bool, &str) {
    if !EVERY {
        return (false, text);
    }
    let inner = text.strip_prefix(PREFIX).filter(|inner| inner.starts_with('$'));
    (inner.is_some(), inner.unwrap_or(text))
}

/// Puts the prefix before a hash.
pub(in crate::password) fn prepended(hash: &str) -> String {
    [PREFIX, hash].concat()
}
