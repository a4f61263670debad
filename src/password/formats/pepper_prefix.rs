//! The prefix that names a hash's pepper, for formats that have no field for it: `$pepper$<id>$2b$12$…`.

use super::format::malformed;
use crate::Error;
use crate::password::pepper::is_id;

const PREFIX: &str = "$pepper$";

/// Splits a stored hash into the id of its pepper, if there is one, and the hash itself.
///
/// # Errors
/// `HASH_MALFORMED`: the prefix without an id, or twice.
pub(super) fn take(text: &str) -> Result<(Option<String>, &str), Error> {
    let Some(rest) = text.strip_prefix(PREFIX) else { return Ok((None, text)) };
    let (id, inner) = rest.find('$').and_then(|end| rest.split_at_checked(end)).unwrap_or_default();
    if !is_id(id) || inner.starts_with(PREFIX) {
        return Err(malformed("stored hash has no pepper id after \"$pepper$\""));
    }
    Ok((Some(id.to_owned()), inner))
}

/// Puts the id of a pepper before a hash.
pub(in crate::password) fn prepended(id: &str, hash: &str) -> String {
    [PREFIX, id, hash].concat()
}
