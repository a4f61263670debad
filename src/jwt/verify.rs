//! Verifies tokens: header, key, signature, claims, in this order.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::claims::Claims;
use super::rules::{MAX_TOKEN_LENGTH, Rules};
use super::token::Untrusted;
use super::verify_options::VerifyOptions;
use crate::jose::header::Header;
use crate::jose::key::Key;
use crate::jose::key_set::{Keys, Member};
use crate::jose::segment::object;
use crate::jws::signature::Scratch;
use crate::{Error, ErrorCode};

/// Verifies tokens with a key or a key set, and one set of options, which are checked only once.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Verifier, VerifyOptions, sign};
///
/// let key = Key::generate(Algorithm::Hs256, &KeyOptions::default())?;
/// let verifier = Verifier::new(&key, &VerifyOptions { subject: Some("alice".into()), ..Default::default() })?;
///
/// let now = 1_800_000_000.0;
/// let token = sign(r#"{"sub":"alice"}"#, &key, &SignOptions::default(), now)?;
/// assert!(verifier.verify(&token, now).is_ok());
/// assert_eq!(verifier.verify(&token, now + 900.0).unwrap_err().to_string(), "token has expired");
/// # Ok::<(), countersign::Error>(())
/// ```
pub struct Verifier {
    keys: Keys,
    rules: Rules,
    /// The header of the first token with a valid signature. Nearly all tokens from one issuer have the same header, so
    /// a comparison replaces decoding it. Only tokens with a valid signature can fill this cache.
    cached: OnceLock<CachedHeader>,
}

struct CachedHeader {
    segment: String,
    json: String,
    member: Member,
}

/// The result of [`Verifier::check`]. The header is `None` if it equals the cached one.
pub(crate) struct Checked<'r> {
    pub(crate) header: Option<String>,
    pub(crate) claims: &'r str,
}

/// A verified token: its header and its claims, as the JSON texts that were signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The header, a JSON object.
    pub header: String,
    /// The claims, a JSON object.
    pub claims: String,
}

impl Verified {
    /// Deserializes the claims into a type of your own.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimInvalid`]: the claims do not have the shape of that type.
    ///
    /// ```
    /// # use countersign::jwt::Verified;
    /// #[derive(serde::Deserialize)]
    /// struct Session { sub: String }
    ///
    /// # let verified = Verified { header: "{}".into(), claims: r#"{"sub":"alice"}"#.into() };
    /// let session: Session = verified.claims_as()?;
    /// assert_eq!(session.sub, "alice");
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn claims_as<C: DeserializeOwned>(&self) -> Result<C, Error> {
        serde_json::from_str(&self.claims)
            .map_err(|_| Error::new(ErrorCode::ClaimInvalid, "claims do not have the expected shape"))
    }
}

impl Verified {
    /// Both texts as one JSON object: `{ "header": …, "claims": … }`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let parts = ["{\"header\":", &self.header, ",\"claims\":", &self.claims, "}"];
        parts.concat()
    }
}

impl Verifier {
    /// Makes a verifier for one key or a [`KeySet`](super::KeySet).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
    /// - [`ErrorCode::OptionInvalid`]: an option is out of range, or options contradict each other.
    pub fn new(keys: impl Into<Keys>, options: &VerifyOptions) -> Result<Self, Error> {
        let keys = keys.into();
        if let Keys::One(member) = &keys {
            member.key().verifier()?;
        }
        Ok(Self { keys, rules: Rules::new(options.clone())?, cached: OnceLock::new() })
    }

    /// Verifies a token at `now`, in seconds since the Unix epoch.
    ///
    /// # Errors
    /// In the order of the checks:
    /// - [`ErrorCode::TokenTooLong`]: the token is longer than the maximum.
    /// - [`ErrorCode::TokenMalformed`]: it is not a compact JWS in canonical base64url, or its header is not strict
    ///   JSON.
    /// - [`ErrorCode::TokenHeaderInvalid`]: a header parameter is missing, has the wrong type or is refused, or `typ`
    ///   is not the expected one.
    /// - [`ErrorCode::KeyNotFound`]: no key in the set has the token's `kid` and `alg`.
    /// - [`ErrorCode::KeyAmbiguous`]: several keys fit the token.
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: the header names another algorithm than the key's.
    /// - [`ErrorCode::TokenSignatureInvalid`]: the key did not sign this token.
    /// - [`ErrorCode::TokenMalformed`]: the payload is not a strict JSON object.
    /// - [`ErrorCode::OptionInvalid`]: `now` is not finite.
    /// - [`ErrorCode::ClaimMissing`]: a required claim is missing.
    /// - [`ErrorCode::ClaimInvalid`]: a claim has the wrong type or a value that is not accepted.
    /// - [`ErrorCode::TokenExpired`]: `exp` has passed.
    /// - [`ErrorCode::TokenNotYetValid`]: `nbf` is in the future.
    /// - [`ErrorCode::TokenIssuedInFuture`]: `iat` is in the future.
    /// - [`ErrorCode::TokenTooOld`]: `iat` is longer ago than `max_age`.
    pub fn verify(&self, token: &str, now: f64) -> Result<Verified, Error> {
        let mut scratch = Scratch::default();
        let Checked { header, claims } = self.check(token, now, &mut scratch)?;
        let cached = || self.cached.get().map(|cached| cached.json.clone());
        Ok(Verified { header: header.or_else(cached).unwrap_or_default(), claims: claims.into() })
    }

    /// Like [`Verifier::verify`], but leaves the header out if it is the cached one. The claims are borrowed from
    /// `scratch`.
    pub(crate) fn check<'r>(&self, token: &str, now: f64, scratch: &'r mut Scratch) -> Result<Checked<'r>, Error> {
        let untrusted = Untrusted::parse(token, self.rules.max_token_length())?;
        let is_same = |cached: &&CachedHeader| cached.segment == untrusted.header && cached.member.is_current(now);
        if let Some(cached) = self.cached.get().filter(is_same) {
            let claims = self.authentic_claims(untrusted, cached.member.key(), now, scratch)?;
            return Ok(Checked { header: None, claims });
        }
        let json = untrusted.header_text()?;
        let object = object("header", &json)?;
        let header = Header::read(&object)?;
        if let Some(typ) = self.rules.typ() {
            header.expect_typ(typ)?;
        }
        let member = self.keys.select(header.alg, header.kid, now)?;
        let segment = untrusted.header;
        let claims = self.authentic_claims(untrusted, member.key(), now, scratch)?;
        let cached = CachedHeader { segment: segment.into(), json: json.clone(), member: member.clone() };
        // If another thread was first, its header is as good.
        let _ = self.cached.set(cached);
        Ok(Checked { header: Some(json), claims })
    }

    /// The options of this verifier.
    pub(crate) fn options(&self) -> &VerifyOptions {
        self.rules.options()
    }

    /// A verifier with the same keys, whose options are replaced by those given.
    ///
    /// # Errors
    /// Those of [`Verifier::new`].
    pub fn with(&self, options: VerifyOptions) -> Result<Self, Error> {
        let rules = Rules::new(options.over(self.options()))?;
        Ok(Self { keys: self.keys.clone(), rules, cached: OnceLock::new() })
    }

    /// A verifier with the same options and other keys, for example after an issuer has published new keys.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, Verifier, VerifyOptions};
    ///
    /// let none_yet = Verifier::new(&KeySet::default(), &VerifyOptions::default())?;
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// let verifier = none_yet.with_keys(&KeySet::new(vec![key.public_key()?])?)?;
    /// # let token = countersign::jwt::sign("{}", &key, &countersign::jwt::SignOptions::default(), 0.0)?;
    /// # assert!(none_yet.verify(&token, 0.0).is_err());
    /// # assert!(verifier.verify(&token, 0.0).is_ok());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn with_keys(&self, keys: impl Into<Keys>) -> Result<Self, Error> {
        Self::new(keys, self.options())
    }

    /// The maximum length of a token, in bytes.
    #[must_use]
    pub fn max_token_length(&self) -> usize {
        self.rules.max_token_length()
    }

    fn authentic_claims<'r>(
        &self,
        untrusted: Untrusted<'_>,
        key: &Key,
        now: f64,
        scratch: &'r mut Scratch,
    ) -> Result<&'r str, Error> {
        let json = untrusted.authenticate(key, scratch)?.payload_text(scratch)?;
        let payload = object("payload", json)?;
        self.rules.check(&Claims::read(&payload)?, now)?;
        Ok(json)
    }
}

/// Verifies one token. To verify many, keep a [`Verifier`], which checks its options only once.
///
/// # Errors
/// Those of [`Verifier::new`] and [`Verifier::verify`].
pub fn verify(token: &str, keys: impl Into<Keys>, options: &VerifyOptions, now: f64) -> Result<Verified, Error> {
    Verifier::new(keys, options)?.verify(token, now)
}

/// Decodes a token **without verifying it**. Use the result for display and debugging only, never to decide anything.
///
/// # Errors
/// - [`ErrorCode::TokenTooLong`]: the token is longer than 16384 bytes.
/// - [`ErrorCode::TokenMalformed`]: it does not have three segments in canonical base64url, or its header or payload is
///   not a strict JSON object.
pub fn decode_unverified(token: &str) -> Result<Verified, Error> {
    let untrusted = Untrusted::parse(token, MAX_TOKEN_LENGTH)?;
    let header = untrusted.header_text()?;
    object("header", &header)?;
    let claims = untrusted.payload_text_unverified()?;
    object("payload", &claims)?;
    Ok(Verified { header, claims })
}
