//! The JavaScript boundary: each function decodes its arguments, calls the core and encodes the answer.
//!
//! `wasm-bindgen`, `js-sys` and `serde-wasm-bindgen` are used in this folder only.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public items of private modules too")]

#[cfg(any(feature = "npm-jwe", feature = "npm-verify"))]
mod clock;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
mod document;
#[cfg(feature = "npm-jwe")]
mod encryption_key;
#[cfg(any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-verify"))]
mod error;
#[cfg(feature = "npm-jwe")]
mod jwe;
#[cfg(any(feature = "npm-jwe", feature = "npm-verify"))]
mod jwk;
#[cfg(feature = "npm-jwt")]
mod jws;
#[cfg(feature = "npm-verify")]
mod jwt;
#[cfg(feature = "npm-lite")]
mod key;
#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
mod key_exports;
#[cfg(feature = "npm-verify")]
mod key_set;
mod memory;
#[cfg(any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-verify"))]
mod object;
#[cfg(any(feature = "npm-jwe", feature = "npm-verify"))]
mod options;
#[cfg(feature = "npm-argon2")]
mod password;
#[cfg(feature = "npm-verify")]
mod platform;
#[cfg(feature = "npm-argon2")]
mod policy;
#[cfg(feature = "npm-post-quantum")]
mod post_quantum;
#[cfg(all(feature = "npm-lite", not(feature = "npm-jwt")))]
mod public_documents;
#[cfg(feature = "npm-verify")]
mod shared_buffer;
#[cfg(feature = "npm-lite")]
mod signer;
#[cfg(any(feature = "npm-jwe", feature = "npm-verify"))]
mod token;
#[cfg(feature = "test-trap")]
mod trap;
#[cfg(feature = "npm-lite")]
mod unsigned;
#[cfg(feature = "npm-lite")]
mod unverified;
#[cfg(any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-verify"))]
mod value;
