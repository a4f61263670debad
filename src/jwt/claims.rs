//! Reads the registered claims (RFC 7519 §4.1) and checks their types.

use crate::jose::json::{Json, Object};
use crate::{Error, ErrorCode};

/// The claims of a token. All registered claims have the right type.
#[derive(Debug)]
pub(crate) struct Claims<'a> {
    object: &'a Object<'a>,
    pub(crate) audience: Option<&'a Json<'a>>,
    pub(crate) expires_at: Option<f64>,
    pub(crate) issued_at: Option<f64>,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) not_before: Option<f64>,
    /// `None` also for a number, which only some verifiers accept.
    pub(crate) subject: Option<&'a str>,
}

impl<'a> Claims<'a> {
    /// Reads the registered claims.
    ///
    /// # Errors
    /// - [`ErrorCode::ClaimInvalid`]: a registered claim has the wrong JSON type.
    pub(crate) fn read(object: &'a Object<'a>) -> Result<Self, Error> {
        Self::read_with(object, NumericSubject::Never)
    }

    /// Like [`Claims::read`], but the error for a number as `sub` names the option that allows it.
    ///
    /// # Errors
    /// Those of [`Claims::read`].
    pub(crate) fn read_to_verify(object: &'a Object<'a>) -> Result<Self, Error> {
        Self::read_with(object, NumericSubject::Refused)
    }

    /// Like [`Claims::read`], but `sub` may also be a whole number, as long as a double represents it exactly.
    ///
    /// # Errors
    /// Those of [`Claims::read`].
    pub(crate) fn read_with_numeric_subject(object: &'a Object<'a>) -> Result<Self, Error> {
        Self::read_with(object, NumericSubject::Allowed)
    }

    fn read_with(object: &'a Object<'a>, numeric: NumericSubject) -> Result<Self, Error> {
        let [mut aud, mut exp, mut iat, mut iss, mut jti, mut nbf, mut sub] = [None; 7];
        for (name, value) in object.members() {
            // Bytes are compared inline. Comparing strings would be a function call for each name.
            match name.as_bytes() {
                b"aud" => aud = Some(value),
                b"exp" => exp = Some(value),
                b"iat" => iat = Some(value),
                b"iss" => iss = Some(value),
                b"jti" => jti = Some(value),
                b"nbf" => nbf = Some(value),
                b"sub" => sub = Some(value),
                _ => {}
            }
        }
        let claims = Self {
            object,
            expires_at: exp.map(|value| number("exp", value)).transpose()?,
            not_before: nbf.map(|value| number("nbf", value)).transpose()?,
            issued_at: iat.map(|value| number("iat", value)).transpose()?,
            issuer: iss.map(|value| text("iss", value)).transpose()?,
            subject: match sub {
                Some(Json::Number(number)) if number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER => {
                    match numeric {
                        NumericSubject::Allowed => None,
                        NumericSubject::Refused => {
                            return Err(wrong_type("sub", "a string: a number needs option \"allowNumericSubject\""));
                        }
                        NumericSubject::Never => return Err(wrong_type("sub", "a string")),
                    }
                }
                Some(Json::Number(_)) if matches!(numeric, NumericSubject::Allowed) => {
                    return Err(wrong_type("sub", "a string or a whole number below 2^53"));
                }
                sub => sub.map(|value| text("sub", value)).transpose()?,
            },
            audience: aud,
        };
        jti.map(|value| text("jti", value)).transpose()?;
        aud.map(audience).transpose()?;
        Ok(claims)
    }

    /// The value of a claim, registered or not.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Json<'a>> {
        self.object.get(name)
    }

    /// Whether a claim is present, registered or not, with any value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.object.has(name)
    }

    /// Whether `accepted` accepts at least one of the token's audiences.
    pub(crate) fn audience_has(&self, accepted: impl Fn(&str) -> bool) -> bool {
        match self.audience {
            Some(Json::Text(text)) => accepted(text),
            Some(Json::Array(elements)) => {
                elements.iter().any(|element| matches!(element, Json::Text(text) if accepted(text)))
            }
            _ => false,
        }
    }
}

/// Whether `sub` may be a number.
#[derive(Clone, Copy)]
enum NumericSubject {
    Allowed,
    /// No, but the caller can allow it.
    Refused,
    /// No. Nothing that is signed here has one.
    Never,
}

/// The largest whole number that no other number rounds to: two users must never have the same `sub`.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// A `NumericDate` (RFC 7519 §2): a JSON number, with or without a fraction.
///
/// # Errors
/// - [`ErrorCode::ClaimInvalid`]: the value is not a number.
pub(crate) fn number(name: &str, value: &Json<'_>) -> Result<f64, Error> {
    match value {
        // The reader refuses what no double can hold, so every number is finite.
        Json::Number(number) => Ok(*number),
        _ => Err(wrong_type(name, "a finite number")),
    }
}

/// A string.
///
/// # Errors
/// - [`ErrorCode::ClaimInvalid`]: the value is not a string.
pub(crate) fn text<'a>(name: &str, value: &'a Json<'a>) -> Result<&'a str, Error> {
    match value {
        Json::Text(text) => Ok(text),
        _ => Err(wrong_type(name, "a string")),
    }
}

fn audience(value: &Json<'_>) -> Result<(), Error> {
    let well_typed = match value {
        Json::Text(_) => true,
        Json::Array(elements) => elements.iter().all(|element| matches!(element, Json::Text(_))),
        _ => false,
    };
    if well_typed { Ok(()) } else { Err(wrong_type("aud", "a string or an array of strings")) }
}

fn wrong_type(claim: &str, expected: &str) -> Error {
    Error::about_claim(ErrorCode::ClaimInvalid, claim, format!("\"{claim}\" claim is not {expected}"))
}
