//! The verifier's rules for claims: which must be present, whom they must name, and when they are valid.

use super::claims::Claims;
use super::profile::Profile;
use super::verify_options::VerifyOptions;
use crate::jose::duration::Duration;
use crate::jose::header::is_same_type;
use crate::jose::json::Object;
use crate::jose::one_or_many::OneOrMany;
use crate::{Error, ErrorCode};

/// The default limit for a token, in bytes: twice the 8 KiB that most servers allow for a header line.
pub(crate) const MAX_TOKEN_LENGTH: usize = 16_384;

/// The largest limit that can be set, in bytes. A token is decoded in memory and may take tens of times its length.
const LARGEST_MAX_TOKEN_LENGTH: usize = 1_048_576;

/// How far `iat` may lie in the future, because clocks rarely agree to the second. A larger clock tolerance replaces
/// it.
const MAX_ISSUED_AHEAD: Duration = Duration::constant(60);

const ISSUED_AHEAD_BY_SECONDS: &str =
    "token is issued in the future; if the clocks differ by that much, set option \"clockTolerance\"";

const NOT_VALID_YET_BY_SECONDS: &str =
    "token is not valid yet; if the clocks differ by seconds, set option \"clockTolerance\"";

const MISSING_EXPIRY: &str = "missing \"exp\" claim: see option \"allowMissingExpiry\"";

/// The times, in seconds since the Unix epoch, at which the rules accept claims for certain. A millisecond before each end
/// is left out, because rounding may decide there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// The first such time.
    pub(crate) from: f64,
    /// The end of the window, exclusive.
    pub(crate) until: f64,
}

impl Window {
    pub(crate) const ALWAYS: Self = Self { from: f64::NEG_INFINITY, until: f64::INFINITY };

    fn starting(self, time: f64) -> Self {
        Self { from: self.from.max(time + ROUNDING_SECONDS), ..self }
    }

    /// The part of this window before a time.
    pub(crate) fn ending(self, time: f64) -> Self {
        Self { until: self.until.min(time - ROUNDING_SECONDS), ..self }
    }
}

const ROUNDING_SECONDS: f64 = 0.001;

/// Options that have been checked.
#[derive(Clone, Debug)]
pub(crate) struct Rules(VerifyOptions);

impl Rules {
    /// Checks the options.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: a list is empty, the maximum length is out of range, or options contradict each
    ///   other.
    pub(crate) fn new(options: VerifyOptions) -> Result<Self, Error> {
        let invalid = |message: &str| Err(Error::new(ErrorCode::OptionInvalid, message));
        if options.issuer.as_ref().is_some_and(OneOrMany::is_empty) {
            return invalid("option \"issuer\" is not a string or a non-empty array of strings");
        }
        if options.audience.as_ref().is_some_and(OneOrMany::is_empty) {
            return invalid("option \"audience\" is not a string or a non-empty array of strings");
        }
        if options.audience.is_some() && options.ignore_audience == Some(true) {
            return invalid("option \"ignoreAudience\" contradicts option \"audience\"");
        }
        if options.max_token_length.is_some_and(|length| !(1..=LARGEST_MAX_TOKEN_LENGTH).contains(&length)) {
            return invalid("option \"maxTokenLength\" is not between 1 and 1048576");
        }
        if let Some(profile) = options.profile {
            check_profile(profile, &options)?;
        }
        Ok(Self(options))
    }

    pub(crate) fn options(&self) -> &VerifyOptions {
        &self.0
    }

    pub(crate) fn typ(&self) -> Option<&str> {
        self.0.typ.as_deref().or(self.0.profile.map(Profile::name))
    }

    pub(crate) fn max_token_length(&self) -> usize {
        self.0.max_token_length.unwrap_or(MAX_TOKEN_LENGTH)
    }

    /// Reads the claims and checks them at `now`, in seconds since the Unix epoch. Returns when else they are accepted.
    ///
    /// # Errors
    /// Those of [`Claims::read`] and [`Rules::check`].
    pub(crate) fn judge(&self, object: &Object<'_>, now: f64) -> Result<Window, Error> {
        let is_lenient = self.0.allow_numeric_subject == Some(true);
        let claims =
            if is_lenient { Claims::read_with_numeric_subject(object) } else { Claims::read_to_verify(object) };
        let claims = claims?;
        self.check(&claims, now)?;
        Ok(self.window(&claims))
    }

    /// When claims are accepted that [`Rules::check`] accepts at some time.
    fn window(&self, claims: &Claims<'_>) -> Window {
        let tolerance = self.0.clock_tolerance.unwrap_or(Duration::ZERO);
        let mut window = Window::ALWAYS;
        if let Some(expires_at) = claims.expires_at {
            window = window.ending(expires_at + tolerance.seconds());
        }
        if let Some(not_before) = claims.not_before {
            window = window.starting(not_before - tolerance.seconds());
        }
        if let Some(issued_at) = claims.issued_at {
            window = window.starting(issued_at - ahead(tolerance).seconds());
            if let Some(max_age) = self.0.max_age {
                window = window.ending(issued_at + max_age.seconds() + tolerance.seconds());
            }
        }
        window
    }

    /// Checks the types of the claims and `exp` at `now`, and nothing that an option names.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimInvalid`]: a registered claim has the wrong type.
    /// - [`ErrorCode::TokenExpired`]: `exp` has passed.
    pub(crate) fn check_expiry(&self, object: &Object<'_>, now: f64) -> Result<(), Error> {
        if self.is_expired(&Claims::read_with_numeric_subject(object)?, now) { Err(expired()) } else { Ok(()) }
    }

    /// RFC 7519 §4.1.4: a token must not be accepted on or after its expiry.
    fn is_expired(&self, claims: &Claims<'_>, now: f64) -> bool {
        let tolerance = self.0.clock_tolerance.unwrap_or(Duration::ZERO);
        claims.expires_at.is_some_and(|expires_at| expires_at <= now - tolerance.seconds())
    }

    /// Checks the claims at `now`, in seconds since the Unix epoch.
    ///
    /// # Errors
    /// The first rule that fails, in this order: presence, identity, time.
    fn check(&self, claims: &Claims<'_>, now: f64) -> Result<(), Error> {
        if !now.is_finite() {
            return Err(Error::new(ErrorCode::OptionInvalid, "option \"now\" is not a finite number of seconds"));
        }
        self.check_presence(claims)?;
        self.check_identity(claims)?;
        self.check_time(claims, now)
    }

    fn check_presence(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let expiry = !self.0.allow_missing_expiry.unwrap_or(self.0.profile.is_some_and(|kind| !kind.requires_expiry()));
        // With a profile, the profile decides.
        if expiry && claims.expires_at.is_none() && self.0.profile.is_none() {
            return Err(Error::about_claim(ErrorCode::ClaimMissing, "exp", MISSING_EXPIRY));
        }
        let required = [
            ("exp", expiry, claims.expires_at.is_some()),
            ("iss", self.0.issuer.is_some(), claims.issuer.is_some()),
            ("aud", self.0.audience.is_some(), claims.audience.is_some()),
            ("sub", self.0.subject.is_some(), claims.has("sub")),
            ("iat", self.0.max_age.is_some(), claims.issued_at.is_some()),
        ];
        let registered = required.iter().find(|(_, wanted, present)| *wanted && !present).map(|(name, ..)| *name);
        let named = || self.0.required_claims.iter().flatten().map(String::as_str).find(|name| !claims.has(name));
        match registered.or_else(named) {
            Some(name) => Err(Error::about_claim(ErrorCode::ClaimMissing, name, format!("missing \"{name}\" claim"))),
            None => self.0.profile.map_or(Ok(()), |profile| profile.check(claims)),
        }
    }

    fn check_identity(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let invalid = |claim: &str, message: &str| Err(Error::about_claim(ErrorCode::ClaimInvalid, claim, message));
        if let (Some(accepted), Some(issuer)) = (&self.0.issuer, claims.issuer)
            && !accepted.contains(issuer)
        {
            return invalid("iss", "\"iss\" claim is not an accepted issuer");
        }
        match &self.0.audience {
            Some(ours) if !claims.audience_has(|audience| ours.contains(audience)) => {
                return invalid("aud", "\"aud\" claim names no accepted audience");
            }
            // RFC 7519 §4.1.3: a recipient that is not in the audience must refuse the token.
            None if claims.audience.is_some() && self.0.ignore_audience != Some(true) => {
                return invalid("aud", "\"aud\" claim is present but no audience is expected: set option \"audience\"");
            }
            _ => {}
        }
        // A number equals no text.
        if self.0.subject.is_some() && self.0.subject.as_deref() != claims.subject {
            return invalid("sub", "\"sub\" claim is not the expected subject");
        }
        Ok(())
    }

    fn check_time(&self, claims: &Claims<'_>, now: f64) -> Result<(), Error> {
        let tolerance = self.0.clock_tolerance.unwrap_or(Duration::ZERO);
        let failed = |code, claim: &str, message: &str| Err(Error::about_claim(code, claim, message));
        if self.is_expired(claims, now) {
            return Err(expired());
        }
        if let Some(not_before) = claims.not_before
            && now + tolerance.seconds() < not_before
        {
            // A few seconds are rather a wrong clock than a token made in advance.
            let is_close = not_before <= now + tolerance.seconds() + MAX_ISSUED_AHEAD.seconds();
            let message = if is_close { NOT_VALID_YET_BY_SECONDS } else { "token is not valid yet" };
            return failed(ErrorCode::TokenNotYetValid, "nbf", message);
        }
        let ahead = ahead(tolerance);
        if let Some(issued_at) = claims.issued_at
            && now + ahead.seconds() < issued_at
        {
            let is_close = issued_at <= now + ahead.seconds() + MAX_ISSUED_AHEAD.seconds();
            let message = if is_close { ISSUED_AHEAD_BY_SECONDS } else { "token is issued in the future" };
            return failed(ErrorCode::TokenIssuedInFuture, "iat", message);
        }
        if let (Some(max_age), Some(issued_at)) = (self.0.max_age, claims.issued_at)
            && issued_at < now - tolerance.seconds() - max_age.seconds()
        {
            return failed(ErrorCode::TokenTooOld, "iat", "token is older than the maximum age");
        }
        Ok(())
    }
}

/// How far `iat` may lie in the future.
fn ahead(tolerance: Duration) -> Duration {
    if tolerance < MAX_ISSUED_AHEAD { MAX_ISSUED_AHEAD } else { tolerance }
}

fn expired() -> Error {
    Error::about_claim(ErrorCode::TokenExpired, "exp", "token has expired")
}

/// Checks that a profile and the other options do not contradict each other.
fn check_profile(profile: Profile, options: &VerifyOptions) -> Result<(), Error> {
    let contradicts = |option: &str| {
        Err(Error::new(ErrorCode::OptionInvalid, format!("option \"profile\" contradicts option \"{option}\"")))
    };
    if options.typ.as_ref().is_some_and(|typ| !is_same_type(typ, profile.name())) {
        return contradicts("typ");
    }
    if options.allow_missing_expiry == Some(true) && profile.requires("exp") {
        return contradicts("allowMissingExpiry");
    }
    if !profile.names_parties() {
        return Ok(());
    }
    if options.ignore_audience == Some(true) {
        return contradicts("ignoreAudience");
    }
    let named = [("issuer", options.issuer.is_some()), ("audience", options.audience.is_some())];
    match named.iter().find(|(_, is_named)| !is_named) {
        Some((option, _)) => {
            let message = format!("option \"profile\" requires option \"{option}\"");
            Err(Error::new(ErrorCode::OptionInvalid, message))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::json::read_object;

    /// The window of claims under these options, at a time at which they are accepted.
    fn window(claims: &str, options: VerifyOptions, now: f64) -> Window {
        let rules = Rules::new(VerifyOptions { allow_missing_expiry: Some(true), ..options }).expect("rules");
        rules.judge(&read_object(claims).expect("JSON"), now).expect("accepted")
    }

    fn window_between(from: f64, until: f64) -> Window {
        Window { from: from + 0.001, until: until - 0.001 }
    }

    #[test]
    fn says_when_claims_are_accepted() {
        let skew = |seconds| VerifyOptions { clock_tolerance: Some(Duration::constant(seconds)), ..Default::default() };
        let always = f64::INFINITY;
        assert_eq!(window("{}", skew(0), 500.0), Window::ALWAYS);
        assert_eq!(window(r#"{"exp":900}"#, skew(0), 500.0), window_between(-always, 900.0));
        assert_eq!(window(r#"{"exp":900}"#, skew(10), 500.0), window_between(-always, 910.0));
        assert_eq!(window(r#"{"nbf":400}"#, skew(0), 500.0), window_between(400.0, always));
        assert_eq!(window(r#"{"nbf":400}"#, skew(10), 500.0), window_between(390.0, always));
        assert_eq!(window(r#"{"iat":400}"#, skew(10), 500.0), window_between(340.0, always));
        assert_eq!(window(r#"{"iat":400}"#, skew(70), 500.0), window_between(330.0, always));
        let all = VerifyOptions { max_age: Some(Duration::constant(200)), ..skew(10) };
        assert_eq!(window(r#"{"iat":400}"#, all.clone(), 500.0), window_between(340.0, 610.0));
        assert_eq!(window(r#"{"exp":550,"iat":400,"nbf":450}"#, all, 500.0), window_between(440.0, 560.0));
    }

    #[test]
    fn checks_the_expiry_alone() {
        let rules = Rules::new(VerifyOptions { issuer: Some("x".into()), ..Default::default() }).expect("rules");
        let check = |claims: &str, now| {
            rules.check_expiry(&read_object(claims).expect("JSON"), now).map_err(|error| error.code())
        };
        assert_eq!(check(r#"{"exp":900}"#, 899.0), Ok(()));
        assert_eq!(check(r#"{"exp":900}"#, 900.0), Err(ErrorCode::TokenExpired));
        assert_eq!(check(r#"{"exp":"900"}"#, 0.0), Err(ErrorCode::ClaimInvalid));
        assert_eq!(check("{}", 0.0), Ok(()));
    }
}
