//! What a stored hash says about itself: its scheme, format and costs.

use super::formats;
use super::kdf::Kdf;
use super::limits::Limits;
use super::scheme::Scheme;
use super::schemes::EVERY;
use crate::Error;

/// How a stored hash was made, without its salt and its tag.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// The scheme.
    pub scheme: Scheme,
    /// The format it is written in: `"phc"`, `"mcf"`, or the name of the software that writes it, such as `"passlib"`.
    pub format: &'static str,
    /// Its costs, by the JavaScript names of [`ParamsOptions`](super::ParamsOptions): `("memoryKib", 19456)`.
    pub costs: Vec<(&'static str, u32)>,
    /// Whether it is bound to an account.
    pub bound: bool,
    /// The id of its pepper, if it has one.
    pub pepper: Option<String>,
}

/// Describes one stored hash, whatever a policy would say about it.
///
/// # Errors
/// - [`ErrorCode::HashMalformed`](crate::ErrorCode::HashMalformed),
///   [`ErrorCode::HashUnsupported`](crate::ErrorCode::HashUnsupported): as for
///   [`PasswordHasher::verify`](super::PasswordHasher::verify).
/// - [`ErrorCode::HashCostTooHigh`](crate::ErrorCode::HashCostTooHigh): more than can be computed at all, which is a bcrypt
///   cost of 31 and scrypt's N = 2^32.
pub fn describe(stored: &str) -> Result<Description, Error> {
    let stored = formats::read(stored, Scheme::ALL, &Limits::none())?;
    let (scheme, reading) = stored.first()?;
    Ok(Description {
        scheme,
        format: stored.format,
        costs: Kdf::costs(&*reading.kdf),
        bound: EVERY && stored.is_bound,
        pepper: stored.pepper.clone(),
    })
}

/// The scheme of one stored hash, recognized without checking all of it. `None` for text that is not a known format.
#[must_use]
pub fn identify(stored: &str) -> Option<Scheme> {
    formats::identify(stored)
}
