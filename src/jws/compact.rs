//! Signs and verifies the compact serialization (RFC 7515 §7.1).

use super::content::{UnverifiedPayload, as_signed, is_encoded, locate, signing_input};
use super::header::{self, Parameters};
use super::options::{SignOptions, VerifyOptions};
use super::unsigned::{Missing, Unsigned};
use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::key::Key;
use crate::jose::key_set::Keys;
use crate::jose::segment::{decode_text, malformed, object};
use crate::{Error, ErrorCode};

/// A verified JWS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The header, as the JSON text that was signed.
    pub header: String,
    /// The decoded payload. For a detached JWS, the payload from the options.
    pub payload: Vec<u8>,
}

/// Signs bytes. Returns `header.payload.signature`, or `header..signature` for a detached payload.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key is public, or its JWK forbids signing.
/// - [`ErrorCode::OptionInvalid`]: `header` sets a parameter that this library sets itself or that [`verify`] would
///   refuse; or the payload is unencoded and not detached, and is not printable ASCII without dots.
/// - [`ErrorCode::Internal`]: the platform has no random source, which RSA signatures need.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, jws};
///
/// let key = Key::from_secret(&[7; 32], Algorithm::Hs256, &KeyOptions::default())?;
/// let detached = jws::SignOptions { detached: Some(true), b64: Some(false), ..Default::default() };
/// let signed = jws::sign(b"a large file", &key, &detached)?;
/// assert!(signed.contains(".."));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn sign(payload: &[u8], key: &Key, options: &SignOptions) -> Result<String, Error> {
    key.signer()?;
    prepare(payload, key, options)?.finish()
}

/// Like [`sign`], for a key that is kept elsewhere: everything but the signature.
///
/// # Errors
/// Those of [`sign`].
///
/// ```
/// use countersign::jwt::{Algorithm, Key, jws};
///
/// let key = Key::elsewhere(Algorithm::EdDsa, None, None)?;
/// let unsigned = jws::prepare(b"any bytes", &key, &jws::SignOptions::default())?;
/// assert_eq!(unsigned.input(0), Some(&b"eyJhbGciOiJFZERTQSJ9.YW55IGJ5dGVz"[..]));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn prepare(payload: &[u8], key: &Key, options: &SignOptions) -> Result<Unsigned, Error> {
    key.expect_signing()?;
    let (encoded, detached) = (options.b64 != Some(false), options.detached == Some(true));
    let parameters = Parameters {
        typ: options.typ.as_deref(),
        cty: options.cty.as_deref(),
        unencoded: !encoded,
        crit: options.crit.as_deref().unwrap_or_default(),
        more: options.header.as_deref(),
    };
    let header = base64url::encode(header::write(key, &parameters)?.as_bytes());
    let signed = as_signed(payload, encoded);
    if !detached && !may_be_attached(&signed) {
        let message = "an unencoded payload that is not detached must be printable ASCII without a dot";
        return Err(Error::new(ErrorCode::OptionInvalid, message));
    }
    // An attached payload is ASCII: either base64url, or checked above.
    let attached = if detached { "" } else { core::str::from_utf8(&signed).unwrap_or_default() };
    let before = [&header, ".", attached, "."].concat();
    Ok(Unsigned::new(vec![Missing::new(key, signing_input(&header, &signed), before)], ""))
}

/// Verifies a compact JWS with a key or a [`KeySet`](crate::jwt::KeySet). Ignores keys that have ended at `now`, in
/// seconds since the Unix epoch.
///
/// # Errors
/// In the order of the checks:
/// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
/// - [`ErrorCode::OptionInvalid`]: an option is out of range.
/// - [`ErrorCode::TokenTooLong`]: the JWS is longer than `max_length`.
/// - [`ErrorCode::TokenMalformed`]: it does not have three segments, its header is not a strict JSON object in
///   canonical base64url, or it contains a payload although the option `detached` is set.
/// - [`ErrorCode::TokenHeaderInvalid`]: a header parameter is missing, has the wrong type or is refused; a critical
///   extension is not understood; or `b64` is `false` and not critical.
/// - [`ErrorCode::TokenMalformed`]: an unencoded payload is not printable ASCII without dots (RFC 7797 §5.2).
/// - [`ErrorCode::KeyNotFound`]: no key in the set has the header's `kid` and `alg`.
/// - [`ErrorCode::KeyAmbiguous`]: several keys fit the header.
/// - [`ErrorCode::TokenAlgorithmMismatch`]: the header names another algorithm than the key's.
/// - [`ErrorCode::TokenSignatureInvalid`]: the key did not sign this JWS.
/// - [`ErrorCode::TokenMalformed`]: the payload is not canonical base64url.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, jws};
///
/// let key = Key::from_secret(&[7; 32], Algorithm::Hs256, &KeyOptions::default())?;
/// let now = 1_800_000_000.0;
/// let options = jws::SignOptions { detached: Some(true), ..Default::default() };
/// let signed = jws::sign(b"a large file", &key, &options)?;
///
/// let options = jws::VerifyOptions { detached: Some(b"a large file"), ..Default::default() };
/// assert!(jws::verify(&signed, &key, &options, now).is_ok());
/// let options = jws::VerifyOptions { detached: Some(b"another file"), ..Default::default() };
/// assert_eq!(jws::verify(&signed, &key, &options, now).unwrap_err().to_string(), "signature does not match");
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn verify(jws: &str, keys: impl Into<Keys>, options: &VerifyOptions<'_>, now: f64) -> Result<Verified, Error> {
    let keys = keys.into();
    keys.expect_verifying()?;
    let understood = options.understood()?;
    options.check_length(jws)?;
    let mut segments = jws.splitn(4, '.');
    let (Some(protected), Some(payload), Some(signature), None) =
        (segments.next(), segments.next(), segments.next(), segments.next())
    else {
        return Err(malformed("JWS is not three segments separated by dots"));
    };
    let content = locate(Some(payload), options.detached)?;
    let padding = options.padding();
    let json = decode_text("header", padding.strip(protected))?;
    let parameters = object("header", &json)?;
    let header = Header::read_with_extensions(&parameters, &understood)?;
    let encoded = is_encoded(&parameters)?;
    if !encoded && !may_be_attached(payload.as_bytes()) {
        return Err(malformed("unencoded payload is not printable ASCII"));
    }
    let key = keys.select(header.alg, header.kid, now)?.key();
    let unverified = UnverifiedPayload::new(content, encoded, padding);
    let proof = unverified.check(protected, signature, key)?;
    let payload = unverified.release(&proof)?;
    drop(parameters);
    Ok(Verified { header: json, payload })
}

/// Whether an unencoded payload may be attached: printable ASCII without dots, which separate segments (RFC 7797 §5.2).
fn may_be_attached(payload: &[u8]) -> bool {
    payload.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'.')
}
