//! The interface of a key derivation function that makes new hashes, and the types of one of any scheme.

use super::kdf::{Kdf, SALT_BYTES};
#[cfg(not(feature = "schemes"))]
use super::schemes::argon2::Argon2;

/// A key derivation function of any scheme. The Argon2 module has only Argon2, so it uses that type, which keeps it small.
#[cfg(feature = "schemes")]
pub(super) type AnyKdf = dyn Kdf;
#[cfg(not(feature = "schemes"))]
pub(super) type AnyKdf = Argon2;

/// A function of any scheme that makes new hashes.
#[cfg(feature = "schemes")]
pub(super) type AnyNewHash = dyn NewHash;
#[cfg(not(feature = "schemes"))]
pub(super) type AnyNewHash = Argon2;

/// A function that new hashes are made with. The format that it is written in implements this.
pub(super) trait NewHash: Kdf {
    /// The same function with another salt.
    #[cfg_attr(
        not(feature = "schemes"),
        expect(clippy::unnecessary_box_returns, reason = "with every scheme, the size varies")
    )]
    fn with_salt(&self, salt: [u8; SALT_BYTES]) -> Box<AnyNewHash>;

    /// The string to store. `pepper` is the pepper's id, which only functions that
    /// [take a secret](Kdf::takes_secret) write.
    fn stored(&self, tag: &[u8], pepper: Option<&str>) -> String;
}
