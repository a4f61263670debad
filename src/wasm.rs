//! The JavaScript boundary: each function decodes its arguments, calls the core and encodes the answer.
//!
//! Nothing outside this folder names `wasm-bindgen`, `js-sys` or `serde-wasm-bindgen`.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public items from wherever they stand")]

#[cfg(feature = "npm-jwt")]
mod desk;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
mod document;
#[cfg(any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-jwt"))]
mod error;
#[cfg(feature = "npm-jwe")]
mod jwe;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
mod jwk;
#[cfg(feature = "npm-jwt")]
mod jws;
#[cfg(feature = "npm-jwt")]
mod jwt;
mod memory;
#[cfg(any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-jwt"))]
mod object;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
mod options;
#[cfg(feature = "npm-argon2")]
mod password;
#[cfg(feature = "npm-jwt")]
mod platform;
#[cfg(feature = "npm-argon2")]
mod policy;
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
mod token;
#[cfg(feature = "test-trap")]
mod trap;
#[cfg(any(feature = "npm-argon2", feature = "npm-jwe", feature = "npm-jwt"))]
mod value;
