//! Passwords: hashed for storage, checked against what was stored, and stored anew when that has become too weak.
//!
//! A password goes this way:
//!
//! 1. Its length is held against the policy's limit, before anything is done that costs more.
//! 2. It is normalized (Unicode NFC unless the policy says otherwise), so that an `é` typed as one character and an
//!    `é` typed as two are the same password on every keyboard.
//! 3. To hash, Argon2id runs over it with a fresh random salt, and the result is written as a PHC string, which names
//!    the scheme and its costs: `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
//! 4. To check, a stored string is read strictly, its costs are held against the policy's limits before any memory is
//!    asked for, and the same computation is compared with it in constant time.
//! 5. A stored hash that matched and is weaker than the policy is reported, or replaced, in the same call: the password
//!    is at hand only now.
//!
//! A wrong password is an answer; a string that is not a hash, or that costs too much to check, is an error. Whoever
//! looks up a user that does not exist calls with `None`, which takes as long as a real check and says no.
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
//! Every copy this module makes of a password, and the memory Argon2 worked in, is overwritten before it is given
//! back. What the caller holds is the caller's.

mod argon2;
#[cfg(feature = "schemes")]
mod bcrypt;
mod costs;
mod description;
mod hasher;
mod limits;
mod normalize;
#[cfg(feature = "schemes")]
mod pbkdf2;
mod pepper;
#[cfg(feature = "schemes")]
mod phpass;
mod policy;
mod preparation;
mod recipe;
mod room;
#[cfg(feature = "schemes")]
mod rounds;
mod scheme;
#[cfg(feature = "schemes")]
mod scrypt;
#[cfg(feature = "schemes")]
mod sha_crypt;
mod standard;
mod stored;
mod unicode;

pub use description::Description;
pub use hasher::{PasswordHasher, Updated, Verdict, describe, hash, identify, needs_rehash, verify};
pub use normalize::Normalize;
pub use policy::{LimitsOptions, ParamsOptions, PepperKey, PepperOption, PepperOptions, Policy, Preset};
pub use scheme::Scheme;
