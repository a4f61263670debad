//! The id of a pepper, before the stored hash of a scheme that has no place for it: `$pepper$<id>$2b$12$…`.

use super::malformed;
use crate::Error;
use crate::password::pepper::is_id;

const PREFIX: &str = "$pepper$";

/// The id, if there is one, and the stored hash itself.
///
/// # Errors
/// `HASH_MALFORMED`: the prefix without an id, or with nothing after it.
pub(super) fn take(text: &str) -> Result<(Option<String>, &str), Error> {
    let Some(rest) = text.strip_prefix(PREFIX) else { return Ok((None, text)) };
    let (id, inner) = rest.find('$').and_then(|end| rest.split_at_checked(end)).unwrap_or_default();
    if !is_id(id) || inner.starts_with(PREFIX) {
        return Err(malformed("stored hash has no id of a pepper after \"$pepper$\""));
    }
    Ok((Some(id.to_owned()), inner))
}

/// A new hash with the id of its pepper, if it has one.
#[cfg(feature = "schemes")]
pub(super) fn written(pepper: Option<&str>, inner: &str) -> String {
    match pepper {
        Some(id) => [PREFIX, id, inner].concat(),
        None => inner.to_owned(),
    }
}
