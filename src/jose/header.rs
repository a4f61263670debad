//! The JOSE header (RFC 7515 §4): reads the parameters that are used and refuses what is not supported.

use std::borrow::Cow;

use super::distinct_names::Names;
use super::json::{Json, Object};
use crate::{Error, ErrorCode};

/// The header parameters that are used. Keys in a header (`jwk`, `jku`, `x5u`, `x5c`) never are.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) alg: &'a str,
    pub(crate) kid: Option<&'a str>,
    typ: Option<&'a str>,
}

impl<'a> Header<'a> {
    /// Reads a token's header.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: a parameter is missing, has the wrong type or is not supported.
    pub(crate) fn read(object: &'a Object<'a>) -> Result<Self, Error> {
        Self::read_with_extensions(object, &[])
    }

    /// Reads the common parameters of an encrypted token, which may be compressed (RFC 7516 §4.1.3). The caller reads `zip`.
    ///
    /// # Errors
    /// Those of [`Header::read`].
    #[cfg(feature = "jwe")]
    pub(crate) fn read_encrypted(object: &'a Object<'a>) -> Result<Self, Error> {
        Self::read_with_extensions(object, &["zip"])
    }

    /// Reads the header of a JWS that need not be a token. The parameters in `understood` are allowed. All others are
    /// ignored if they are not critical (RFC 7515 §4), except `b64` and `zip`, which change the content.
    ///
    /// # Errors
    /// Those of [`Header::read`].
    pub(crate) fn read_with_extensions(object: &'a Object<'a>, understood: &[&str]) -> Result<Self, Error> {
        let alg = text(object, "alg")?.ok_or_else(|| invalid("missing \"alg\" header"))?;
        check_critical(object, understood)?;
        // JWTs must not use unencoded payloads (RFC 7797 §7). Compression exists for JWE only (RFC 7516 §4.1.3).
        for name in ["b64", "zip"] {
            if object.has(name) && !understood.contains(&name) {
                return Err(invalid(format!("\"{name}\" header is not supported")));
            }
        }
        let (typ, kid, _) = (text_or_null(object, "typ")?, text_or_null(object, "kid")?, text_or_null(object, "cty")?);
        Ok(Self { alg, kid, typ })
    }

    /// Checks `typ`, compared as a media type.
    ///
    /// # Errors
    /// - [`ErrorCode::TokenHeaderInvalid`]: `typ` is missing or is another media type.
    pub(crate) fn expect_typ(&self, expected: &str) -> Result<(), Error> {
        match self.typ {
            Some(typ) if is_same_type(typ, expected) => Ok(()),
            _ => Err(invalid("\"typ\" header is not the expected type")),
        }
    }
}

/// Whether two `typ` values are the same media type.
pub(crate) fn is_same_type(left: &str, right: &str) -> bool {
    media_type(left).eq_ignore_ascii_case(&media_type(right))
}

/// The full media type. A type without a slash is short for `application/…` (RFC 7515 §4.1.9). Case does not matter
/// (RFC 2045 §5.1).
pub(crate) fn media_type(typ: &str) -> Cow<'_, str> {
    if typ.contains('/') { Cow::Borrowed(typ) } else { Cow::Owned(format!("application/{typ}")) }
}

/// Checks `crit`. An extension that is not understood must be refused (RFC 7515 §4.1.11). Tokens may have none.
fn check_critical(object: &Object<'_>, understood: &[&str]) -> Result<(), Error> {
    let Some(critical) = object.get("crit") else {
        return Ok(());
    };
    let malformed = || invalid("\"crit\" header is not a non-empty array of distinct strings");
    let Json::Array(elements) = critical else {
        return Err(malformed());
    };
    // Nothing is authenticated yet, so an attacker controls the input. Sets keep the work nearly linear.
    let texts = || {
        elements.iter().filter_map(|element| if let Json::Text(name) = element { Some(name.as_ref()) } else { None })
    };
    let names = Names::distinct(texts()).filter(|names| names.len() == elements.len()).ok_or_else(malformed)?;
    if names.len() == 0 {
        return Err(malformed());
    }
    if names.iter().any(|name| REGISTERED.contains(&name)) {
        return Err(invalid("\"crit\" header names a registered parameter"));
    }
    let present = Names::distinct(object.members().map(|(name, _)| name)).unwrap_or_default();
    if !names.iter().all(|name| present.contains(name)) {
        return Err(invalid("\"crit\" header names an absent parameter"));
    }
    if !names.iter().all(|name| understood.contains(&name)) {
        return Err(invalid("\"crit\" header names an extension that is not understood"));
    }
    Ok(())
}

/// Whether the name belongs to a registered parameter, which is never an extension.
pub(crate) fn is_registered(name: &str) -> bool {
    REGISTERED.contains(&name)
}

/// The parameters of RFC 7515 §4.1, RFC 7516 §4.1 and RFC 7518 §4, which are never extensions.
const REGISTERED: [&str; 20] = [
    "alg", "apu", "apv", "crit", "cty", "enc", "epk", "iv", "jku", "jwk", "kid", "p2c", "p2s", "tag", "typ", "x5c",
    "x5t", "x5t#S256", "x5u", "zip",
];

/// An optional parameter that must be a string.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: the parameter is present and not a string.
pub(crate) fn text<'a>(object: &'a Object<'a>, name: &str) -> Result<Option<&'a str>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(invalid(format!("\"{name}\" header is not a string"))),
    }
}

/// Like [`text`], but `null` counts as absent. Some issuers write `null` for `kid`, `typ` or `cty` when they have none.
///
/// # Errors
/// - [`ErrorCode::TokenHeaderInvalid`]: the parameter is neither a string nor `null`.
pub(crate) fn text_or_null<'a>(object: &'a Object<'a>, name: &str) -> Result<Option<&'a str>, Error> {
    if matches!(object.get(name), Some(Json::Null)) { Ok(None) } else { text(object, name) }
}

pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::TokenHeaderInvalid, message)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Header;
    use crate::jose::json::read_object;

    #[test]
    fn refuses_a_hundred_thousand_critical_names_in_no_time() {
        let names: Vec<String> = (0..100_000).map(|number| format!("\"n{number}\"")).collect();
        let json = format!("{{\"alg\":\"HS256\",\"n0\":1,\"crit\":[{}]}}", names.join(","));
        let object = read_object(&json).unwrap();
        let start = Instant::now();
        let error = Header::read(&object).unwrap_err();
        assert_eq!(error.to_string(), "\"crit\" header names an absent parameter");
        // Comparing all pairs took minutes.
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
