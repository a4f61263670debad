//! JSON Web Encryption: encrypts and decrypts any bytes, claims and signed tokens, in the compact serialization and in JSON
//! (RFC 7516, RFC 7518 §4 and §5).
//!
//! Decryption takes these steps in this order:
//!
//! 1. Split the token into five segments of limited length. Only the header can be read.
//! 2. Read the JOSE header. Anything that is not understood is refused.
//! 3. Select an [`EncryptionKey`], alone or from [`DecryptionKeys`]. It is bound to one algorithm, which the header must name.
//! 4. Check `enc`, `typ` and `cty` against the options, and the length of each segment.
//! 5. Recover the content encryption key. If that fails, continue with a random key.
//! 6. Check the tag and decrypt. The error is the same for every failure in steps 5 and 6.
//! 7. Decompress the content, if it is compressed, up to a limit. New tokens are never compressed.
//!
//! Encryption hides the content. It proves who made a token only if sender and receiver share a secret. In all other
//! cases, sign the token first: see [`sign_and_encrypt`] and [`decrypt_and_verify`].
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
pub(crate) mod decrypt;
mod decrypt_json;
mod decryption_keys;
mod encrypt;
mod encrypt_json;
mod encryption;
mod header;
mod inflate;
mod key;
pub(crate) mod nested;
mod pbes2;

pub use agreement::Curve;
pub use algorithm::Algorithm;
pub use decrypt::{DecryptOptions, Decrypted, decrypt};
pub use decrypt_json::{DecryptedJson, decrypt_json};
pub use decryption_keys::{DecryptionKeys, Keys};
pub use encrypt::{EncryptOptions, encrypt};
pub use encrypt_json::{EncryptJsonOptions, encrypt_json};
pub use encryption::Encryption;
pub use key::EncryptionKey;
pub use key::options::{GenerateOptions, KeyOptions, PasswordOptions};
pub use nested::{DecryptedClaims, Nested, decrypt_and_verify, decrypt_claims, sign_and_encrypt};
