//! The error for a key document or JWK that contains no usable key.

use crate::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::material::wrong_kind;

/// Why a document contains no usable key.
#[derive(Debug)]
pub(crate) enum DocumentError {
    /// The document is malformed, or the key in it is invalid.
    Invalid(Error),
    /// The document contains a kind of key that is not supported. The text describes it: `"a DSA key"`.
    Unknown(&'static str),
}

impl DocumentError {
    /// The error to report when the caller needs a key for `algorithm`.
    pub(crate) fn against(self, algorithm: Algorithm) -> Error {
        match self {
            Self::Invalid(error) => error,
            Self::Unknown(kind) => wrong_kind(kind, algorithm),
        }
    }
}

impl From<Error> for DocumentError {
    fn from(error: Error) -> Self {
        Self::Invalid(error)
    }
}
