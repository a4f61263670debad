//! Issues tokens.

use serde::Serialize;

use super::claims::Claims;
use super::profile::Profile;
use super::sign_options::{Expiry, JwtId, SignOptions, Typ};
use crate::crypto::random::random_bytes;
use crate::jose::base64url;
use crate::jose::duration::Duration;
use crate::jose::header::is_same_type;
use crate::jose::json::{JsonError, Object, inside, quote, read_object};
use crate::jose::key::Key;
use crate::jose::one_or_many::OneOrMany;
use crate::jws::header::{self, Parameters};
use crate::jws::unsigned::{self, Missing, Unsigned};
use crate::{Error, ErrorCode};

/// The default lifetime: 15 minutes. It is short because an access token cannot be revoked.
const DEFAULT_LIFETIME: Duration = Duration::constant(900);

/// The claims that options add to a typical token take fewer bytes than this.
const ADDED_CAPACITY: usize = 256;

/// Issues tokens with one key and one set of options, which are checked only once.
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
    /// The encoded header with the dot that follows it.
    prefix: String,
    /// The claims that are the same in every token: the name, and the JSON member with a leading comma.
    fixed: Vec<(&'static str, String)>,
    options: SignOptions,
}

impl Signer {
    /// Makes a signer.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: the key cannot sign, or its JWK forbids it.
    /// - [`ErrorCode::OptionInvalid`]: the audience is empty, the profile contradicts another option, or `header` sets
    ///   a parameter that this library sets itself or that its verifier would refuse.
    pub fn new(key: &Key, options: &SignOptions) -> Result<Self, Error> {
        key.expect_signing()?;
        if options.audience.as_ref().is_some_and(OneOrMany::is_empty) {
            return Err(invalid("option \"audience\" is not a string or a non-empty array of strings"));
        }
        let profile = options.profile.unwrap_or(Profile::Jwt);
        if options.profile.is_some() {
            check_profile(profile, options)?;
        }
        let typ = match &options.typ {
            None => Some(profile.name()),
            Some(Typ::Absent) => None,
            Some(Typ::Text(typ)) => Some(typ.as_str()),
        };
        let header = header::write(key, &Parameters { typ, more: options.header.as_deref(), ..Default::default() })?;
        let prefix = format!("{}.", base64url::encode(header.as_bytes()));
        Ok(Self { key: key.clone(), prefix, fixed: fixed(options)?, options: options.clone() })
    }

    /// Issues a token for `claims`, a JSON object, at `now` in seconds since the Unix epoch.
    ///
    /// The text of the claims is kept unchanged. The claims from the options are appended to it.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimsNotSerializable`]: the claims are not a JSON object that the verifier accepts.
    /// - [`ErrorCode::ClaimInvalid`]: a claim has the wrong type, or the profile forbids it.
    /// - [`ErrorCode::ClaimMissing`]: a claim that the profile requires is missing.
    /// - [`ErrorCode::OptionInvalid`]: an option sets a claim that is also given, or `now` is not finite.
    /// - [`ErrorCode::Internal`]: the platform has no random source for a `jti`, or signing failed.
    pub fn sign(&self, claims: &str, now: f64) -> Result<String, Error> {
        text(self.sign_to_bytes(claims, now)?)
    }

    /// Like [`Signer::sign`]. Returns the token as bytes of ASCII.
    pub(crate) fn sign_to_bytes(&self, claims: &str, now: f64) -> Result<Vec<u8>, Error> {
        let mut token = self.signing_input(claims, now)?;
        let signature = unsigned::sign(&self.key, &token)?;
        token.push(b'.');
        base64url::append(&signature, &mut token);
        Ok(token)
    }

    /// Like [`Signer::sign`], for a key that is kept elsewhere: everything but the signature.
    ///
    /// # Errors
    /// Those of [`Signer::sign`].
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, SignOptions, Signer};
    ///
    /// let key = Key::elsewhere(Algorithm::Ps256, Some("kms-1".into()), None)?;
    /// let unsigned = Signer::new(&key, &SignOptions::default())?.prepare(r#"{"sub":"alice"}"#, 1_800_000_000.0)?;
    /// let to_sign = unsigned.input(0).unwrap_or_default();
    /// # assert!(to_sign.starts_with(b"eyJ"));
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn prepare(&self, claims: &str, now: f64) -> Result<Unsigned, Error> {
        let input = self.signing_input(claims, now)?;
        let before = text([input.as_slice(), b"."].concat())?;
        Ok(Unsigned::new(vec![Missing::new(&self.key, input, before)], ""))
    }

    #[cfg(all(target_arch = "wasm32", feature = "npm-jwt"))]
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// The encoded header and payload, in ASCII.
    fn signing_input(&self, claims: &str, now: f64) -> Result<Vec<u8>, Error> {
        if !now.is_finite() {
            return Err(invalid("option \"now\" is not a finite number of seconds"));
        }
        let object = read_object(claims).map_err(unserializable)?;
        Claims::read(&object)?;
        let payload = self.with_option_claims(claims, &object, now)?;
        if let Some(profile) = self.options.profile {
            // Checked with the verifier's own code, so that the verifier accepts every token that is issued.
            let object = read_object(&payload).map_err(unserializable)?;
            profile.check(&Claims::read(&object)?)?;
        }
        let mut token = Vec::with_capacity(self.token_capacity(payload.len()));
        token.extend_from_slice(self.prefix.as_bytes());
        base64url::append(payload.as_bytes(), &mut token);
        Ok(token)
    }

    /// Like [`Signer::sign`], for claims of any type that serializes to a JSON object.
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

    /// A signer with the same key, whose options are replaced by those given.
    ///
    /// # Errors
    /// Those of [`Signer::new`].
    pub fn with(&self, options: SignOptions) -> Result<Self, Error> {
        Self::new(&self.key, &options.over(&self.options))
    }

    /// A buffer size for the token: enough for a signature of up to 64 bytes.
    fn token_capacity(&self, payload_length: usize) -> usize {
        let payload = payload_length.saturating_mul(4) / 3;
        self.prefix.len().saturating_add(payload).saturating_add(96)
    }

    /// The claims, followed by those that the options add, in the order of RFC 7519 §4.1.
    fn with_option_claims(&self, claims: &str, object: &Object<'_>, now: f64) -> Result<String, Error> {
        let mut added = AddedClaims::to(claims, object);
        let issued_at = now.floor();
        for (claim, member) in &self.fixed {
            added.refuse(claim)?;
            added.push(member);
        }
        match self.options.expires_in {
            Some(Expiry::In(duration)) => added.add("exp", &number(issued_at + duration.seconds()))?,
            Some(Expiry::Never) => {
                if self.options.profile.is_some_and(|profile| profile.requires("exp")) && !object.has("exp") {
                    return Err(invalid("option \"profile\" contradicts option \"expiresIn\""));
                }
            }
            None => {
                if let Some(duration) = self.options.profile.map_or(Some(DEFAULT_LIFETIME), Profile::default_lifetime) {
                    added.add_default("exp", &number(issued_at + duration.seconds()));
                }
            }
        }
        if let Some(duration) = self.options.not_before {
            added.add("nbf", &number(issued_at + duration.seconds()))?;
        }
        match self.options.issued_at {
            Some(true) => added.add("iat", &number(issued_at))?,
            Some(false) => {}
            None => added.add_default("iat", &number(issued_at)),
        }
        match &self.options.jwt_id {
            Some(JwtId::Random) => added.add("jti", &random_id()?)?,
            Some(JwtId::Text(text)) => added.add("jti", &quote(text)?)?,
            None if self.options.profile.is_some_and(|profile| profile.requires("jti")) => {
                added.add_default("jti", &random_id()?);
            }
            None => {}
        }
        Ok(added.finish())
    }
}

/// Issues one token. To issue many, keep a [`Signer`], which checks its options only once.
///
/// # Errors
/// Those of [`Signer::new`] and [`Signer::sign`].
pub fn sign(claims: &str, key: &Key, options: &SignOptions, now: f64) -> Result<String, Error> {
    Signer::new(key, options)?.sign(claims, now)
}

/// The issuer, subject and audience from the options, as JSON members.
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

/// The text of a JSON object, without its last brace, to which claims are added as its last members.
struct AddedClaims<'a> {
    object: &'a Object<'a>,
    text: String,
}

impl<'a> AddedClaims<'a> {
    fn to(claims: &str, object: &'a Object<'a>) -> Self {
        let inside = inside(claims);
        // Large enough for a typical token, because growing copies the text.
        let mut text = String::with_capacity(inside.len().saturating_add(ADDED_CAPACITY));
        text.push('{');
        text.push_str(inside);
        Self { object, text }
    }

    /// Adds a claim that an option sets. Refuses it if it is also given.
    fn add(&mut self, claim: &str, value: &str) -> Result<(), Error> {
        self.refuse(claim)?;
        self.add_default(claim, value);
        Ok(())
    }

    /// Adds a claim unless it is given.
    fn add_default(&mut self, claim: &str, value: &str) {
        if !self.object.has(claim) {
            self.push(",\"");
            for part in [claim, "\":", value] {
                self.text.push_str(part);
            }
        }
    }

    /// Appends a text that starts with a comma, which the first member does without.
    fn push(&mut self, text: &str) {
        let is_first = self.text.len() == 1;
        self.text.push_str(if is_first { text.strip_prefix(',').unwrap_or_default() } else { text });
    }

    /// Refuses a claim that is given although an option decides it.
    fn refuse(&self, claim: &str) -> Result<(), Error> {
        if self.object.has(claim) {
            let message = format!("\"{claim}\" is given both as a claim and by an option");
            return Err(Error::about_claim(ErrorCode::OptionInvalid, claim, message));
        }
        Ok(())
    }

    fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

/// 128 random bits in base64url, as a JSON string.
fn random_id() -> Result<String, Error> {
    quote(&base64url::encode(&random_bytes(16)?))
}

/// Checks that a profile and the other options do not contradict each other.
fn check_profile(profile: Profile, options: &SignOptions) -> Result<(), Error> {
    match &options.typ {
        None => Ok(()),
        Some(Typ::Text(typ)) if is_same_type(typ, profile.name()) => Ok(()),
        Some(_) => Err(invalid("option \"profile\" contradicts option \"typ\"")),
    }
}

pub(super) fn unserializable(fault: JsonError) -> Error {
    let clause = match fault {
        JsonError::NotJson => "claims are not JSON",
        JsonError::NotObject => "claims are not an object",
        JsonError::RepeatedName => "claims repeat a member name",
        JsonError::TooDeep => "claims nest deeper than 64 levels",
    };
    Error::new(ErrorCode::ClaimsNotSerializable, clause)
}

/// A number of seconds as JSON, rounded to milliseconds, the resolution of JavaScript's clock. Formatting a double with
/// the standard library would add 20 KB to the wasm module.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and the value is far below the limit: at most 2^54 seconds"
)]
fn number(seconds: f64) -> String {
    if seconds.fract() == 0.0 {
        return u32::try_from(seconds as i64).map_or_else(|_| format!("{}", seconds as i64), whole_number);
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

/// The digits of a number. The standard library's formatting takes several times as long.
fn whole_number(number: u32) -> String {
    let mut digits = [b'0'; 10];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.wrapping_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
    }
    let zeros = digits.iter().take(9).take_while(|digit| **digit == b'0').count();
    digits.get(zeros..).and_then(|digits| str::from_utf8(digits).ok()).unwrap_or_default().to_owned()
}

/// What was put together from ASCII.
fn text(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| Error::new(ErrorCode::Internal, "token is not text"))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
