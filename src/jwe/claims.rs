//! Claims that are encrypted and not signed (RFC 7519 §7.2).

use super::decrypt::{DecryptOptions, Decrypted, decrypt};
use super::key_ring::Keys;
use crate::jose::header::is_same_type;
use crate::jose::json::Json;
use crate::jose::segment::{malformed, object};
use crate::jwt::VerifyOptions;
use crate::jwt::rules::Rules;
use crate::{Error, ErrorCode};

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
    if matches!(parameters.get("cty"), Some(Json::Text(cty)) if is_same_type(cty, "JWT")) {
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
