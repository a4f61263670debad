//! Reads an options object whose members are all whole numbers.

use crate::Error;
use crate::options::Value;

/// Sets each of `fields` that the object has.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): not an object, an unknown name, or not a whole number.
pub(super) fn read_whole_numbers(
    value: Value,
    path: &str,
    fields: &mut [(&str, &mut Option<u64>)],
) -> Result<(), Error> {
    value.members(path, "an object", &mut |name, value, path| {
        let Some((_, place)) = fields.iter_mut().find(|(own, _)| *own == name) else { return Ok(false) };
        **place = Some(value.whole(path)?);
        Ok(true)
    })
}
