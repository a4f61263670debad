//! Verifies tokens: header, key, signature, claims, in this order.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::known_headers::{KnownHeader, KnownHeaders};
use super::rules::{MAX_TOKEN_LENGTH, Rules, Window};
use super::sign::unserializable;
use super::token::Untrusted;
use super::verify_options::VerifyOptions;
use crate::jose::algorithm::Algorithm;
use crate::jose::header::Header;
use crate::jose::json::read_object;
use crate::jose::key_set::{KeySet, Keys, Member};
use crate::jose::segment::{Padding, decode_text, malformed, object, too_long};
use crate::jws::signature::Scratch;
use crate::{Error, ErrorCode};

/// The longest token whose header [`decode_header_unverified`] reads, in bytes: as long as an encrypted token may be by
/// default.
pub(crate) const MAX_DECODED_LENGTH: usize = 65_536;

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
    /// Whether a server publishes the keys. It publishes public keys only, and a token that no key would make valid must
    /// not cause a request.
    has_published_keys: bool,
    /// The headers of tokens with a valid signature. Tokens of one key have the same header, so a comparison replaces
    /// reading it and finding the key.
    known_headers: KnownHeaders,
}

/// The result of [`Verifier::check`].
pub(crate) struct Checked<'r> {
    pub(crate) header: Arc<KnownHeader>,
    /// Whether the header was known before this token.
    #[cfg_attr(
        not(all(target_arch = "wasm32", feature = "npm-verify")),
        expect(dead_code, reason = "only JavaScript keeps headers and leaves them out")
    )]
    pub(crate) was_known: bool,
    pub(crate) claims: &'r str,
    /// When this verifier accepts this very token for certain.
    #[cfg_attr(
        not(any(test, all(target_arch = "wasm32", feature = "npm-verify"))),
        expect(dead_code, reason = "only JavaScript remembers tokens")
    )]
    pub(crate) window: Window,
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
        keys.expect_verifying()?;
        let rules = Rules::new(options.clone())?;
        Ok(Self { keys, rules, has_published_keys: false, known_headers: KnownHeaders::default() })
    }

    /// Makes a verifier for keys that a server publishes and that have not been fetched yet. Give it the keys with
    /// [`Verifier::with_keys`].
    ///
    /// Until it has the right key, it refuses every token with [`ErrorCode::KeyNotFound`]. Fetch the keys only then: a
    /// token that no published key would make valid is refused with another code. The difference to a verifier with an
    /// empty set:
    /// - [`ErrorCode::TokenAlgorithmMismatch`]: `alg` is no algorithm of public keys, such as `none` or `HS256`.
    /// - [`ErrorCode::TokenMalformed`], [`ErrorCode::ClaimInvalid`], [`ErrorCode::TokenExpired`]: the token is malformed, a
    ///   registered claim has the wrong type, or `exp` has passed. **The signature of such a token was not checked**, as no
    ///   key was at hand.
    ///
    /// # Errors
    /// Those of [`Verifier::new`].
    ///
    /// ```
    /// use countersign::ErrorCode;
    /// use countersign::jwt::{Algorithm, Key, KeyOptions, KeySet, SignOptions, Verifier, VerifyOptions, sign};
    ///
    /// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
    /// let token = sign("{}", &key, &SignOptions::default(), 0.0)?;
    ///
    /// let verifier = Verifier::for_published_keys(&VerifyOptions::default())?;
    /// assert_eq!(verifier.verify(&token, 899.0).unwrap_err().code(), ErrorCode::KeyNotFound);
    /// assert_eq!(verifier.verify(&token, 900.0).unwrap_err().code(), ErrorCode::TokenExpired);
    /// let verifier = verifier.with_keys(&KeySet::new([key.public_key()?])?)?;
    /// assert!(verifier.verify(&token, 899.0).is_ok());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn for_published_keys(options: &VerifyOptions) -> Result<Self, Error> {
        Ok(Self { has_published_keys: true, ..Self::new(&KeySet::default(), options)? })
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
        let Checked { header, claims, .. } = self.check(token, now, &mut scratch)?;
        Ok(Verified { header: header.json.clone(), claims: claims.into() })
    }

    /// Like [`Verifier::verify`]. The claims are borrowed from `scratch`.
    pub(crate) fn check<'r>(&self, token: &str, now: f64, scratch: &'r mut Scratch) -> Result<Checked<'r>, Error> {
        let untrusted = Untrusted::parse(token, self.rules.max_token_length())?;
        if let Some(header) = self.known_headers.find(untrusted.header, now) {
            let (claims, window) = self.authentic_claims(untrusted, &header.member, now, scratch)?;
            return Ok(Checked { header, was_known: true, claims, window });
        }
        let json = untrusted.header_text()?;
        let object = object("header", &json)?;
        let header = Header::read(&object)?;
        if let Some(typ) = self.rules.typ() {
            header.expect_typ(typ)?;
        }
        let is_asymmetric = || Algorithm::all().any(|own| own.is_asymmetric() && own.name() == header.alg);
        if self.has_published_keys && !is_asymmetric() && !self.keys.serve(header.alg) {
            let message = "\"alg\" header is not an algorithm of public keys";
            return Err(Error::new(ErrorCode::TokenAlgorithmMismatch, message));
        }
        let selected = self.keys.select(header.alg, header.kid, now);
        if self.has_published_keys && matches!(&selected, Err(error) if error.code() == ErrorCode::KeyNotFound) {
            self.refuse_without_key(&untrusted, now)?;
        }
        let member = selected?;
        let segment = untrusted.header;
        let (claims, window) = self.authentic_claims(untrusted, member, now, scratch)?;
        let header = self.known_headers.add(segment, json, member.clone());
        Ok(Checked { header, was_known: false, claims, window })
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
        let (keys, has_published_keys) = (self.keys.clone(), self.has_published_keys);
        Ok(Self { keys, rules, has_published_keys, known_headers: KnownHeaders::default() })
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
        Ok(Self { has_published_keys: self.has_published_keys, ..Self::new(keys, self.options())? })
    }

    /// A verifier with the same options, and these keys for the algorithms that its own keys do not have.
    #[cfg(all(target_arch = "wasm32", feature = "npm-verify"))]
    pub(crate) fn before(&self, keys: impl Into<Keys>) -> Result<Self, Error> {
        self.with_keys(Keys::first_serving([&self.keys, &keys.into()]))
    }

    /// The maximum length of a token, in bytes.
    #[must_use]
    pub fn max_token_length(&self) -> usize {
        self.rules.max_token_length()
    }

    /// Refuses a token that no key would make valid. Reads claims that are not authenticated, and judges only what tells
    /// nothing about this verifier: their types, and `exp`.
    fn refuse_without_key(&self, untrusted: &Untrusted<'_>, now: f64) -> Result<(), Error> {
        let json = untrusted.payload_text_unverified()?;
        self.rules.check_expiry(&object("payload", &json)?, now)
    }

    fn authentic_claims<'r>(
        &self,
        untrusted: Untrusted<'_>,
        member: &Member,
        now: f64,
        scratch: &'r mut Scratch,
    ) -> Result<(&'r str, Window), Error> {
        let json = untrusted.authenticate(member.key(), scratch)?.payload_text(scratch)?;
        let payload = object("payload", json)?;
        let window = self.rules.judge(&payload, now)?;
        Ok((json, window.ending(member.until_or_never())))
    }
}

/// Verifies one token. To verify many, keep a [`Verifier`], which checks its options only once.
///
/// # Errors
/// Those of [`Verifier::new`] and [`Verifier::verify`].
pub fn verify(token: &str, keys: impl Into<Keys>, options: &VerifyOptions, now: f64) -> Result<Verified, Error> {
    Verifier::new(keys, options)?.verify(token, now)
}

/// Judges claims that came without a token, such as those that a database or another service returned: presence,
/// identity and time at `now`, in seconds since the Unix epoch. `claims` is the text of a JSON object.
///
/// The option `max_token_length` has no effect.
///
/// # Errors
/// - [`ErrorCode::ClaimsNotSerializable`]: the text is not a strict JSON object.
/// - [`ErrorCode::OptionInvalid`]: an option is out of range, options contradict each other, or `typ` is given, which
///   only a header has.
/// - Those of [`Verifier::verify`] about claims.
///
/// ```
/// use countersign::ErrorCode;
/// use countersign::jwt::{VerifyOptions, judge_claims};
///
/// let options = VerifyOptions { issuer: Some("https://login.example".into()), ..Default::default() };
/// let claims = r#"{"iss":"https://login.example","exp":900}"#;
/// assert!(judge_claims(claims, &options, 899.0).is_ok());
/// assert_eq!(judge_claims(claims, &options, 900.0).unwrap_err().code(), ErrorCode::TokenExpired);
/// ```
pub fn judge_claims(claims: &str, options: &VerifyOptions, now: f64) -> Result<(), Error> {
    if options.typ.is_some() {
        let message = "option \"typ\" is for a header, and claims have none";
        return Err(Error::new(ErrorCode::OptionInvalid, message));
    }
    Rules::new(options.clone())?.judge(&read_object(claims).map_err(unserializable)?, now).map(drop)
}

/// Decodes the header of a JWS or JWE in the compact serialization, **without verifying anything**. Use it to find out
/// where a token comes from. Nothing after the header is read, and the header may be padded.
///
/// Returns the JSON text of an object.
///
/// # Errors
/// - [`ErrorCode::TokenTooLong`]: the token is longer than 65536 bytes.
/// - [`ErrorCode::TokenMalformed`]: it has neither three nor five segments, or its header is not a strict JSON object in
///   canonical base64url.
///
/// ```
/// use countersign::jwt::decode_header_unverified;
///
/// assert_eq!(decode_header_unverified("eyJhbGciOiJkaXIifQ....")?, r#"{"alg":"dir"}"#);
/// # Ok::<(), countersign::Error>(())
/// ```
pub fn decode_header_unverified(token: &str) -> Result<String, Error> {
    if MAX_DECODED_LENGTH < token.len() {
        return Err(too_long(MAX_DECODED_LENGTH));
    }
    let mut segments = token.split('.');
    let header = segments.next().unwrap_or_default();
    if !matches!(segments.count(), 2 | 4) {
        return Err(malformed("token is not three or five segments separated by dots"));
    }
    let json = decode_text("header", Padding::Allowed.strip(header))?;
    object("header", &json)?;
    Ok(json)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jwt::{Key, KeyOptions, SignOptions, sign};

    #[test]
    fn accepts_a_token_for_certain_until_its_key_ends() {
        let key = Key::from_secret(&[7; 32], Algorithm::Hs256, &KeyOptions::default()).expect("a key");
        let token = sign(r#"{"exp":900}"#, &key, &SignOptions::default(), 0.0).expect("a token");
        for (member, until) in [
            (Member::from(&key), 899.999),
            (Member::until(&key, 1000.0), 899.999),
            (Member::until(&key, 500.0), 499.999),
        ] {
            let set = KeySet::new([member]).expect("a set");
            let verifier = Verifier::new(&set, &VerifyOptions::default()).expect("a verifier");
            // With a header that it does not know yet, and with one that it knows.
            for _ in 0..2 {
                let mut scratch = Scratch::default();
                let window = verifier.check(&token, 0.0, &mut scratch).expect("accepted").window;
                assert_eq!(window, Window { from: -59.999, until });
            }
        }
    }
}
