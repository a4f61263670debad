//! The registered claims (RFC 7519 §4.1), read with the types they must have.

use super::json::{Json, Object};
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
        let claims = Self {
            object,
            expires_at: number(object, "exp")?,
            not_before: number(object, "nbf")?,
            issued_at: number(object, "iat")?,
            issuer: text(object, "iss")?,
            subject: text(object, "sub")?,
            audience: object.get("aud"),
        };
        text(object, "jti")?;
        if claims.audience.is_some_and(|audience| !is_audience(audience)) {
            return Err(wrong_type("aud", "a string or an array of strings"));
        }
        Ok(claims)
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
fn number(object: &Object<'_>, name: &str) -> Result<Option<f64>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Number(number)) if number.is_finite() => Ok(Some(*number)),
        Some(_) => Err(wrong_type(name, "a finite number")),
    }
}

fn text<'a>(object: &'a Object<'a>, name: &str) -> Result<Option<&'a str>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(wrong_type(name, "a string")),
    }
}

fn is_audience(value: &Json<'_>) -> bool {
    match value {
        Json::Text(_) => true,
        Json::Array(elements) => elements.iter().all(|element| matches!(element, Json::Text(_))),
        _ => false,
    }
}

fn wrong_type(claim: &str, expected: &str) -> Error {
    Error::about_claim(ErrorCode::ClaimInvalid, claim, format!("\"{claim}\" claim is not {expected}"))
}
