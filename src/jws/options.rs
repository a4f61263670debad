//! What may be asked of a JWS that is made, and of one that is checked.

use core::str::FromStr;

use serde::Deserialize;

use crate::jose::header::is_registered;
use crate::jose::key::Key;
use crate::options::{some, some_size, some_texts};
use crate::{Error, ErrorCode};

/// How many bytes of a JWS are read by default. A detached payload is not counted: it is not read before it is trusted.
const MAX_LENGTH: usize = 1_048_576;

/// The most that can be asked for. A JSON document is read whole, into some tens of times its length at worst.
const LARGEST_MAX_LENGTH: usize = 16_777_216;

/// How a compact JWS is made.
///
/// ```
/// use countersign::jwt::jws::SignOptions;
///
/// let options = SignOptions { cty: Some("text/plain".into()), detached: Some(true), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignOptions {
    /// Whether the payload is encoded, as it is by default; `false` signs it as it is (RFC 7797).
    #[serde(deserialize_with = "some")]
    pub b64: Option<bool>,
    /// The parameters in `header` that a reader must understand (RFC 7515 §4.1.11). `b64` is added where it is needed.
    #[serde(deserialize_with = "some_texts")]
    pub crit: Option<Vec<String>>,
    /// The payload's media type (RFC 7515 §4.1.10).
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// Leaves the payload out, to travel by itself (RFC 7515 appendix F).
    #[serde(deserialize_with = "some")]
    pub detached: Option<bool>,
    /// More header parameters, as the text of a JSON object. Those that this library decides (`alg`, `kid`, `typ`,
    /// `crit`, `b64`, `zip`) are refused.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// The media type of the JWS (RFC 7515 §4.1.9); none by default.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

/// How a JWS in JSON is made: what its signatures have in common, as RFC 7797 §3 wants.
///
/// ```
/// use countersign::jwt::jws::SignJsonOptions;
///
/// let options = SignJsonOptions { b64: Some(false), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignJsonOptions {
    /// As [`SignOptions::b64`].
    #[serde(deserialize_with = "some")]
    pub b64: Option<bool>,
    /// As [`SignOptions::detached`].
    #[serde(deserialize_with = "some")]
    pub detached: Option<bool>,
}

/// One of those who sign a JWS in JSON.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions};
/// use countersign::jwt::jws::{Signatory, SignatoryOptions};
///
/// let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?;
/// let options = SignatoryOptions { unprotected: Some(r#"{"hint":"first"}"#.into()), ..Default::default() };
/// let signatory = Signatory { key: &key, options };
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signatory<'k> {
    /// Who signs.
    pub key: &'k Key,
    /// What stands in this signature's headers.
    pub options: SignatoryOptions,
}

/// What stands in the headers of one signature, beside `alg` and `kid`.
///
/// ```
/// use countersign::jwt::jws::SignatoryOptions;
///
/// let options = SignatoryOptions { typ: Some("example".into()), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignatoryOptions {
    /// As [`SignOptions::crit`].
    #[serde(deserialize_with = "some_texts")]
    pub crit: Option<Vec<String>>,
    /// As [`SignOptions::cty`].
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// As [`SignOptions::header`]: all of it is protected.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// As [`SignOptions::typ`].
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
    /// Parameters that are **not signed**, as the text of a JSON object. Anybody can change them on the way.
    #[serde(deserialize_with = "some")]
    pub unprotected: Option<String>,
}

/// How a JWS is checked.
///
/// ```
/// use countersign::jwt::jws::VerifyOptions;
///
/// let options = VerifyOptions { detached: Some(b"the payload"), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyOptions<'d> {
    /// The critical extensions that you understand and act upon. `b64` is understood by this library.
    #[serde(deserialize_with = "some_texts")]
    pub crit: Option<Vec<String>>,
    /// The payload of a detached JWS. One that has its own is refused then.
    #[serde(skip)]
    pub detached: Option<&'d [u8]>,
    /// The longest JWS read, in bytes: 1048576 by default, at most 16777216. A detached payload is not counted.
    #[serde(deserialize_with = "some_size")]
    pub max_length: Option<usize>,
}

impl VerifyOptions<'_> {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: zero or too great.
    pub(crate) fn max_length(&self) -> Result<usize, Error> {
        match self.max_length {
            None => Ok(MAX_LENGTH),
            Some(length) if (1..=LARGEST_MAX_LENGTH).contains(&length) => Ok(length),
            Some(_) => Err(invalid("option \"maxLength\" is not between 1 and 16777216")),
        }
    }

    /// Holds a JWS against the limit, before anything else is done with it.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: a limit out of range.
    /// - [`ErrorCode::TokenTooLong`]: longer than it.
    pub(super) fn admit(&self, jws: &str) -> Result<(), Error> {
        let max_length = self.max_length()?;
        if jws.len() <= max_length { Ok(()) } else { Err(too_long(max_length)) }
    }

    /// The extensions that we or the caller understand.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: one that is none, and that no `crit` may name.
    pub(super) fn understood(&self) -> Result<Vec<&str>, Error> {
        let callers = self.crit.iter().flatten().map(String::as_str);
        let understood: Vec<&str> = core::iter::once("b64").chain(callers).collect();
        if understood.iter().any(|name| is_registered(name)) {
            return Err(invalid("option \"crit\" names a registered parameter"));
        }
        Ok(understood)
    }
}

/// How many signatures of a JWS must hold. In either case one must, and only those that held are given back.
///
/// Neither says *who* signed. Signatures are not bound to one another: whoever passes a JWS on can leave one out, and
/// then all that are left may hold. Where two must have signed, look for both of them in the answer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Require {
    /// Every one of them.
    All,
    /// At least one. The default: a reader mostly has the key of one signer among several.
    #[default]
    Any,
}

impl FromStr for Require {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: neither `"all"` nor `"any"`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "all" => Ok(Self::All),
            "any" => Ok(Self::Any),
            _ => Err(invalid("option \"require\" is not \"all\" or \"any\"")),
        }
    }
}

/// The error for a JWS over the limit.
pub(crate) fn too_long(max_length: usize) -> Error {
    Error::new(ErrorCode::TokenTooLong, format!("JWS is longer than {max_length} bytes"))
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
