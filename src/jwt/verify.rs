//! Checking a token, in the order of trust.

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
use crate::jws::signature::Room;
use crate::{Error, ErrorCode};

/// Checks tokens with a key or a key set, by rules that were checked once.
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
    /// The first header that led to a right signature. Nearly all tokens of an issuer share theirs to the letter, so a
    /// comparison replaces its decoding; who cannot sign cannot put one here.
    accepted: OnceLock<AcceptedHeader>,
}

struct AcceptedHeader {
    segment: String,
    json: String,
    member: Member,
}

/// What a check gives: the header only where it is not the one that this verifier accepted first.
pub(crate) struct Checked<'r> {
    pub(crate) header: Option<String>,
    pub(crate) claims: &'r str,
}

/// A token that was checked: its header and its claims, as the JSON texts that were signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The header, a JSON object.
    pub header: String,
    /// The claims, a JSON object.
    pub claims: String,
}

impl Verified {
    /// The claims as a type of yours.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimInvalid`]: the claims do not have that shape.
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
    /// A verifier with one key or a [`KeySet`](super::KeySet).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key must not verify.
    /// - [`ErrorCode::OptionInvalid`]: options out of range or contradictory.
    pub fn new(keys: impl Into<Keys>, options: &VerifyOptions) -> Result<Self, Error> {
        let keys = keys.into();
        if let Keys::One(member) = &keys {
            member.key().verifier()?;
        }
        Ok(Self { keys, rules: Rules::new(options.clone())?, accepted: OnceLock::new() })
    }

    /// Checks a token at `now` seconds since the Unix epoch.
    ///
    /// # Errors
    /// In the order in which they are looked for:
    /// - [`ErrorCode::TokenTooLong`], [`ErrorCode::TokenMalformed`]: not a compact JWS of bounded length whose header
    ///   is a JSON object, all canonical.
    /// - [`ErrorCode::TokenHeaderInvalid`]: a header parameter is missing, ill-typed or refused, or `typ` is not the
    ///   expected one.
    /// - [`ErrorCode::TokenAlgorithmMismatch`], [`ErrorCode::KeyNotFound`], [`ErrorCode::KeyAmbiguous`]: no one key of
    ///   ours answers for the header.
    /// - [`ErrorCode::TokenSignatureInvalid`]: it is not that key's signature.
    /// - [`ErrorCode::TokenMalformed`]: the payload is not a strict JSON object.
    /// - [`ErrorCode::ClaimInvalid`], [`ErrorCode::ClaimMissing`]: a claim is ill-typed, absent or not accepted.
    /// - [`ErrorCode::TokenExpired`], [`ErrorCode::TokenNotYetValid`], [`ErrorCode::TokenIssuedInFuture`],
    ///   [`ErrorCode::TokenTooOld`]: its time is over or has not come.
    /// - [`ErrorCode::OptionInvalid`]: `now` is not finite.
    pub fn verify(&self, token: &str, now: f64) -> Result<Verified, Error> {
        let mut room = Room::default();
        let Checked { header, claims } = self.check(token, now, &mut room)?;
        let usual = || self.accepted.get().map(|accepted| accepted.json.clone());
        Ok(Verified { header: header.or_else(usual).unwrap_or_default(), claims: claims.into() })
    }

    /// As [`Verifier::verify`], without the header's text where it is the usual one of this verifier. The claims stand in
    /// `room`.
    pub(crate) fn check<'r>(&self, token: &str, now: f64, room: &'r mut Room) -> Result<Checked<'r>, Error> {
        let untrusted = Untrusted::parse(token, self.rules.max_token_length())?;
        let usual = |accepted: &&AcceptedHeader| accepted.segment == untrusted.header && accepted.member.counts(now);
        if let Some(accepted) = self.accepted.get().filter(usual) {
            let claims = self.authentic_claims(untrusted, accepted.member.key(), now, room)?;
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
        let claims = self.authentic_claims(untrusted, member.key(), now, room)?;
        let accepted = AcceptedHeader { segment: segment.into(), json: json.clone(), member: member.clone() };
        let _ = self.accepted.set(accepted);
        Ok(Checked { header: Some(json), claims })
    }

    /// The rules' options, to put others over.
    pub(crate) fn options(&self) -> &VerifyOptions {
        self.rules.options()
    }

    /// A verifier with the same keys and other options over its own.
    ///
    /// # Errors
    /// Those of [`Verifier::new`].
    pub fn with(&self, options: VerifyOptions) -> Result<Self, Error> {
        let rules = Rules::new(options.over(self.options()))?;
        Ok(Self { keys: self.keys.clone(), rules, accepted: OnceLock::new() })
    }

    /// A verifier with the same options and other keys, as when an issuer has published new ones.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key must not verify.
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

    /// The longest token this verifier reads, in bytes.
    #[must_use]
    pub fn max_token_length(&self) -> usize {
        self.rules.max_token_length()
    }

    fn authentic_claims<'r>(
        &self,
        untrusted: Untrusted<'_>,
        key: &Key,
        now: f64,
        room: &'r mut Room,
    ) -> Result<&'r str, Error> {
        let json = untrusted.authenticate(key, room)?.payload_text(room)?;
        let payload = object("payload", json)?;
        self.rules.judge(&Claims::read(&payload)?, now)?;
        Ok(json)
    }
}

/// Checks one token; a [`Verifier`] that is kept does the same without reading its options again.
///
/// # Errors
/// Those of [`Verifier::new`] and [`Verifier::verify`].
pub fn verify(token: &str, keys: impl Into<Keys>, options: &VerifyOptions, now: f64) -> Result<Verified, Error> {
    Verifier::new(keys, options)?.verify(token, now)
}

/// The header and claims of a token that **nobody has checked**: for showing and debugging, never for deciding.
///
/// # Errors
/// - [`ErrorCode::TokenTooLong`]: longer than 16384 bytes.
/// - [`ErrorCode::TokenMalformed`]: not three canonical segments, or header or payload are not strict JSON objects.
pub fn decode_unverified(token: &str) -> Result<Verified, Error> {
    let untrusted = Untrusted::parse(token, MAX_TOKEN_LENGTH)?;
    let header = untrusted.header_text()?;
    object("header", &header)?;
    let claims = untrusted.payload_text_unverified()?;
    object("payload", &claims)?;
    Ok(Verified { header, claims })
}
