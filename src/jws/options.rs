//! The options for signing and verifying a JWS.

use core::str::FromStr;

use serde::Deserialize;

use crate::jose::header::is_registered;
use crate::jose::key::Key;
use crate::jose::segment::Padding;
use crate::options::{some, some_size, some_texts};
use crate::{Error, ErrorCode};

/// The default limit for a JWS, in bytes. A detached payload does not count: it is not parsed.
const MAX_LENGTH: usize = 1_048_576;

/// The largest limit that can be set, in bytes. A JSON document is parsed in memory and may take tens of times its
/// length.
const LARGEST_MAX_LENGTH: usize = 16_777_216;

/// Options for signing a compact JWS.
///
/// ```
/// use countersign::jwt::jws::SignOptions;
///
/// let options = SignOptions { cty: Some("text/plain".into()), detached: Some(true), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignOptions {
    /// Whether the payload is base64url-encoded. The default is `true`; `false` signs the bytes themselves (RFC 7797).
    #[serde(deserialize_with = "some")]
    pub b64: Option<bool>,
    /// The parameters in `header` that a verifier must understand (RFC 7515 §4.1.11). `b64` is added automatically.
    #[serde(deserialize_with = "some_texts")]
    pub crit: Option<Vec<String>>,
    /// The media type of the payload (RFC 7515 §4.1.10).
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// Leaves the payload out, to be sent separately (RFC 7515 appendix F).
    #[serde(deserialize_with = "some")]
    pub detached: Option<bool>,
    /// Additional header parameters, as the text of a JSON object. Refuses `alg`, `kid`, `typ`, `crit`, `b64` and
    /// `zip`, which this library sets itself or does not support.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// The media type of the JWS (RFC 7515 §4.1.9). The default is none.
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
}

/// Options for signing a JWS in JSON that all its signatures share (RFC 7797 §3).
///
/// ```
/// use countersign::jwt::jws::SignJsonOptions;
///
/// let options = SignJsonOptions { b64: Some(false), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignJsonOptions {
    /// See [`SignOptions::b64`].
    #[serde(deserialize_with = "some")]
    pub b64: Option<bool>,
    /// See [`SignOptions::detached`].
    #[serde(deserialize_with = "some")]
    pub detached: Option<bool>,
}

/// A signer of a JWS in JSON.
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
    /// The key that signs.
    pub key: &'k Key,
    /// The header parameters of this signature.
    pub options: SignatoryOptions,
}

/// The header parameters of one signature, in addition to `alg` and `kid`.
///
/// ```
/// use countersign::jwt::jws::SignatoryOptions;
///
/// let options = SignatoryOptions { typ: Some("example".into()), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignatoryOptions {
    /// See [`SignOptions::crit`].
    #[serde(deserialize_with = "some_texts")]
    pub crit: Option<Vec<String>>,
    /// See [`SignOptions::cty`].
    #[serde(deserialize_with = "some")]
    pub cty: Option<String>,
    /// See [`SignOptions::header`]. All of these parameters are protected.
    #[serde(deserialize_with = "some")]
    pub header: Option<String>,
    /// See [`SignOptions::typ`].
    #[serde(deserialize_with = "some")]
    pub typ: Option<String>,
    /// Parameters that are **not signed**, as the text of a JSON object. Anyone can change them in transit.
    #[serde(deserialize_with = "some")]
    pub unprotected: Option<String>,
}

/// Options for verifying a JWS.
///
/// ```
/// use countersign::jwt::jws::VerifyOptions;
///
/// let options = VerifyOptions { detached: Some(b"the payload"), ..Default::default() };
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyOptions<'d> {
    /// Accepts segments that are padded with `=`, as AWS load balancers write them. The signature covers the padded text.
    /// Segments without padding are accepted too. A detached payload is encoded without padding.
    #[serde(deserialize_with = "some")]
    pub allow_padding: Option<bool>,
    /// The critical extensions that your program understands and processes. This library handles `b64` itself.
    #[serde(deserialize_with = "some_texts")]
    pub crit: Option<Vec<String>>,
    /// The payload of a detached JWS. If set, a JWS that contains a payload is refused.
    #[serde(skip)]
    pub detached: Option<&'d [u8]>,
    /// The maximum length of a JWS, in bytes: 1048576 by default, at most 16777216. A detached payload does not count.
    #[serde(deserialize_with = "some_size")]
    pub max_length: Option<usize>,
}

impl VerifyOptions<'_> {
    pub(super) fn padding(&self) -> Padding {
        if self.allow_padding == Some(true) { Padding::Allowed } else { Padding::Refused }
    }

    /// The maximum length of a JWS, in bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the option is out of range.
    pub(crate) fn max_length(&self) -> Result<usize, Error> {
        match self.max_length {
            None => Ok(MAX_LENGTH),
            Some(length) if (1..=LARGEST_MAX_LENGTH).contains(&length) => Ok(length),
            Some(_) => Err(invalid("option \"maxLength\" is not between 1 and 16777216")),
        }
    }

    /// Checks the length of a JWS.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the option `max_length` is out of range.
    /// - [`ErrorCode::TokenTooLong`]: the JWS is longer than `max_length`.
    pub(super) fn check_length(&self, jws: &str) -> Result<(), Error> {
        let max_length = self.max_length()?;
        if jws.len() <= max_length { Ok(()) } else { Err(too_long(max_length)) }
    }

    /// The extensions that this library or the caller understands.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: `crit` names a registered parameter, which is not an extension.
    pub(super) fn understood(&self) -> Result<Vec<&str>, Error> {
        let callers = self.crit.iter().flatten().map(String::as_str);
        if callers.clone().any(is_registered) {
            return Err(invalid("option \"crit\" names a registered parameter"));
        }
        // `zip` means nothing in a JWS, so it is ignored (RFC 7515 §4). Being registered, it cannot be critical.
        Ok(["b64", "zip"].into_iter().chain(callers).collect())
    }
}

/// How many signatures of a JWS must be valid. At least one must be, and only valid ones are returned.
///
/// Neither value says *who* signed. Signatures are independent, so anyone who forwards a JWS can remove some, and the
/// remaining ones are still valid. If two people must have signed, check that the result lists both.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Require {
    /// All of them.
    All,
    /// At least one. The default, because a verifier often has the key of only one signer.
    #[default]
    Any,
}

impl FromStr for Require {
    type Err = Error;

    /// Parses `"all"` or `"any"`.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the name is neither `"all"` nor `"any"`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "all" => Ok(Self::All),
            "any" => Ok(Self::Any),
            _ => Err(invalid("option \"require\" is not \"all\" or \"any\"")),
        }
    }
}

/// The error for a JWS that is longer than `max_length` bytes.
pub(crate) fn too_long(max_length: usize) -> Error {
    Error::new(ErrorCode::TokenTooLong, format!("JWS is longer than {max_length} bytes"))
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
