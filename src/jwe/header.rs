//! The JOSE header of an encrypted token (RFC 7516 §4): what is used of it, and what is refused in it.

use super::encryption::Encryption;
use crate::jose::base64url;
use crate::jose::header::{self as jose, media_type, text};
use crate::jose::json::{Json, Object};
use crate::{Error, ErrorCode};

/// The most bytes of a salt or of what names a party: far beyond any use, and little to hash.
pub(super) const MAX_PARAMETER_BYTES: usize = 1024;

/// RFC 7518 §4.8.1.1: a salt has eight or more bytes.
const MIN_SALT_BYTES: usize = 8;

/// A header that has nothing in it that we refuse. Parameters of one algorithm are read where it wants them.
pub(super) struct Header<'a> {
    pub(super) alg: &'a str,
    pub(super) kid: Option<&'a str>,
    common: jose::Header<'a>,
    object: &'a Object<'a>,
}

impl<'a> Header<'a> {
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: a parameter is missing, of the wrong type, or asks for what we do not do;
    ///   compression among that, whose lengths tell what was encrypted and whose bombs fill memory.
    pub(super) fn read(object: &'a Object<'a>) -> Result<Self, Error> {
        let common = jose::Header::read(object)?;
        Ok(Self { alg: common.alg, kid: common.kid, common, object })
    }

    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `enc` is absent, no string, or not the name of a content encryption we have.
    pub(super) fn encryption(&self) -> Result<Encryption, Error> {
        let name = text(self.object, "enc")?.ok_or_else(|| invalid("missing \"enc\" header"))?;
        Encryption::named(name).ok_or_else(|| invalid("\"enc\" header is not a supported content encryption"))
    }

    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `typ` is absent or another media type.
    pub(super) fn expect_typ(&self, expected: &str) -> Result<(), Error> {
        self.common.expect_typ(expected)
    }

    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `cty` is absent or another media type.
    pub(super) fn expect_cty(&self, expected: &str) -> Result<(), Error> {
        match text(self.object, "cty")? {
            Some(cty) if media_type(cty).eq_ignore_ascii_case(&media_type(expected)) => Ok(()),
            _ => Err(invalid("\"cty\" header is not the expected type")),
        }
    }

    /// The ephemeral public key: its members, of which none is private (RFC 7518 §4.6.1.1).
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: absent, not an object, or with a private part.
    pub(super) fn ephemeral_key(&self) -> Result<&Object<'a>, Error> {
        match self.object.get("epk") {
            Some(Json::Object(epk)) if epk.has("d") => Err(invalid("\"epk\" header holds a private key")),
            Some(Json::Object(epk)) => Ok(epk),
            Some(_) => Err(invalid("\"epk\" header is not an object")),
            None => Err(invalid("missing \"epk\" header")),
        }
    }

    /// What names a party to the agreement, `apu` or `apv`; nothing where it is absent (RFC 7518 §4.6.1.2).
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: not a string, not canonical base64url, or too long.
    pub(super) fn party(&self, name: &str) -> Result<Vec<u8>, Error> {
        let bytes = decoded(name, text(self.object, name)?.unwrap_or_default())?;
        if MAX_PARAMETER_BYTES < bytes.len() {
            return Err(invalid(format!("\"{name}\" header is longer than {MAX_PARAMETER_BYTES} bytes")));
        }
        Ok(bytes)
    }

    /// The salt of a password.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: absent, not canonical base64url, or of a length out of bounds.
    pub(super) fn salt(&self) -> Result<Vec<u8>, Error> {
        let salt = decoded("p2s", text(self.object, "p2s")?.ok_or_else(|| invalid("missing \"p2s\" header"))?)?;
        if !(MIN_SALT_BYTES..=MAX_PARAMETER_BYTES).contains(&salt.len()) {
            return Err(invalid("\"p2s\" header is not between 8 and 1024 bytes"));
        }
        Ok(salt)
    }

    /// How often a password is to be hashed, judged before any of that is done.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: absent, not a whole number, fewer than `least` or more than `most`.
    pub(super) fn iterations(&self, least: u32, most: u32) -> Result<u32, Error> {
        let number = match self.object.get("p2c") {
            Some(Json::Number(number)) => *number,
            Some(_) => return Err(invalid("\"p2c\" header is not a number")),
            None => return Err(invalid("missing \"p2c\" header")),
        };
        if number.fract() != 0.0 || number < f64::from(least) {
            return Err(invalid(format!("\"p2c\" header is not a whole number of at least {least}")));
        }
        if f64::from(most) < number {
            return Err(invalid("\"p2c\" header is greater than option \"maxIterations\" allows"));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and between two u32")]
        Ok(number as u32)
    }
}

/// The bytes of an ephemeral key's coordinate.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: absent, or not a string in canonical base64url.
pub(super) fn coordinate(epk: &Object<'_>, name: &str) -> Result<Vec<u8>, Error> {
    match epk.get(name) {
        Some(Json::Text(text)) => base64url::decode(text).ok_or_else(ill_formed_key),
        _ => Err(ill_formed_key()),
    }
}

/// The error for an ephemeral key that is none of the key's own kind.
pub(super) fn ill_formed_key() -> Error {
    invalid("\"epk\" header is not a public key on the key's curve")
}

fn decoded(name: &str, text: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(text).ok_or_else(|| invalid(format!("\"{name}\" header is not canonical base64url")))
}

pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::TokenHeaderInvalid, message)
}
