//! Why a document or a JWK gives no key.

use crate::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::material::wrong_kind;

/// Why a document gives no key.
#[derive(Debug)]
pub(crate) enum DocumentError {
    /// It is not well-formed, or what it holds is not valid.
    Invalid(Error),
    /// It is a key of a kind we do not have.
    Unknown(&'static str),
}

impl DocumentError {
    /// The error, where a key for `algorithm` was wanted.
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
