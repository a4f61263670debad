//! Nested tokens: signed first, then encrypted (RFC 7519 §5.2).

use super::decrypt::{DecryptOptions, Decrypted, decrypt};
use super::encrypt::{EncryptOptions, encrypt};
use super::key::EncryptionKey;
use super::key_ring::Keys;
use crate::jwt::{Signer, Verified, Verifier};
use crate::{Error, ErrorCode};

/// The `cty` of a nested token, which is always set and always checked.
const CTY: &str = "JWT";

/// Signs `claims` with `signer`, then encrypts the token for the owner of `key`.
///
/// Signing comes first, so that the recipient has a proof of the sender, and nobody else can replace the
/// signature with their own (RFC 7519 §11.2).
///
/// # Errors
/// - Those of [`Signer::sign`] and [`encrypt`].
/// - [`ErrorCode::OptionInvalid`]: the option `cty` is given. It is always `JWT`.
///
/// ```
/// use countersign::jwe::{self, EncryptionKey, GenerateOptions, decrypt_and_verify, sign_and_encrypt};
/// use countersign::jwt::{self, Key, KeyOptions, SignOptions, Signer, Verifier, VerifyOptions};
///
/// let now = 1_800_000_000.0;
/// let ours = Key::generate(jwt::Algorithm::EdDsa, &KeyOptions::default())?;
/// let theirs = EncryptionKey::generate(jwe::Algorithm::EcdhEs, &GenerateOptions::default())?;
///
/// let signer = Signer::new(&ours, &SignOptions::default())?;
/// let token = sign_and_encrypt(r#"{"sub":"alice"}"#, &signer, now, &theirs.public_key()?, &Default::default())?;
///
/// let verifier = Verifier::new(&ours.public_key()?, &VerifyOptions::default())?;
/// let nested = decrypt_and_verify(&token, &theirs, &verifier, now, &Default::default())?;
/// assert!(nested.verified.claims.contains(r#""sub":"alice""#));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn sign_and_encrypt(
    claims: &str,
    signer: &Signer,
    now: f64,
    key: &EncryptionKey,
    options: &EncryptOptions,
) -> Result<String, Error> {
    encrypt_token(&signer.sign(claims, now)?, key, options)
}

/// Encrypts a signed token.
///
/// # Errors
/// - Those of [`encrypt`].
/// - [`ErrorCode::OptionInvalid`]: the option `cty` is given.
pub(crate) fn encrypt_token(signed: &str, key: &EncryptionKey, options: &EncryptOptions) -> Result<String, Error> {
    if options.cty.is_some() {
        return Err(cty_is_fixed());
    }
    let options = EncryptOptions { cty: Some(CTY.into()), ..options.clone() };
    encrypt(signed.as_bytes(), key, &options)
}

/// A nested token, decrypted and verified.
#[derive(Debug)]
pub struct Nested {
    /// The header of the encrypted token, a JSON object.
    pub outer_header: String,
    /// The signed token inside.
    pub verified: Verified,
}

/// Decrypts a nested token, then verifies the signed token in it at `now`, in seconds since the Unix epoch.
///
/// # Errors
/// - Those of [`decrypt`] and [`Verifier::verify`].
/// - [`ErrorCode::TokenHeaderInvalid`]: the `cty` of the encrypted token is not `JWT`.
/// - [`ErrorCode::OptionInvalid`]: the option `cty` is given.
pub fn decrypt_and_verify(
    token: &str,
    keys: impl Into<Keys>,
    verifier: &Verifier,
    now: f64,
    options: &DecryptOptions,
) -> Result<Nested, Error> {
    let Decrypted { header, plaintext } = decrypt_token(token, keys, options)?;
    Ok(Nested { verified: verifier.verify(text(&plaintext)?, now)?, outer_header: header })
}

/// Decrypts a nested token without verifying the signed token in it.
///
/// # Errors
/// - Those of [`decrypt`].
/// - [`ErrorCode::TokenHeaderInvalid`]: the `cty` of the encrypted token is not `JWT`.
/// - [`ErrorCode::OptionInvalid`]: the option `cty` is given.
pub(crate) fn decrypt_token(token: &str, keys: impl Into<Keys>, options: &DecryptOptions) -> Result<Decrypted, Error> {
    if options.cty.is_some() {
        return Err(cty_is_fixed());
    }
    let decrypted = decrypt(token, keys, &DecryptOptions { cty: Some(CTY.into()), ..options.clone() })?;
    text(&decrypted.plaintext)?;
    Ok(decrypted)
}

/// The decrypted content as text.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: the content is not UTF-8, so it cannot be a token.
fn text(plaintext: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(plaintext).map_err(|_| Error::new(ErrorCode::TokenMalformed, "content is not a token"))
}

fn cty_is_fixed() -> Error {
    Error::new(ErrorCode::OptionInvalid, "option \"cty\" of a nested token must be \"JWT\"")
}
