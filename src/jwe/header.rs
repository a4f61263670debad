//! The JOSE header of an encrypted token (RFC 7516 §4): reads what is used and refuses what is not supported.

use super::encryption::Encryption;
use crate::jose::base64url;
use crate::jose::header::{self as jose, is_same_type, text, text_or_null};
use crate::jose::json::{Json, Object};
use crate::{Error, ErrorCode};

/// The maximum length of a salt, `apu` or `apv`, in bytes: more than any use needs, and little to hash.
pub(super) const MAX_PARAMETER_BYTES: usize = 1024;

/// The minimum length of a salt, in bytes (RFC 7518 §4.8.1.1).
const MIN_SALT_BYTES: usize = 8;

/// A header whose common parameters have been checked. The parameters of each algorithm are read when it needs them.
pub(super) struct Header<'a> {
    pub(super) alg: &'a str,
    pub(super) kid: Option<&'a str>,
    common: jose::Header<'a>,
    object: &'a Object<'a>,
}

impl<'a> Header<'a> {
    /// Reads the common parameters.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: a parameter is missing, has the wrong type or is not supported.
    pub(super) fn read(object: &'a Object<'a>) -> Result<Self, Error> {
        let common = jose::Header::read_encrypted(object)?;
        Ok(Self { alg: common.alg, kid: common.kid, common, object })
    }

    /// The content encryption that `enc` names.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `enc` is missing, not a string, or not supported.
    pub(super) fn encryption(&self) -> Result<Encryption, Error> {
        let name = text(self.object, "enc")?.ok_or_else(|| invalid("missing \"enc\" header"))?;
        Encryption::named(name).ok_or_else(|| invalid("\"enc\" header is not a supported content encryption"))
    }

    /// Whether the content is compressed with DEFLATE.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `zip` is anything but `DEF` (RFC 7516 §4.1.3).
    pub(super) fn is_compressed(&self) -> Result<bool, Error> {
        match self.object.get("zip") {
            None => Ok(false),
            Some(Json::Text(zip)) if zip == "DEF" => Ok(true),
            Some(_) => Err(invalid("\"zip\" header is not supported")),
        }
    }

    /// The bytes of a parameter of AES-GCM key wrapping (RFC 7518 §4.7.1).
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: the parameter is missing, not canonical base64url, or not `length` bytes.
    pub(super) fn bytes(&self, name: &str, length: usize) -> Result<Vec<u8>, Error> {
        let missing = || invalid(format!("missing \"{name}\" header"));
        let bytes = decoded(name, text(self.object, name)?.ok_or_else(missing)?)?;
        if bytes.len() == length { Ok(bytes) } else { Err(invalid(format!("\"{name}\" header is not {length} bytes"))) }
    }

    /// Checks `typ`, compared as a media type.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `typ` is missing or is another media type.
    pub(super) fn expect_typ(&self, expected: &str) -> Result<(), Error> {
        self.common.expect_typ(expected)
    }

    /// Checks `cty`, compared as a media type.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `cty` is another media type, or missing although it must not be.
    pub(super) fn expect_cty(&self, expected: &str, may_be_missing: bool) -> Result<(), Error> {
        match text_or_null(self.object, "cty")? {
            Some(cty) if is_same_type(cty, expected) => Ok(()),
            None if may_be_missing => Ok(()),
            None => Err(invalid("missing \"cty\" header: set option \"allowMissingCty\" if the issuer sets none")),
            _ => Err(invalid("\"cty\" header is not the expected type")),
        }
    }

    /// The members of the ephemeral public key (RFC 7518 §4.6.1.1).
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `epk` is missing, not an object, or contains a private key.
    pub(super) fn ephemeral_key(&self) -> Result<&Object<'a>, Error> {
        match self.object.get("epk") {
            Some(Json::Object(epk)) if epk.has("d") => Err(invalid("\"epk\" header holds a private key")),
            Some(Json::Object(epk)) => Ok(epk),
            Some(_) => Err(invalid("\"epk\" header is not an object")),
            None => Err(invalid("missing \"epk\" header")),
        }
    }

    /// The decoded `apu` or `apv`. Empty if the parameter is missing (RFC 7518 §4.6.1.2).
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: the parameter is not a string, not canonical base64url, or too long.
    pub(super) fn party(&self, name: &str) -> Result<Vec<u8>, Error> {
        let bytes = decoded(name, text(self.object, name)?.unwrap_or_default())?;
        if MAX_PARAMETER_BYTES < bytes.len() {
            return Err(invalid(format!("\"{name}\" header is longer than {MAX_PARAMETER_BYTES} bytes")));
        }
        Ok(bytes)
    }

    /// The decoded PBKDF2 salt, `p2s`.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `p2s` is missing, not canonical base64url, or too short or too long.
    pub(super) fn salt(&self) -> Result<Vec<u8>, Error> {
        let salt = decoded("p2s", text(self.object, "p2s")?.ok_or_else(|| invalid("missing \"p2s\" header"))?)?;
        if !(MIN_SALT_BYTES..=MAX_PARAMETER_BYTES).contains(&salt.len()) {
            return Err(invalid("\"p2s\" header is not between 8 and 1024 bytes"));
        }
        Ok(salt)
    }

    /// The number of PBKDF2 iterations, `p2c`. Checked before anything is derived.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `p2c` is missing, not a whole number, less than `least` or more than
    ///   `most`.
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
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is a whole number between two u32"
        )]
        Ok(number as u32)
    }
}

/// A decoded coordinate of an ephemeral key.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: the coordinate is missing, or not a string in canonical base64url.
pub(super) fn coordinate(epk: &Object<'_>, name: &str) -> Result<Vec<u8>, Error> {
    match epk.get(name) {
        Some(Json::Text(text)) => base64url::decode(text).ok_or_else(invalid_ephemeral_key),
        _ => Err(invalid_ephemeral_key()),
    }
}

/// The error for an ephemeral key that is invalid or on another curve than the recipient's key.
pub(super) fn invalid_ephemeral_key() -> Error {
    invalid("\"epk\" header is not a public key on the key's curve")
}

fn decoded(name: &str, text: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(text).ok_or_else(|| invalid(format!("\"{name}\" header is not canonical base64url")))
}

pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::TokenHeaderInvalid, message)
}
