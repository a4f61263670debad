//! The JavaScript boundary: each function decodes its arguments, calls the core and encodes the answer.
//!
//! Nothing outside this folder names `wasm-bindgen`, `js-sys` or `serde-wasm-bindgen`.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public items from wherever they stand")]

#[cfg(feature = "npm-jwt")]
mod desk;
mod error;
#[cfg(feature = "npm-jwe")]
mod jwe;
#[cfg(feature = "jwt")]
mod jwk;
#[cfg(feature = "npm-jwt")]
mod jws;
#[cfg(feature = "npm-jwt")]
mod jwt;
#[cfg(feature = "jwt")]
mod member;
mod memory;
mod options;
#[cfg(feature = "npm-argon2")]
mod password;
#[cfg(feature = "npm-jwt")]
mod platform;
#[cfg(feature = "jwt")]
mod token;
#[cfg(feature = "test-trap")]
mod trap;
