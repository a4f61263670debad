//! JSON Web Tokens (RFC 7519): keys, and tokens signed and verified with them.
//!
//! Verification passes through these types in this order. The compiler makes sure that no step is skipped:
//!
//! 1. `Untrusted`: three segments of limited length. Only its header can be read, to find the key.
//! 2. `Header`: the JOSE header. Anything that is not understood is refused (RFC 8725 §3).
//! 3. [`Key`], alone or from a [`KeySet`]: bound to one algorithm, which the header must name.
//! 4. `Authentic`: a token with a valid signature. Only this type has a payload.
//! 5. `Claims`: checked against the verifier's rules at the time `now`.
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

mod claims;
pub(crate) mod known_headers;
mod profile;
#[cfg(feature = "jwt")]
pub mod provider;
pub(crate) mod rules;
mod sign;
mod sign_options;
mod token;
pub(crate) mod verify;
mod verify_options;

pub use crate::jose::algorithm::Algorithm;
pub use crate::jose::document::KeyForm;
pub use crate::jose::duration::Duration;
pub use crate::jose::jwk::Jwk;
pub use crate::jose::key::Key;
pub use crate::jose::key::thumbprint::ThumbprintHash;
pub use crate::jose::key_options::KeyOptions;
pub use crate::jose::key_set::{KeySet, Keys, Member, Rejected};
pub use crate::jose::one_or_many::OneOrMany;
pub use crate::jose::usage::KeyType;
pub use crate::jws;
pub use profile::Profile;
pub use sign::{Signer, sign};
pub use sign_options::{Expiry, JwtId, SignOptions, Typ};
pub use verify::{Verified, Verifier, decode_header_unverified, decode_unverified, judge_claims, verify};
pub use verify_options::VerifyOptions;
