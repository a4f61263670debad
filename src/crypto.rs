//! Cryptographic primitives, built on RustCrypto crates. Nothing in here depends on JOSE.

#[cfg(feature = "jwe")]
pub(crate) mod aead;
#[cfg(feature = "jwe")]
pub(crate) mod aes_key_wrap;
#[cfg(feature = "jwe")]
pub(crate) mod concat_kdf;
pub(crate) mod curve;
pub(crate) mod der;
pub(crate) mod digest;
pub(crate) mod ecdsa;
pub(crate) mod ed25519;
pub(crate) mod hmac;
pub(crate) mod pbkdf2;
pub(crate) mod platform;
pub(crate) mod random;
pub(crate) mod rsa;
#[cfg(feature = "jwe")]
pub(crate) mod rsa_oaep;
pub(crate) mod signature;
#[cfg(feature = "jwe")]
pub(crate) mod x25519;
