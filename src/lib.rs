//! JSON Web Tokens and password hashes, with the same answers in every runtime.
//!
//! - [`jwt`]: keys, and tokens issued and checked with them (RFC 7515, 7517, 7519, 8725).
//! - [`jws`]: any bytes signed (RFC 7515, 7797).
//! - [`jwe`]: content encrypted, and tokens signed and then encrypted (RFC 7516).
//! - [`password`]: password hashes made, checked and judged (RFC 9106, PHC strings).
//! - [`options`]: options read strictly from JSON or any other source.
//! - [`Error`] and [`ErrorCode`]: everything that can go wrong.
//!
//! The core reads no clock and knows no platform: the time is an argument, in seconds since the Unix epoch.
//!
//! The same crate, compiled to WebAssembly with the feature `npm`, is the npm package `countersign`.

#[cfg(feature = "jwt")]
mod crypto;
mod error;
#[cfg(feature = "jwt")]
mod jose;
#[cfg(feature = "jwe")]
pub mod jwe;
#[cfg(feature = "jwt")]
pub mod jws;
#[cfg(feature = "jwt")]
pub mod jwt;
pub mod options;
#[cfg(feature = "password")]
pub mod password;
#[cfg(all(
    target_arch = "wasm32",
    any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-jwt", feature = "test-trap")
))]
mod wasm;

pub use error::{Error, ErrorCode};

/// The README, whose example is compiled and run with the others.
#[cfg(all(doctest, feature = "jwt", feature = "password"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// The page about Rust, for the same reason.
#[cfg(all(doctest, feature = "jwt", feature = "password"))]
#[doc = include_str!("../docs/rust.md")]
struct Page;
