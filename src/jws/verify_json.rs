//! Verifies a JWS in JSON and finds its valid signatures.

use super::content::{SignatureProof, UnverifiedPayload, is_encoded, locate};
use super::members::{self, Members, Signature};
use super::options::{Require, VerifyOptions};
use crate::jose::header::{Header, invalid};
use crate::jose::json::{Object, quote};
use crate::jose::key::Key;
use crate::jose::key_set::Keys;
use crate::jose::segment::{Padding, decode_text, object};
use crate::{Error, ErrorCode};

/// A JWS with at least one valid signature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VerifiedJson {
    /// The decoded payload. For a detached JWS, the payload from the options.
    pub payload: Vec<u8>,
    /// The valid signatures: at least one, and no two by the same key.
    pub signatures: Vec<HeldSignature>,
}

/// A valid signature. Its unprotected header is left out, because it was not signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeldSignature {
    /// Its position among the signatures of the JWS, from 0.
    pub index: usize,
    /// Its protected header, as the JSON text that was signed.
    pub header: String,
    /// The `kid` of the key that verified it, if that key has one. It comes from the key and not from a header.
    pub kid: Option<String>,
}

impl VerifiedJson {
    /// The signatures as a JSON array: `[{ "index": 0, "header": …, "kid": … }, …]`.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: does not happen, because every text can be written as JSON.
    pub fn signatures_to_json(&self) -> Result<String, Error> {
        let mut texts = Vec::new();
        for HeldSignature { index, header, kid } in &self.signatures {
            let kid = kid.as_ref().map(|kid| quote(kid).map(|kid| [",\"kid\":", &kid].concat())).transpose()?;
            texts.push(format!("{{\"index\":{index},\"header\":{header}{}}}", kid.unwrap_or_default()));
        }
        Ok(["[", &texts.join(","), "]"].concat())
    }
}

/// Verifies a JWS in JSON, flattened or general, with a key or a [`KeySet`](crate::jwt::KeySet). Ignores keys that have
/// ended at `now`, in seconds since the Unix epoch.
///
/// A signature is valid if all of this is true:
/// - Its protected header names a supported algorithm and has nothing that is not understood.
/// - Its protected and unprotected headers share no parameter (RFC 7515 §7.2.1), and `alg` is protected. RFC 7515 would
///   allow an unprotected `alg`.
/// - The key that its header selects made it.
/// - No earlier valid signature is by the same key, so that one signer cannot pass for two.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
/// - [`ErrorCode::OptionInvalid`]: an option is out of range.
/// - [`ErrorCode::TokenTooLong`]: the JWS is longer than `max_length`, or has more than 16 signatures.
/// - [`ErrorCode::TokenMalformed`]: the JWS is not a strict JSON object of one of the two forms; a protected header is
///   not a strict JSON object in canonical base64url; or there is no payload, or both an attached and a detached one.
/// - [`ErrorCode::TokenHeaderInvalid`]: `b64` differs between signatures, or is malformed in one.
/// - [`ErrorCode::TokenSignatureInvalid`]: none of several signatures is valid.
/// - The codes of [`verify`](super::verify) for the first invalid signature, if it is the only signature or with
///   [`Require::All`].
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet};
/// use countersign::jwt::jws::{self, Require, Signatory, SignatoryOptions, SignJsonOptions, VerifyOptions};
///
/// let named = |kid: &str| KeyOptions { kid: Some(kid.into()), ..Default::default() };
/// let (alice, bob) = (Key::generate(Algorithm::EdDsa, &named("alice"))?, Key::generate(Algorithm::EdDsa, &named("bob"))?);
/// let by = [&alice, &bob].map(|key| Signatory { key, options: SignatoryOptions::default() });
/// let contract = jws::sign_general(b"a contract", &by, &SignJsonOptions::default())?;
///
/// let set = KeySet::new([&alice.public_key()?, &bob.public_key()?])?;
/// let verified = jws::verify_json(&contract, &set, &VerifyOptions::default(), Require::Any, 1_800_000_000.0)?;
/// // Only the result says who signed.
/// let signed_by = |kid: &str| verified.signatures.iter().any(|signature| signature.kid.as_deref() == Some(kid));
/// assert!(signed_by("alice") && signed_by("bob"));
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn verify_json(
    jws: &str,
    keys: impl Into<Keys>,
    options: &VerifyOptions<'_>,
    require: Require,
    now: f64,
) -> Result<VerifiedJson, Error> {
    let keys = keys.into();
    keys.expect_verifying()?;
    let context = Context { keys: &keys, understood: options.understood()?, now };
    options.check_length(jws)?;
    let document = object("JWS", jws)?;
    let Members { payload, signatures } = Members::read(&document)?;
    let padding = options.padding();
    let texts = signatures.iter().map(|signature| protected_text(signature, padding)).collect::<Result<Vec<_>, _>>()?;
    let headers = texts.iter().map(|text| object("header", text)).collect::<Result<Vec<_>, _>>()?;
    let place = locate(payload, options.detached)?;
    let unverified = UnverifiedPayload::new(place, are_encoded(&headers)?, padding);

    let mut proof = None;
    let mut held = Vec::new();
    let mut used: Vec<&Key> = Vec::new();
    for (index, ((signature, text), header)) in signatures.iter().zip(&texts).zip(&headers).enumerate() {
        match check(signature, header, &context, &unverified, &used) {
            Ok((key, opens)) => {
                proof = Some(opens);
                used.push(key);
                held.push(HeldSignature { index, header: text.clone(), kid: key.kid().map(Into::into) });
            }
            Err(error) if require == Require::All || signatures.len() == 1 => return Err(error),
            Err(_) => {}
        }
    }
    match proof {
        Some(proof) => Ok(VerifiedJson { payload: unverified.release(&proof)?, signatures: held }),
        None => Err(Error::new(ErrorCode::TokenSignatureInvalid, "no signature of the JWS is valid")),
    }
}

/// What every signature is checked against.
struct Context<'k> {
    keys: &'k Keys,
    understood: Vec<&'k str>,
    now: f64,
}

/// Checks a signature. Returns the key that made it.
fn check<'k>(
    signature: &Signature<'_>,
    header: &Object<'_>,
    context: &Context<'k>,
    unverified: &UnverifiedPayload<'_>,
    used: &[&Key],
) -> Result<(&'k Key, SignatureProof), Error> {
    let kid = members::kid(header, signature.unprotected)?;
    let alg = Header::read_with_extensions(header, &context.understood)?.alg;
    let key = context.keys.select(alg, kid, context.now)?.key();
    if used.iter().any(|earlier| earlier.is(key)) {
        return Err(Error::new(ErrorCode::TokenSignatureInvalid, "an earlier signature is by the same key"));
    }
    let proof = unverified.check(signature.protected.unwrap_or_default(), signature.value, key)?;
    Ok((key, proof))
}

/// The JSON text of a protected header. A missing header counts as empty.
fn protected_text(signature: &Signature<'_>, padding: Padding) -> Result<String, Error> {
    match signature.protected {
        None => Ok("{}".into()),
        Some(protected) => decode_text("header", padding.strip(protected)),
    }
}

/// Whether the payload is encoded, which must be the same for all signatures (RFC 7797 §3).
fn are_encoded(headers: &[Object<'_>]) -> Result<bool, Error> {
    let encoded = headers.iter().map(is_encoded).collect::<Result<Vec<_>, _>>()?;
    let first = encoded.first() == Some(&true);
    if encoded.iter().all(|encoded| *encoded == first) {
        return Ok(first);
    }
    Err(invalid("\"b64\" header is not the same in all signatures"))
}
