//! JSON Web Signatures over any bytes (RFC 7515): what a token is made of, without being one.
//!
//! Nothing here reads claims, and no token function leads here: what a token must not have (an unencoded payload, a
//! critical extension) this module may have, and [`Verifier`](crate::jwt::Verifier) refuses as before.
//!
//! - [`sign`] and [`verify`]: the compact serialization, three segments of text (RFC 7515 §7.1).
//! - [`sign_flattened`], [`sign_general`] and [`verify_json`]: the JSON serialization, with one signature or several (§7.2).
//!
//! Either may be *detached*: the payload travels by itself and is given beside the JWS (RFC 7515 appendix F). Either may
//! be *unencoded*: the bytes are signed as they are, and not their base64url (RFC 7797).
//!
//! As with tokens, a key is bound to one algorithm, which a header must name, and a payload is out of reach until a
//! signature has held: `UnverifiedPayload` gives it only for a `SignatureProof`.
//!
//! ```
//! use countersign::jwt::{Algorithm, Key, KeyOptions, jws};
//!
//! let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
//! let signed = jws::sign(b"any bytes", &key, &jws::SignOptions::default())?;
//! let verified = jws::verify(&signed, &key.public_key()?, &jws::VerifyOptions::default(), 1_800_000_000.0)?;
//! assert_eq!(verified.payload, b"any bytes");
//! # Ok::<(), countersign::Error>(())
//! ```

mod compact;
mod content;
pub(crate) mod header;
mod members;
pub(crate) mod options;
mod sign_json;
pub(crate) mod signature;
mod verify_json;

pub use compact::{Verified, sign, verify};
pub use options::{Require, SignJsonOptions, SignOptions, Signatory, SignatoryOptions, VerifyOptions};
pub use sign_json::{sign_flattened, sign_general};
pub use verify_json::{HeldSignature, VerifiedJson, verify_json};
