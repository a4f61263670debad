//! The registered claims (RFC 7519 §4.1), read with the types they must have.

use crate::jose::json::{Json, Object};
use crate::{Error, ErrorCode};

/// The registered claims that are present. Each has its proper type, or there is no such value.
#[derive(Debug)]
pub(crate) struct Claims<'a> {
    object: &'a Object<'a>,
    pub(crate) audience: Option<&'a Json<'a>>,
    pub(crate) expires_at: Option<f64>,
    pub(crate) issued_at: Option<f64>,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) not_before: Option<f64>,
    pub(crate) subject: Option<&'a str>,
}

impl<'a> Claims<'a> {
    /// # Errors
    /// - [`ErrorCode::ClaimInvalid`]: a registered claim of the wrong JSON type.
    pub(crate) fn read(object: &'a Object<'a>) -> Result<Self, Error> {
        let [mut aud, mut exp, mut iat, mut iss, mut jti, mut nbf, mut sub] = [None; 7];
        for (name, value) in object.members() {
            // As bytes, which are compared in place: as text, each comparison would be a call.
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
            subject: sub.map(|value| text("sub", value)).transpose()?,
            audience: aud,
        };
        jti.map(|value| text("jti", value)).transpose()?;
        aud.map(audience).transpose()?;
        Ok(claims)
    }

    /// The claim's value, registered or not.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Json<'a>> {
        self.object.get(name)
    }

    /// Whether the claim is there, registered or not, whatever its value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.object.has(name)
    }

    /// Whether the token's audience, one or several, has a member that `accepted` says yes to.
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

/// RFC 7519 §2, NumericDate: a JSON number, fractions allowed. The strict reader has refused what is not finite.
///
/// # Errors
/// - [`ErrorCode::ClaimInvalid`]: anything else.
pub(crate) fn number(name: &str, value: &Json<'_>) -> Result<f64, Error> {
    match value {
        Json::Number(number) if number.is_finite() => Ok(*number),
        _ => Err(wrong_type(name, "a finite number")),
    }
}

/// # Errors
/// - [`ErrorCode::ClaimInvalid`]: anything but a string.
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
