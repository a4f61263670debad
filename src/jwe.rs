//! Encrypted tokens and other content: JWE in the compact serialization (RFC 7516, RFC 7518 §4 and §5).
//!
//! A token to be decrypted passes through these steps, in this order:
//!
//! 1. Five segments of bounded length. Only the header may be read.
//! 2. The JOSE header, with everything refused that we do not understand, and compression.
//! 3. An [`EncryptionKey`], alone or from a [`KeyRing`]: bound to one algorithm, which the header must name.
//! 4. What the caller accepts: `enc`, `typ`, `cty`; and each segment of the one length it can have.
//! 5. The key of the content. Where it cannot be found, one drawn at random takes its place.
//! 6. The content, if its tag is right. Whatever is wrong from step 5 on, the error is the same.
//!
//! Encryption hides; it proves who sent something only where sender and receiver share a secret. For the rest there are
//! nested tokens: [`sign_and_encrypt`] and [`decrypt_and_verify`].
//!
//! ```
//! use countersign::jwe::{Algorithm, DecryptOptions, EncryptOptions, EncryptionKey, GenerateOptions, decrypt, encrypt};
//!
//! let key = EncryptionKey::generate(Algorithm::EcdhEsA256Kw, &GenerateOptions::default())?;
//! let token = encrypt(b"attack at dawn", &key.public_key()?, &EncryptOptions::default())?;
//!
//! let decrypted = decrypt(&token, &key, &DecryptOptions::default())?;
//! assert_eq!(*decrypted.plaintext, *b"attack at dawn");
//! # Ok::<(), countersign::Error>(())
//! ```

mod agreement;
mod algorithm;
mod compact;
mod content_key;
mod decrypt;
mod encrypt;
mod encryption;
mod header;
mod key;
mod key_ring;
mod nested;
mod pbes2;

pub use agreement::Curve;
pub use algorithm::Algorithm;
pub use decrypt::{DecryptOptions, Decrypted, decrypt};
pub use encrypt::{EncryptOptions, encrypt};
pub use encryption::Encryption;
pub use key::EncryptionKey;
pub use key::options::{GenerateOptions, KeyOptions, PasswordOptions};
pub use key_ring::{KeyRing, Keys};
pub use nested::{Nested, decrypt_and_verify, sign_and_encrypt};
#[cfg(all(target_arch = "wasm32", feature = "npm-jwe"))]
pub(crate) use nested::{decrypt_token, encrypt_token};
