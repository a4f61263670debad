//! Writes the JOSE header: the library's own parameters, then the caller's.

use crate::jose::header::Header;
use crate::jose::json::{inside, quote, read_object};
use crate::jose::key::Key;
use crate::{Error, ErrorCode};

/// The parameters of a header in addition to `alg` and `kid`, which come from the key.
#[derive(Clone, Copy, Default)]
pub(crate) struct Parameters<'a> {
    pub(crate) typ: Option<&'a str>,
    pub(crate) cty: Option<&'a str>,
    /// Whether the payload is unencoded (RFC 7797). If so, the header gets `b64` and lists it in `crit`.
    pub(crate) unencoded: bool,
    /// The critical extensions among `more`.
    pub(crate) crit: &'a [String],
    /// The caller's parameters, as the text of a JSON object.
    pub(crate) more: Option<&'a str>,
}

/// The header's JSON text: `alg`, `typ`, `cty`, `kid`, `b64`, `crit`, then the caller's parameters.
///
/// # Errors
/// - [`ErrorCode::OptionInvalid`]: the caller sets a parameter that this library sets itself, or the verifier would
///   refuse the header.
pub(crate) fn write(key: &Key, parameters: &Parameters<'_>) -> Result<String, Error> {
    let mut json = format!("{{\"alg\":\"{}\"", key.algorithm());
    for (name, text) in [("typ", parameters.typ), ("cty", parameters.cty), ("kid", key.kid())] {
        if let Some(text) = text {
            for part in [",\"", name, "\":", &quote(text)?] {
                json.push_str(part);
            }
        }
    }
    if parameters.unencoded {
        json.push_str(",\"b64\":false");
    }
    let mut understood: Vec<&str> = parameters.crit.iter().map(String::as_str).collect();
    if parameters.unencoded {
        understood.insert(0, "b64");
    }
    if !understood.is_empty() {
        json.push_str(",\"crit\":");
        json.push_str(&quote(&understood)?);
    }
    if let Some(more) = parameters.more {
        json.push_str(&extra_members(more, parameters.cty.is_some())?);
    }
    json.push('}');
    // Checked with the code that verifies, so that every header that is written can be read.
    let object = read_object(&json).map_err(|fault| refused(fault.clause()))?;
    Header::read_with_extensions(&object, &understood)
        .map_err(|error| invalid(format!("option \"header\": {error}")))?;
    drop(object);
    Ok(json)
}

/// The caller's parameters as JSON members with a leading comma.
fn extra_members(more: &str, has_cty: bool) -> Result<String, Error> {
    let object = read_object(more).map_err(|fault| refused(fault.clause()))?;
    let reserved = ["alg", "b64", "crit", "kid", "typ", "zip"].into_iter().chain(has_cty.then_some("cty"));
    if let Some(name) = reserved.into_iter().find(|name| object.has(name)) {
        return Err(invalid(format!("option \"header\" must not set \"{name}\"")));
    }
    Ok(if object.is_empty() { String::new() } else { [",", inside(more)].concat() })
}

fn refused(clause: &str) -> Error {
    invalid(format!("option \"header\" {clause}"))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
