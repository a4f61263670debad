//! JSON Web Tokens and password hashing for login systems, with the same results in every runtime.
//!
//! A login checks a password and issues a token. Later requests verify the token:
//!
//! ```
//! # #[cfg(all(feature = "jwt", feature = "password"))] {
//! use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Signer, Verifier, VerifyOptions};
//! use countersign::password::{PasswordHasher, Policy};
//!
//! // When a user signs up: store the hash.
//! let hasher = PasswordHasher::new(&Policy::default())?;
//! let stored = hasher.hash("correct horse battery staple")?;
//!
//! // When the user logs in: check the password, then issue a token that expires after 15 minutes.
//! let now = 1_800_000_000.0; // seconds since the Unix epoch, from your clock
//! let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
//! assert!(hasher.verify("correct horse battery staple", Some(&stored))?.ok);
//! let token = Signer::new(&key, &SignOptions::default())?.sign(r#"{"sub":"alice"}"#, now)?;
//!
//! // On each request: verify the token with the public key.
//! let verifier = Verifier::new(&key.public_key()?, &VerifyOptions::default())?;
//! assert_eq!(verifier.verify(&token, now)?.claims, r#"{"sub":"alice","exp":1800000900,"iat":1800000000}"#);
//! # }
//! # Ok::<(), countersign::Error>(())
//! ```
//!
//! | module | contents |
//! |---|---|
//! | [`jwt`] | keys and key sets; tokens signed and verified with them (RFC 7515, 7517, 7519, 8725) |
//! | [`jws`] | signatures for any bytes: compact, detached and JSON (RFC 7515, 7797) |
//! | [`jwe`] | encryption of any bytes and of signed tokens (RFC 7516) |
//! | [`password`] | password hashing and checking: Argon2id by default (RFC 9106), and the hashes of other systems |
//! | [`options`] | reads the option structs from JSON or any other source |
//!
//! Every function that can fail returns an [`Error`] with a stable [`ErrorCode`]. The crate reads no clock and depends
//! on no platform: functions that need the time take it as an argument.
//!
//! The npm package `countersign` is this crate compiled to WebAssembly with the `npm-*` features.

#![cfg_attr(
    all(feature = "lite", not(feature = "jwt")),
    allow(unreachable_code, unused_variables, reason = "in the small module, private keys are types without values")
)]

#[cfg(feature = "lite")]
mod crypto;
mod error;
#[cfg(feature = "lite")]
mod jose;
#[cfg(feature = "jwe")]
pub mod jwe;
#[cfg(feature = "lite")]
pub mod jws;
#[cfg(feature = "lite")]
pub mod jwt;
pub mod options;
#[cfg(feature = "password")]
pub mod password;
#[cfg(feature = "post-quantum")]
mod post_quantum;
#[cfg(all(
    target_arch = "wasm32",
    any(
        feature = "npm-argon2",
        feature = "npm-jwe",
        feature = "npm-verify",
        feature = "npm-post-quantum",
        feature = "test-trap"
    )
))]
mod wasm;

pub use error::{Error, ErrorCode};

/// Compiles and runs the Rust examples in the README.
#[cfg(all(doctest, feature = "jwt", feature = "password"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Compiles and runs the examples in the documentation page about Rust.
#[cfg(all(doctest, feature = "jwt", feature = "password"))]
#[doc = include_str!("../docs/rust.md")]
struct Page;
