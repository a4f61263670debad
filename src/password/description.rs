//! What a stored hash says of itself.

use super::scheme::Scheme;
use super::stored::Stored;

/// How a stored hash was made: its scheme, form and costs, without its salt and its tag.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// The scheme.
    pub scheme: Scheme,
    /// The form it is written in: `"phc"`, `"mcf"`, or the software that writes it, as `"passlib"`.
    pub format: &'static str,
    /// Its costs, by the names that [`ParamsOptions`](super::ParamsOptions) has in JavaScript: `("memoryKib", 19456)`.
    pub costs: Vec<(&'static str, u32)>,
    /// The id of its pepper.
    pub pepper: Option<String>,
}

impl Description {
    pub(super) fn of(stored: Stored) -> Self {
        let Stored { scheme, format, parts } = stored;
        Self { scheme, format, costs: parts.recipe.costs(), pepper: parts.pepper }
    }
}
