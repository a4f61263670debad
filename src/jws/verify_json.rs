//! Checking a JWS in JSON: which of its signatures hold.

use super::content::{SignatureProof, UnverifiedPayload, is_encoded, locate};
use super::members::{self, Members, Signature};
use super::options::{Require, VerifyOptions};
use crate::jose::header::{Header, invalid};
use crate::jose::json::{Object, quote};
use crate::jose::key::Key;
use crate::jose::key_set::Keys;
use crate::jose::segment::{decode_text, object};
use crate::{Error, ErrorCode};

/// A JWS of which at least one signature held.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VerifiedJson {
    /// The payload, decoded. Of a detached JWS it is the one that was given.
    pub payload: Vec<u8>,
    /// The signatures that held, at least one, and no others. No two are by the same key.
    pub signatures: Vec<HeldSignature>,
}

/// A signature that held. What its unprotected header says was not signed, and so is not here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeldSignature {
    /// Its place among the signatures of the JWS, from 0.
    pub index: usize,
    /// Its protected header, a JSON object.
    pub header: String,
    /// The identifier of the key that made it, if that key has one: ours, not what a header says.
    pub kid: Option<String>,
}

impl VerifiedJson {
    /// The signatures as a JSON array: `[{ "index": 0, "header": …, "kid": … }, …]`.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: never; a text can always be written.
    pub fn signatures_to_json(&self) -> Result<String, Error> {
        let mut texts = Vec::new();
        for HeldSignature { index, header, kid } in &self.signatures {
            let kid = kid.as_ref().map(|kid| quote(kid).map(|kid| [",\"kid\":", &kid].concat())).transpose()?;
            texts.push(format!("{{\"index\":{index},\"header\":{header}{}}}", kid.unwrap_or_default()));
        }
        Ok(["[", &texts.join(","), "]"].concat())
    }
}

/// Checks a JWS in JSON, flattened or general, with a key or a [`KeySet`](crate::jwt::KeySet), of which those count that
/// have not ended at `now` seconds since the Unix epoch.
///
/// A signature holds when its protected header names an algorithm of ours and nothing that is not understood, the two
/// headers agree with RFC 7515 §7.2.1, and it is the signature of the key that the header chooses. Of several signatures
/// by one key the first that holds counts, so that nobody can sign twice to be taken for two.
///
/// Stricter than RFC 7515 allows: `alg` has to be protected.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`], [`ErrorCode::OptionInvalid`]: the key must not verify; an option is out of range.
/// - [`ErrorCode::TokenTooLong`]: over the limit, or more than 16 signatures.
/// - [`ErrorCode::TokenMalformed`]: not a strict JSON object with the members of one of the two forms; a protected
///   header that is not a strict JSON object in canonical base64url; no payload, or one beside that given as detached.
/// - [`ErrorCode::TokenHeaderInvalid`]: `b64` that differs between signatures, or is ill-formed in one.
/// - [`ErrorCode::TokenSignatureInvalid`]: none of several signatures holds. Where there is one alone, or with
///   [`Require::All`], what is wrong with the first that does not hold, with the codes of [`verify`](super::verify).
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
/// // Who signed is in the answer, and nowhere else.
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
    if let Keys::One(member) = &keys {
        member.key().verifier()?;
    }
    let demands = Demands { keys: &keys, understood: options.understood()?, now };
    options.admit(jws)?;
    let document = object("JWS", jws)?;
    let Members { payload, signatures } = Members::read(&document)?;
    let texts = signatures.iter().map(protected_text).collect::<Result<Vec<_>, _>>()?;
    let headers = texts.iter().map(|text| object("header", text)).collect::<Result<Vec<_>, _>>()?;
    let unverified = UnverifiedPayload::new(locate(payload, options.detached)?, are_encoded(&headers)?);

    let mut proof = None;
    let mut held = Vec::new();
    let mut used: Vec<&Key> = Vec::new();
    for (index, ((signature, text), header)) in signatures.iter().zip(&texts).zip(&headers).enumerate() {
        match check(signature, header, &demands, &unverified, &used) {
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
        None => Err(Error::new(ErrorCode::TokenSignatureInvalid, "no signature of the JWS holds")),
    }
}

/// What every signature is held against.
struct Demands<'k> {
    keys: &'k Keys,
    understood: Vec<&'k str>,
    now: f64,
}

/// Whether a signature holds, and by which key.
fn check<'k>(
    signature: &Signature<'_>,
    header: &Object<'_>,
    demands: &Demands<'k>,
    unverified: &UnverifiedPayload<'_>,
    used: &[&Key],
) -> Result<(&'k Key, SignatureProof), Error> {
    let kid = members::kid(header, signature.unprotected)?;
    let alg = Header::read_with_extensions(header, &demands.understood)?.alg;
    let key = demands.keys.select(alg, kid, demands.now)?.key();
    if used.iter().any(|earlier| earlier.is(key)) {
        return Err(Error::new(ErrorCode::TokenSignatureInvalid, "an earlier signature is by the same key"));
    }
    let proof = unverified.check(signature.protected.unwrap_or_default(), signature.value, key)?;
    Ok((key, proof))
}

/// The JSON text of a protected header. Where there is none it is an empty one.
fn protected_text(signature: &Signature<'_>) -> Result<String, Error> {
    match signature.protected {
        None => Ok("{}".into()),
        Some(protected) => decode_text("header", protected),
    }
}

/// RFC 7797 §3: one payload, and so one way to sign it.
fn are_encoded(headers: &[Object<'_>]) -> Result<bool, Error> {
    let encoded = headers.iter().map(is_encoded).collect::<Result<Vec<_>, _>>()?;
    let first = encoded.first() == Some(&true);
    if encoded.iter().all(|encoded| *encoded == first) {
        return Ok(first);
    }
    Err(invalid("\"b64\" header is not the same in all signatures"))
}
