//! JWKs as JavaScript objects, for both kinds of keys.

#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
use serde::Serialize;
#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
use super::error::throwing;
use super::object::members;
#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
use super::options::fields;
use super::value::values_of;
use crate::jwt::Jwk;
use crate::{Error, ErrorCode};

/// The option `private` of an export.
#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
pub(super) fn private(options: &JsValue) -> Result<bool, Error> {
    let [private] = fields(options, ["private"])?;
    Ok(private.boolean()? == Some(true))
}

pub(super) fn read_jwk(jwk: &JsValue) -> Result<Jwk, Error> {
    let invalid = || Error::new(ErrorCode::KeyInvalid, "JWK is not an object: of a text, pass what JSON.parse returns");
    let members = members(jwk).map_err(|_| invalid())?;
    // A chain of certificates, an array of strings, is the deepest member.
    Jwk::from_values(values_of(members, 1))
}

#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
pub(super) fn write_jwk(jwk: &Jwk) -> Result<JsValue, JsValue> {
    jwk.serialize(&Serializer::json_compatible())
        .map_err(|_| Error::new(ErrorCode::Internal, "JWK cannot be written"))
        .or_else(|error| throwing(Err(error)))
}
