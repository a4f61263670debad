//! Nested tokens: signed first, then encrypted (RFC 7519 §5.2).

use super::decrypt::{DecryptOptions, Decrypted, decrypt};
use super::encrypt::{EncryptOptions, encrypt};
use super::key::EncryptionKey;
use super::key_ring::Keys;
use crate::jwt::{Signer, Verified, Verifier};
use crate::{Error, ErrorCode};

/// The content type of a token in a token. It is written, and demanded.
const CTY: &str = "JWT";

/// Issues a token for `claims` with `signer`, and encrypts it for the owner of `key`. In this order, so that whoever
/// decrypts it has the proof of who sent it, and nobody else can take that off and put their own on (RFC 7519 §11.2).
///
/// # Errors
/// Those of [`Signer::sign`] and [`encrypt`]; [`ErrorCode::OptionInvalid`] where `cty` is given, which is always `JWT`.
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

/// Encrypts a token that was signed.
///
/// # Errors
/// Those of [`encrypt`]; [`ErrorCode::OptionInvalid`] where `cty` is given.
pub(crate) fn encrypt_token(signed: &str, key: &EncryptionKey, options: &EncryptOptions) -> Result<String, Error> {
    if options.cty.is_some() {
        return Err(cty_is_ours());
    }
    let options = EncryptOptions { cty: Some(CTY.into()), ..options.clone() };
    encrypt(signed.as_bytes(), key, &options)
}

/// A token in a token, decrypted and checked.
#[derive(Debug)]
pub struct Nested {
    /// The header of the encrypted token, as JSON text.
    pub outer_header: String,
    /// The signed token within.
    pub verified: Verified,
}

/// Decrypts a nested token and checks the signed one in it at `now`.
///
/// # Errors
/// Those of [`decrypt`] and [`Verifier::verify`]; [`ErrorCode::TokenHeaderInvalid`] where the header's `cty` is not
/// `JWT`; [`ErrorCode::OptionInvalid`] where the option `cty` is given.
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

/// Decrypts a token that holds another, which nobody has checked yet.
///
/// # Errors
/// Those of [`decrypt`]; [`ErrorCode::TokenHeaderInvalid`] where `cty` is not `JWT`; [`ErrorCode::OptionInvalid`] where
/// the option `cty` is given.
pub(crate) fn decrypt_token(token: &str, keys: impl Into<Keys>, options: &DecryptOptions) -> Result<Decrypted, Error> {
    if options.cty.is_some() {
        return Err(cty_is_ours());
    }
    let decrypted = decrypt(token, keys, &DecryptOptions { cty: Some(CTY.into()), ..options.clone() })?;
    text(&decrypted.plaintext)?;
    Ok(decrypted)
}

/// What was decrypted, as text.
///
/// # Errors
/// - [`ErrorCode::TokenMalformed`]: it is not text, and therefore no token.
fn text(plaintext: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(plaintext).map_err(|_| Error::new(ErrorCode::TokenMalformed, "content is not a token"))
}

fn cty_is_ours() -> Error {
    Error::new(ErrorCode::OptionInvalid, "option \"cty\" of a nested token must be \"JWT\"")
}
