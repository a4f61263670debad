//! The schemes: a file for each. `new_scheme.rs` has the table of those that make new hashes.

pub(super) mod argon2;
#[cfg(feature = "schemes")]
pub(super) mod bcrypt;
#[cfg(feature = "schemes")]
pub(super) mod pbkdf2;
#[cfg(feature = "schemes")]
pub(super) mod phpass;
#[cfg(feature = "schemes")]
pub(super) mod rounds;
#[cfg(feature = "schemes")]
pub(super) mod scrypt;
#[cfg(feature = "schemes")]
pub(super) mod sha_crypt;
