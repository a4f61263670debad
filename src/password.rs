//! Password hashing: hash a password for storage, check it against a stored hash, and replace hashes that are too weak.
//!
//! What happens to a password:
//!
//! 1. **Length.** More bytes than `limits.passwordBytes` are refused before anything expensive runs.
//! 2. **Normalization.** The password is brought to Unicode NFC unless the policy says otherwise, so that an `é` typed as
//!    one character equals an `é` typed as two.
//! 3. **Hashing.** Argon2id runs with a fresh random salt. The result is a PHC string, which names the scheme and its
//!    costs: `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
//! 4. **Checking.** The stored hash is parsed strictly. Its costs are checked against the policy's limits before any memory
//!    is allocated. The tag is computed again and compared in constant time.
//! 5. **Rehashing.** When the password matches and the stored hash is weaker than the policy, the same call reports it or
//!    returns a new hash, because only now is the password available.
//!
//! A wrong password is an answer, not an error. A string that is not a hash, or that costs too much to check, is an error.
//! For a user that does not exist, pass `None`: the call takes as long as a real check and answers no.
//!
//! ```
//! use countersign::password::{PasswordHasher, Policy};
//!
//! let hasher = PasswordHasher::new(&Policy::default())?;
//! let stored = hasher.hash("correct horse battery staple")?;
//! assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
//!
//! assert!(hasher.verify("correct horse battery staple", Some(&stored))?.ok);
//! assert!(!hasher.verify("Tr0ub4dor&3", Some(&stored))?.ok);
//! assert!(!hasher.verify("correct horse battery staple", None)?.ok);
//! # Ok::<(), countersign::Error>(())
//! ```
//!
//! Every copy of a password that this module makes is overwritten before its memory is freed, and so is Argon2's scratch
//! memory. Copies that the caller holds are the caller's to wipe.

mod costs;
mod description;
mod formats;
mod hasher;
#[cfg(feature = "schemes")]
mod hmac_key;
mod kdf;
mod limits;
mod new_hash;
mod new_scheme;
mod normalize;
mod params;
mod pepper;
mod policy;
#[cfg(feature = "schemes")]
mod prehash;
#[cfg(not(feature = "schemes"))]
#[path = "password/no_prehash.rs"]
mod prehash;
mod prehash_option;
mod preset;
mod scheme;
mod schemes;
mod scratch;
mod stored_hash;
mod target_hash;
mod unicode;
mod whole_numbers;

pub use description::{Description, describe, identify};
pub use hasher::PasswordHasher;
pub use hasher::hash::hash;
pub use hasher::rehash::needs_rehash;
pub use hasher::verify::{Updated, Verdict, verify};
pub use limits::LimitsOptions;
pub use normalize::Normalize;
pub use params::ParamsOptions;
pub use pepper::options::{PepperKey, PepperOption, PepperOptions};
pub use policy::Policy;
pub use prehash_option::Prehash;
pub use preset::Preset;
pub use scheme::Scheme;
