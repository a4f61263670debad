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
#[cfg(feature = "jwt")]
pub(crate) mod ecdsa;
pub(crate) mod ecdsa_der;
#[cfg(feature = "jwt")]
pub(crate) mod ed25519;
pub(crate) mod ed25519_form;
pub(crate) mod hmac;
#[cfg(any(test, not(feature = "jwt")))]
pub(crate) mod lite;
pub(crate) mod ml_dsa;
#[cfg(feature = "jwt")]
pub(crate) mod pbkdf2;
pub(crate) mod platform;
pub(crate) mod random;
#[cfg(feature = "jwt")]
pub(crate) mod rsa;
pub(crate) mod rsa_form;
#[cfg(feature = "jwe")]
pub(crate) mod rsa_oaep;
pub(crate) mod signature;
#[cfg(feature = "jwe")]
pub(crate) mod x25519;

#[cfg(not(feature = "jwt"))]
pub(crate) use lite::{ecdsa, ed25519, rsa};

/// The error of the module that reads neither secrets nor private keys.
pub(crate) const PUBLIC_KEYS_ONLY: &str = "countersign/verify reads public keys only: use countersign/jwt";
