//! The compact serialization (RFC 7515 §7.1), made and checked.

use super::content::{UnverifiedPayload, as_signed, is_encoded, locate, signature};
use super::header::{self, Parameters};
use super::options::{SignOptions, VerifyOptions};
use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::key::Key;
use crate::jose::key_set::Keys;
use crate::jose::segment::{decode_text, malformed, object};
use crate::{Error, ErrorCode};

/// A JWS that was checked: its header, the JSON text that was signed, and its payload.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The header, a JSON object.
    pub header: String,
    /// The payload, decoded. Of a detached JWS it is the one that was given.
    pub payload: Vec<u8>,
}

/// Signs bytes: `header.payload.signature`, or `header..signature` where the payload is detached.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key must not sign.
/// - [`ErrorCode::OptionInvalid`]: a header parameter that is not the caller's to set, or one that [`verify`] would
///   refuse; an unencoded payload that is not detached and holds anything but printable ASCII, or a dot.
/// - [`ErrorCode::Internal`]: no random source for a signature that wants one.
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
    if !detached && !fits(&signed) {
        let message = "an unencoded payload that is not detached must be printable ASCII without a dot";
        return Err(Error::new(ErrorCode::OptionInvalid, message));
    }
    let signature = signature(&header, &signed, key)?;
    // What fits is ASCII.
    let attached = if detached { "" } else { core::str::from_utf8(&signed).unwrap_or_default() };
    Ok([&header, ".", attached, ".", &signature].concat())
}

/// Checks a compact JWS with a key or a [`KeySet`](crate::jwt::KeySet), of which those count that have not ended at `now`
/// seconds since the Unix epoch.
///
/// # Errors
/// In the order in which they are looked for:
/// - [`ErrorCode::KeyUsage`], [`ErrorCode::OptionInvalid`]: the key must not verify; an option is out of range.
/// - [`ErrorCode::TokenTooLong`]: over the limit, judged before anything else.
/// - [`ErrorCode::TokenMalformed`]: not three segments whose header is a strict JSON object in canonical base64url; a
///   payload where it was given as detached.
/// - [`ErrorCode::TokenHeaderInvalid`]: a header parameter is missing, ill-typed or refused; a critical extension that
///   nobody understands; `b64: false` that is not critical.
/// - [`ErrorCode::TokenMalformed`]: an unencoded payload with what RFC 7797 §5.2 keeps out of a compact JWS.
/// - [`ErrorCode::TokenAlgorithmMismatch`], [`ErrorCode::KeyNotFound`], [`ErrorCode::KeyAmbiguous`]: no one key of ours
///   answers for the header.
/// - [`ErrorCode::TokenSignatureInvalid`]: it is not that key's signature.
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
    if let Keys::One(member) = &keys {
        member.key().verifier()?;
    }
    let understood = options.understood()?;
    options.admit(jws)?;
    let mut segments = jws.splitn(4, '.');
    let (Some(protected), Some(payload), Some(signature), None) =
        (segments.next(), segments.next(), segments.next(), segments.next())
    else {
        return Err(malformed("JWS is not three segments separated by dots"));
    };
    let content = locate(Some(payload), options.detached)?;
    let json = decode_text("header", protected)?;
    let parameters = object("header", &json)?;
    let header = Header::read_with_extensions(&parameters, &understood)?;
    let encoded = is_encoded(&parameters)?;
    if !encoded && !fits(payload.as_bytes()) {
        return Err(malformed("unencoded payload is not printable ASCII"));
    }
    let key = keys.select(header.alg, header.kid, now)?.key();
    let unverified = UnverifiedPayload::new(content, encoded);
    let proof = unverified.check(protected, signature, key)?;
    let payload = unverified.release(&proof)?;
    drop(parameters);
    Ok(Verified { header: json, payload })
}

/// RFC 7797 §5.2: printable ASCII but for the dot, which would part a payload in two.
fn fits(payload: &[u8]) -> bool {
    payload.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'.')
}
