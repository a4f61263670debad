//! A row of the table of schemes that make new hashes.

use super::costs::OutOfRange;
use super::kdf::NewHash;
use super::limits::Limits;
use super::params::ParamsOptions;
use super::scheme::Scheme;

/// A scheme that makes new hashes: which `params` it has, and how to build it from them.
pub(super) struct NewScheme {
    pub(super) scheme: Scheme,
    /// The members of `params` that apply to it.
    pub(super) params: &'static [&'static str],
    /// Settings that OWASP's Password Storage Cheat Sheet regards as equally strong. The defaults are one of them.
    pub(super) owasp_equivalents: &'static [ParamsOptions],
    /// The function with these params, or its defaults where they are not set. The salt is a placeholder.
    pub(super) kdf: fn(&ParamsOptions, &Limits) -> Result<Box<dyn NewHash>, OutOfRange>,
    /// The limits that allow for the policy's own params, where the policy does not set them.
    pub(super) raised: fn(&ParamsOptions, Limits) -> Limits,
}

/// Limits that need not be raised.
pub(super) const fn unchanged(_: &ParamsOptions, limits: Limits) -> Limits {
    limits
}
