//! Tokens whose content is known: nested tokens, which are signed first and then encrypted (RFC 7519 §5.2), and claims that
//! are encrypted only (RFC 7519 §7.2).

use super::decrypt::{DecryptOptions, Decrypted, decrypt};
use super::decryption_keys::Keys;
use super::encrypt::{EncryptOptions, encrypt};
use super::key::EncryptionKey;
use crate::jose::header::is_same_type;
use crate::jose::json::Json;
use crate::jose::segment::{malformed, object};
use crate::jwt::rules::Rules;
use crate::jwt::{Signer, Verified, Verifier, VerifyOptions};
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

/// A decrypted token whose claims satisfy the rules: its header and its claims, as JSON texts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecryptedClaims {
    /// The header, a JSON object.
    pub header: String,
    /// The claims, a JSON object.
    pub claims: String,
}

/// Decrypts a token that contains claims, then judges the claims at `now`, in seconds since the Unix epoch, as
/// [`Verifier`](crate::jwt::Verifier) does.
///
/// **Only with a secret or a password does this prove who made the token.** With a public key, anyone can make one: use
/// signed tokens and [`decrypt_and_verify`](super::decrypt_and_verify).
///
/// `max_token_length` is 65536 by default. The header's `typ` must be that of the options, if they name one.
///
/// # Errors
/// In the order of the checks:
/// - [`ErrorCode::OptionInvalid`]: an option is out of range, or options contradict each other.
/// - Those of [`decrypt`](super::decrypt()).
/// - [`ErrorCode::TokenHeaderInvalid`]: `cty` is `JWT`, so a signed token is inside.
/// - [`ErrorCode::TokenMalformed`]: the content is not a strict JSON object.
/// - Those of [`Verifier::verify`](crate::jwt::Verifier::verify) about claims.
/// - [`ErrorCode::ClaimInvalid`]: the header repeats `iss`, `sub` or `aud` with another value (RFC 7519 §5.3).
///
/// ```
/// use countersign::jwe::{Algorithm, EncryptOptions, Encryption, EncryptionKey, GenerateOptions, decrypt_claims, encrypt};
/// use countersign::jwt::VerifyOptions;
///
/// let key = EncryptionKey::generate(Algorithm::Dir(Encryption::A256Gcm), &GenerateOptions::default())?;
/// let token = encrypt(br#"{"sub":"alice","exp":900}"#, &key, &EncryptOptions::default())?;
/// assert_eq!(decrypt_claims(&token, &key, &VerifyOptions::default(), 899.0)?.claims, r#"{"sub":"alice","exp":900}"#);
/// assert!(decrypt_claims(&token, &key, &VerifyOptions::default(), 900.0).is_err());
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn decrypt_claims(
    token: &str,
    keys: impl Into<Keys>,
    options: &VerifyOptions,
    now: f64,
) -> Result<DecryptedClaims, Error> {
    let rules = Rules::new(options.clone())?;
    let options = DecryptOptions {
        max_length: options.max_token_length,
        typ: rules.typ().map(Into::into),
        ..DecryptOptions::default()
    };
    let Decrypted { header, plaintext } = decrypt(token, keys, &options)?;
    let parameters = object("header", &header)?;
    if matches!(parameters.get("cty"), Some(Json::Text(cty)) if is_nested(cty)) {
        let message = "\"cty\" header says that a signed token is inside: decrypt and verify it";
        return Err(Error::new(ErrorCode::TokenHeaderInvalid, message));
    }
    let text = core::str::from_utf8(&plaintext).map_err(|_| malformed("content is not JSON"))?;
    let claims = object("content", text)?;
    rules.judge(&claims, now)?;
    for name in ["iss", "sub", "aud"] {
        if parameters.get(name).is_some_and(|value| claims.get(name) != Some(value)) {
            let message = format!("\"{name}\" header is not the \"{name}\" claim");
            return Err(Error::about_claim(ErrorCode::ClaimInvalid, name, message));
        }
    }
    let claims = text.into();
    drop(parameters);
    Ok(DecryptedClaims { header, claims })
}

/// Whether a `cty` says that a signed token is inside, with parameters or without.
fn is_nested(cty: &str) -> bool {
    is_same_type(cty.split(';').next().unwrap_or_default().trim_ascii_end(), CTY)
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
