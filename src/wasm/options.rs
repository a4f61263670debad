//! Reads the options for tokens and keys from JavaScript objects.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
use zeroize::Zeroizing;

use super::object::members;
use super::value::value_of;
#[cfg(feature = "npm-jwe")]
use crate::jwe::{DecryptOptions, EncryptJsonOptions, EncryptOptions};
#[cfg(feature = "npm-lite")]
use crate::jwt::SignOptions;
use crate::jwt::VerifyOptions;
use crate::options::{FromValue, Value};
use crate::{Error, ErrorCode};

#[wasm_bindgen]
extern "C" {
    /// Fails on anything that is not a `Date`. Unlike `instanceof`, it works with dates of other realms.
    #[wasm_bindgen(catch, js_namespace = ["Date", "prototype", "getTime"], js_name = call)]
    fn milliseconds_of(date: &JsValue) -> Result<f64, JsValue>;
}

/// Reads the options of verifying, and `now` in seconds since the Unix epoch.
pub(super) fn decode_verifying(object: &JsValue) -> Result<(VerifyOptions, Option<f64>), Error> {
    const NAMES: [&str; 13] = [
        "allowMissingExpiry",
        "allowNumericSubject",
        "audience",
        "clockTolerance",
        "ignoreAudience",
        "issuer",
        "maxAge",
        "maxTokenLength",
        "now",
        "profile",
        "requiredClaims",
        "subject",
        "typ",
    ];
    let mut fields = Fields::new(object, &NAMES)?;
    let options = VerifyOptions {
        allow_missing_expiry: fields.take("allowMissingExpiry").boolean()?,
        allow_numeric_subject: fields.take("allowNumericSubject").boolean()?,
        audience: fields.take("audience").typed()?,
        clock_tolerance: fields.take("clockTolerance").typed()?,
        ignore_audience: fields.take("ignoreAudience").boolean()?,
        issuer: fields.take("issuer").typed()?,
        max_age: fields.take("maxAge").typed()?,
        max_token_length: fields.take("maxTokenLength").size()?,
        profile: fields.take("profile").typed()?,
        required_claims: fields.take("requiredClaims").texts()?,
        subject: fields.take("subject").text()?,
        typ: fields.take("typ").text()?,
    };
    Ok((options, fields.take("now").time()?))
}

/// Reads the options of signing, and `now` in seconds since the Unix epoch. The member `header` becomes JSON text.
#[cfg(feature = "npm-lite")]
pub(super) fn decode_signing(object: &JsValue) -> Result<(SignOptions, Option<f64>), Error> {
    const NAMES: [&str; 11] = [
        "audience",
        "expiresIn",
        "header",
        "issuedAt",
        "issuer",
        "jwtId",
        "notBefore",
        "now",
        "profile",
        "subject",
        "typ",
    ];
    let mut fields = Fields::new(object, &NAMES)?;
    let options = SignOptions {
        audience: fields.take("audience").typed()?,
        expires_in: fields.take("expiresIn").typed()?,
        header: fields.take("header").json()?,
        issued_at: fields.take("issuedAt").boolean()?,
        issuer: fields.take("issuer").text()?,
        jwt_id: fields.take("jwtId").typed()?,
        not_before: fields.take("notBefore").typed()?,
        profile: fields.take("profile").typed()?,
        subject: fields.take("subject").text()?,
        typ: fields.take("typ").typed()?,
    };
    Ok((options, fields.take("now").time()?))
}

/// Reads the options of encrypting in JSON. The members `header` and `unprotected` become JSON text.
#[cfg(feature = "npm-jwe")]
pub(super) fn decode_encrypting_json(object: &JsValue) -> Result<EncryptJsonOptions, Error> {
    let names = ["aad", "cty", "enc", "header", "typ", "unprotected"];
    let [aad, cty, enc, header, typ, unprotected] = fields(object, names)?;
    Ok(EncryptJsonOptions {
        aad: aad.bytes()?.map(|aad| aad.to_vec()),
        cty: cty.text()?,
        enc: enc.typed()?,
        header: header.json()?,
        typ: typ.text()?,
        unprotected: unprotected.json()?,
    })
}

/// Reads the options of encrypting. The member `header` becomes JSON text.
#[cfg(feature = "npm-jwe")]
pub(super) fn decode_encrypting(object: &JsValue) -> Result<EncryptOptions, Error> {
    let [apu, apv, cty, enc, header, typ] = fields(object, ["apu", "apv", "cty", "enc", "header", "typ"])?;
    Ok(EncryptOptions {
        apu: apu.text()?,
        apv: apv.text()?,
        cty: cty.text()?,
        enc: enc.typed()?,
        header: header.json()?,
        typ: typ.text()?,
    })
}

/// Reads the options of decrypting.
#[cfg(feature = "npm-jwe")]
pub(super) fn decode_decrypting(object: &JsValue) -> Result<DecryptOptions, Error> {
    let names = ["allowMissingCty", "cty", "enc", "maxDecompressedLength", "maxIterations", "maxLength", "typ"];
    let [missing_cty, cty, enc, decompressed, iterations, length, typ] = fields(object, names)?;
    Ok(DecryptOptions {
        allow_missing_cty: missing_cty.boolean()?,
        cty: cty.text()?,
        enc: enc.typed()?,
        max_decompressed_length: decompressed.size()?,
        max_iterations: iterations.size()?,
        max_length: length.size()?,
        typ: typ.text()?,
    })
}

/// Requires the algorithm, which PEM and DER do not name.
#[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
pub(super) fn with_alg<A, O>((algorithm, options): (Option<A>, O)) -> Result<(A, O), Error> {
    let missing = || Error::new(ErrorCode::OptionInvalid, "missing option \"alg\"");
    Ok((algorithm.ok_or_else(missing)?, options))
}

/// Takes a member out.
pub(super) fn take(members: &mut Vec<(String, JsValue)>, name: &str) -> Option<JsValue> {
    let index = members.iter().position(|(own, _)| own == name)?;
    Some(members.swap_remove(index).1)
}

/// The members of an options object, which must have no others. The code that serde generates for a struct of options
/// would take 1 KB of the wasm module or more.
pub(super) fn fields<const N: usize>(object: &JsValue, names: [&'static str; N]) -> Result<[Field; N], Error> {
    let mut fields = Fields::new(object, &names)?;
    Ok(names.map(|name| fields.take(name)))
}

/// Like [`fields`], for many members: an array of them is moved about a lot.
pub(super) struct Fields(Vec<(String, JsValue)>);

impl Fields {
    /// Reads the members of an object, or none of `undefined`.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: a member has none of these names, or the object cannot be read.
    pub(super) fn new(object: &JsValue, names: &[&str]) -> Result<Self, Error> {
        let members = if object.is_undefined() { Vec::new() } else { members(object)? };
        match members.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            Some((name, _)) => Err(Error::new(ErrorCode::OptionInvalid, format!("unknown option \"{name}\""))),
            None => Ok(Self(members)),
        }
    }

    pub(super) fn take(&mut self, name: &'static str) -> Field {
        Field { name, value: take(&mut self.0, name) }
    }
}

/// A member that may be absent, before it is read as a type.
pub(super) struct Field {
    name: &'static str,
    value: Option<JsValue>,
}

impl Field {
    pub(super) fn text(self) -> Result<Option<String>, Error> {
        self.read(0, Value::into_text, "a string")
    }

    pub(super) fn boolean(self) -> Result<Option<bool>, Error> {
        let boolean = |value| if let Value::Bool(boolean) = value { Some(boolean) } else { None };
        self.read(0, boolean, "a boolean")
    }

    /// A value of a type that reads itself.
    pub(super) fn typed<T: FromValue>(self) -> Result<Option<T>, Error> {
        let Some(value) = self.value else { return Ok(None) };
        // An array of strings is the deepest option.
        T::from_value(value_of(&value, 1)).map(Some).map_err(|expected| wrong(self.name, expected))
    }

    pub(super) fn texts(self) -> Result<Option<Vec<String>>, Error> {
        self.read(1, Value::into_texts, "an array of strings")
    }

    /// A time, in seconds since the Unix epoch.
    pub(super) fn time(self) -> Result<Option<f64>, Error> {
        self.value.map(|date| seconds_of(&date)).transpose()
    }

    #[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
    pub(super) fn bytes(self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let bytes = |value| if let Value::Bytes(bytes) = value { Some(bytes) } else { None };
        self.read(1, bytes, "a Uint8Array")
    }

    pub(super) fn size(self) -> Result<Option<usize>, Error> {
        let size = |value: Value| value.to_whole().and_then(|whole| usize::try_from(whole).ok());
        self.read(0, size, "a whole number")
    }

    #[cfg(any(feature = "npm-jwe", feature = "npm-lite"))]
    /// The JSON text of a value. Functions and symbols have none and give an empty text, which the core refuses.
    pub(super) fn json(self) -> Result<Option<String>, Error> {
        let Some(value) = self.value else { return Ok(None) };
        let unreadable = |_| Error::new(ErrorCode::OptionInvalid, format!("option \"{}\" cannot be read", self.name));
        js_sys::JSON::stringify(&value).map(|text| Some(text.as_string().unwrap_or_default())).map_err(unreadable)
    }

    fn read<T>(self, depth: u32, read: fn(Value) -> Option<T>, expected: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.value else { return Ok(None) };
        read(value_of(&value, depth)).map(Some).ok_or_else(|| wrong(self.name, expected))
    }
}

/// The error for an option with a wrong value.
#[inline(never)]
fn wrong(name: &str, expected: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, ["option \"", name, "\" is not ", expected].concat())
}

fn seconds_of(date: &JsValue) -> Result<f64, Error> {
    match milliseconds_of(date) {
        Ok(milliseconds) if milliseconds.is_finite() => Ok(milliseconds / 1000.0),
        _ => Err(Error::new(ErrorCode::OptionInvalid, "option \"now\" is not a valid Date")),
    }
}
