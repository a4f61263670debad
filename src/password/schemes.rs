//! The schemes: a file for each. `new_scheme.rs` has the table of those that make new hashes.

pub(super) mod argon2;
#[cfg(feature = "schemes")]
pub(super) mod bcrypt;
#[cfg(feature = "schemes")]
pub(super) mod pbkdf2;
#[cfg(feature = "schemes")]
pub(super) mod phpass;
#[cfg(feature = "formats")]
pub(super) mod rare;
#[cfg(feature = "schemes")]
pub(super) mod rounds;
#[cfg(feature = "schemes")]
pub(super) mod scrypt;
#[cfg(feature = "schemes")]
pub(super) mod sha_crypt;

/// Whether this build has every scheme, or Argon2 alone. Argon2's hashes have one reading each and are checked with the password
/// normalized and as typed: code for more is left out of its module.
pub(super) const EVERY: bool = cfg!(feature = "schemes");
