//! Issuing a token.

use serde::Serialize;

use super::claims::Claims;
use super::profile::Profile;
use super::sign_options::{Expiry, JwtId, SignOptions};
use crate::crypto::random::random_bytes;
use crate::jose::base64url;
use crate::jose::duration::Duration;
use crate::jose::header::is_same_type;
use crate::jose::json::{JsonError, Object, inside, quote, read_object};
use crate::jose::key::Key;
use crate::jose::one_or_many::OneOrMany;
use crate::jws::header::{self, Parameters};
use crate::{Error, ErrorCode};

/// How long a token lives when nobody says: 15 minutes, as access tokens cannot be called back.
const EXPIRES_IN: Duration = Duration::constant(900);

/// The stamps of a usual token stay below this.
const STAMPS_LENGTH: usize = 256;

/// Issues tokens with one key, by options that were checked once.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Signer};
///
/// let key = Key::generate(Algorithm::Hs256, &KeyOptions::default())?;
/// let signer = Signer::new(&key, &SignOptions::default())?;
/// let token = signer.sign(r#"{"sub":"alice"}"#, 1_800_000_000.0)?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok::<(), countersign::Error>(())
/// ```
pub struct Signer {
    key: Key,
    /// The encoded header and the dot behind it.
    prefix: String,
    /// The claims that are the same on every token, and as members of an object, each behind a comma.
    fixed: Vec<(&'static str, String)>,
    options: SignOptions,
}

impl Signer {
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key must not sign.
    /// - [`ErrorCode::OptionInvalid`]: a header parameter that is not the caller's to set, or one that our own verifier
    ///   would refuse; an empty audience; a profile that another option contradicts.
    pub fn new(key: &Key, options: &SignOptions) -> Result<Self, Error> {
        key.signer()?;
        if options.audience.as_ref().is_some_and(OneOrMany::is_empty) {
            return Err(invalid("option \"audience\" is not a string or a non-empty array of strings"));
        }
        let profile = options.profile.unwrap_or(Profile::Jwt);
        if options.profile.is_some() {
            agree(profile, options)?;
        }
        let typ = Some(options.typ.as_deref().unwrap_or(profile.name()));
        let header = header::write(key, &Parameters { typ, more: options.header.as_deref(), ..Default::default() })?;
        let prefix = format!("{}.", base64url::encode(header.as_bytes()));
        Ok(Self { key: key.clone(), prefix, fixed: fixed(options)?, options: options.clone() })
    }

    /// Issues a token for `claims`, a JSON object, at `now` seconds since the Unix epoch.
    ///
    /// The text of the claims is kept as it is; what the options stamp stands behind it.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimsNotSerializable`]: not a JSON object that our own verifier would read.
    /// - [`ErrorCode::ClaimInvalid`], [`ErrorCode::ClaimMissing`]: a registered claim of the wrong type, or claims that
    ///   are not those of the profile.
    /// - [`ErrorCode::OptionInvalid`]: a claim that an option gives too, or `now` is not finite.
    /// - [`ErrorCode::Internal`]: no random source for a `jti`.
    pub fn sign(&self, claims: &str, now: f64) -> Result<String, Error> {
        if !now.is_finite() {
            return Err(invalid("option \"now\" is not a finite number of seconds"));
        }
        let object = read_object(claims).map_err(unserializable)?;
        Claims::read(&object)?;
        let stamped = self.stamp(claims, &object, now)?;
        if let Some(profile) = self.options.profile {
            // What is issued is accepted: the verifier's own reader is the judge.
            let object = read_object(&stamped).map_err(unserializable)?;
            profile.judge(&Claims::read(&object)?)?;
        }
        let mut token = String::with_capacity(self.token_capacity(stamped.len()));
        token.push_str(&self.prefix);
        base64url::encode_onto(stamped.as_bytes(), &mut token);
        let signature = self
            .key
            .signer()?
            .try_sign(token.as_bytes())
            .map_err(|_| Error::new(ErrorCode::Internal, "signing failed"))?;
        token.push('.');
        base64url::encode_onto(&signature, &mut token);
        Ok(token)
    }

    /// As [`Signer::sign`], for claims of any type that serializes to a JSON object.
    ///
    /// # Errors
    /// Those of [`Signer::sign`].
    ///
    /// ```
    /// # use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Signer};
    /// #[derive(serde::Serialize)]
    /// struct Session { sub: &'static str }
    ///
    /// # let key = Key::generate(Algorithm::Hs256, &KeyOptions::default())?;
    /// # let signer = Signer::new(&key, &SignOptions::default())?;
    /// let token = signer.sign_claims(&Session { sub: "alice" }, 1_800_000_000.0)?;
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn sign_claims<C: Serialize>(&self, claims: &C, now: f64) -> Result<String, Error> {
        let json = serde_json::to_string(claims)
            .map_err(|_| Error::new(ErrorCode::ClaimsNotSerializable, "claims are not JSON"))?;
        self.sign(&json, now)
    }

    /// A signer with the same key and other options over its own.
    ///
    /// # Errors
    /// Those of [`Signer::new`].
    pub fn with(&self, options: SignOptions) -> Result<Self, Error> {
        Self::new(&self.key, &options.over(&self.options))
    }

    /// Room for the header, a payload of so many bytes, and a signature of at most 64.
    fn token_capacity(&self, payload_length: usize) -> usize {
        let payload = payload_length.saturating_mul(4) / 3;
        self.prefix.len().saturating_add(payload).saturating_add(96)
    }

    /// The claims with the options' stamps behind them, in the order of RFC 7519 §4.1.
    fn stamp(&self, claims: &str, object: &Object<'_>, now: f64) -> Result<String, Error> {
        // Room for all of them, as text that grows is copied and wiped each time.
        let mut stamps = Stamps { object, text: String::with_capacity(STAMPS_LENGTH) };
        let issued_at = now.floor();
        for (claim, member) in &self.fixed {
            stamps.refuse(claim)?;
            stamps.text.push_str(member);
        }
        match self.options.expires_in {
            Some(Expiry::In(duration)) => stamps.add("exp", &number(issued_at + duration.seconds()))?,
            Some(Expiry::Never) => stamps.refuse("exp")?,
            None => {
                if let Some(duration) = self.options.profile.map_or(Some(EXPIRES_IN), Profile::lives) {
                    stamps.add_default("exp", &number(issued_at + duration.seconds()));
                }
            }
        }
        if let Some(duration) = self.options.not_before {
            stamps.add("nbf", &number(issued_at + duration.seconds()))?;
        }
        match self.options.issued_at {
            Some(true) => stamps.add("iat", &number(issued_at))?,
            Some(false) => {}
            None => stamps.add_default("iat", &number(issued_at)),
        }
        match &self.options.jwt_id {
            Some(JwtId::Random) => stamps.add("jti", &random_id()?)?,
            Some(JwtId::Text(text)) => stamps.add("jti", &quote(text)?)?,
            None if self.options.profile.is_some_and(|profile| profile.requires("jti")) => {
                stamps.add_default("jti", &random_id()?);
            }
            None => {}
        }
        Ok(stamps.behind(claims))
    }
}

/// Issues one token; a [`Signer`] that is kept does the same without reading its options again.
///
/// # Errors
/// Those of [`Signer::new`] and [`Signer::sign`].
pub fn sign(claims: &str, key: &Key, options: &SignOptions, now: f64) -> Result<String, Error> {
    Signer::new(key, options)?.sign(claims, now)
}

/// Issuer, subject and audience, as the options name them.
fn fixed(options: &SignOptions) -> Result<Vec<(&'static str, String)>, Error> {
    let audience = match &options.audience {
        Some(OneOrMany::One(audience)) => Some(quote(audience)?),
        Some(OneOrMany::Many(audiences)) => Some(quote(audiences)?),
        None => None,
    };
    let text = |text: &Option<String>| text.as_ref().map(quote).transpose();
    let claims = [("iss", text(&options.issuer)?), ("sub", text(&options.subject)?), ("aud", audience)];
    let members = claims.into_iter().filter_map(|(claim, value)| Some((claim, format!(",\"{claim}\":{}", value?))));
    Ok(members.collect())
}

/// Members to be added to an object that is already text.
struct Stamps<'a> {
    object: &'a Object<'a>,
    text: String,
}

impl Stamps<'_> {
    /// Adds a claim that an option asks for.
    fn add(&mut self, claim: &str, value: &str) -> Result<(), Error> {
        self.refuse(claim)?;
        self.add_default(claim, value);
        Ok(())
    }

    /// Adds a claim unless it was given.
    fn add_default(&mut self, claim: &str, value: &str) {
        if !self.object.has(claim) {
            for part in [",\"", claim, "\":", value] {
                self.text.push_str(part);
            }
        }
    }

    /// Refuses a claim that was given and has an option that says something about it too.
    fn refuse(&self, claim: &str) -> Result<(), Error> {
        if self.object.has(claim) {
            let message = format!("\"{claim}\" is given both as a claim and by an option");
            return Err(Error::about_claim(ErrorCode::OptionInvalid, claim, message));
        }
        Ok(())
    }

    /// The object's text with the stamps as its last members.
    fn behind(self, claims: &str) -> String {
        let stamps = if self.object.is_empty() { self.text.strip_prefix(',').unwrap_or_default() } else { &self.text };
        ["{", inside(claims), stamps, "}"].concat()
    }
}

/// 128 random bits as JSON.
fn random_id() -> Result<String, Error> {
    quote(&base64url::encode(&random_bytes(16)?))
}

/// Whether a profile and the other options can both be meant.
fn agree(profile: Profile, options: &SignOptions) -> Result<(), Error> {
    if options.typ.as_ref().is_some_and(|typ| !is_same_type(typ, profile.name())) {
        return Err(invalid("option \"profile\" contradicts option \"typ\""));
    }
    if options.expires_in == Some(Expiry::Never) && profile.requires("exp") {
        return Err(invalid("option \"profile\" contradicts option \"expiresIn\""));
    }
    Ok(())
}

fn unserializable(fault: JsonError) -> Error {
    let clause = match fault {
        JsonError::NotJson => "claims are not JSON",
        JsonError::NotObject => "claims are not an object",
        JsonError::RepeatedName => "claims repeat a member name",
        JsonError::TooDeep => "claims nest deeper than 64 levels",
    };
    Error::new(ErrorCode::ClaimsNotSerializable, clause)
}

/// A number of seconds as JSON. Fractions are cut to milliseconds: no clock of ours is finer, and the standard
/// library's way to write a double would bring 20 KB into the wasm module.
#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, and stays far from the limit: at most twice 2^53 seconds"
)]
fn number(seconds: f64) -> String {
    if seconds.fract() == 0.0 {
        return format!("{}", seconds as i64);
    }
    let milliseconds = (seconds * 1000.0).round() as i64;
    let (sign, magnitude) =
        if milliseconds < 0 { ("-", milliseconds.unsigned_abs()) } else { ("", milliseconds.unsigned_abs()) };
    let (whole, fraction) = (magnitude / 1000, magnitude % 1000);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{fraction:03}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
