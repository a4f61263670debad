//! JSON Web Signatures over any bytes (RFC 7515).
//!
//! - [`sign`] and [`verify`]: the compact serialization, three segments of text (RFC 7515 §7.1).
//! - [`sign_flattened`], [`sign_general`] and [`verify_json`]: the JSON serialization with one signature or several
//!   (RFC 7515 §7.2).
//!
//! - [`prepare`], [`prepare_flattened`] and [`prepare_general`]: the same for keys that are kept elsewhere.
//!
//! Either can be *detached*: the payload is sent separately and passed as an option (RFC 7515 appendix F). Either can
//! be *unencoded*: the signature covers the bytes themselves and not their base64url encoding (RFC 7797).
//!
//! For tokens, use [`jwt`](crate::jwt). Nothing here reads claims. This module supports unencoded payloads and critical
//! extensions, which tokens must not have and [`Verifier`](crate::jwt::Verifier) refuses.
//!
//! As with tokens, a key is bound to one algorithm, which the header must name. A payload can be read only after a
//! signature has been verified: `UnverifiedPayload` returns it only for a `SignatureProof`.
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
pub(crate) mod unsigned;
mod verify_json;

pub use compact::{Verified, prepare, sign, verify};
pub use options::{Require, SignJsonOptions, SignOptions, Signatory, SignatoryOptions, VerifyOptions};
pub use sign_json::{prepare_flattened, prepare_general, sign_flattened, sign_general};
pub use unsigned::Unsigned;
pub use verify_json::{HeldSignature, VerifiedJson, verify_json};
