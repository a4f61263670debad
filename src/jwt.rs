//! JSON Web Tokens: issued, checked, and never trusted before they are checked.
//!
//! A token to be checked passes through these types, in this order, and cannot skip one:
//!
//! 1. `Untrusted`: three segments of bounded length. Only its header may be read, to find the key.
//! 2. `Header`: the JOSE header, with everything refused that we do not understand (RFC 8725 §3).
//! 3. [`Key`], alone or from a [`KeySet`]: bound to one algorithm, which the header must name.
//! 4. `Authentic`: the signature was right. Only this type has a payload.
//! 5. The claims, judged by the verifier's rules at the time `now`.
//!
//! ```
//! use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Signer, Verifier, VerifyOptions};
//!
//! let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
//! let now = 1_800_000_000.0; // seconds since the Unix epoch, from your clock
//!
//! let signer = Signer::new(&key, &SignOptions { issuer: Some("https://login.example".into()), ..Default::default() })?;
//! let token = signer.sign(r#"{"sub":"alice","scope":"read"}"#, now)?;
//!
//! let options = VerifyOptions { issuer: Some("https://login.example".into()), ..Default::default() };
//! let verifier = Verifier::new(&key.public_key()?, &options)?;
//! let verified = verifier.verify(&token, now)?;
//! assert!(verified.claims.contains(r#""sub":"alice""#));
//! # Ok::<(), countersign::Error>(())
//! ```

pub(crate) mod algorithm;
pub(crate) mod base64url;
mod claims;
mod duration;
pub(crate) mod header;
pub(crate) mod json;
pub mod jws;
pub(crate) mod key;
mod key_set;
mod one_or_many;
mod profile;
pub mod provider;
mod rules;
mod scan;
pub(crate) mod sign;
mod sign_options;
pub(crate) mod token;
mod verify;
mod verify_options;

pub use algorithm::Algorithm;
pub use duration::Duration;
pub use key::{Jwk, Key, KeyForm, KeyOptions, KeyType, ThumbprintHash};
pub use key_set::{KeySet, Keys, Member, Rejected};
pub use one_or_many::OneOrMany;
pub use profile::Profile;
pub use sign::{Signer, sign};
pub use sign_options::{Expiry, JwtId, SignOptions};
pub use verify::{Verified, Verifier, decode_unverified, verify};
pub use verify_options::VerifyOptions;

// For the boundary, which measures a token before it copies it.
#[cfg(all(target_arch = "wasm32", feature = "npm-jwt"))]
pub(crate) use {rules::MAX_TOKEN_LENGTH, verify::Checked};
