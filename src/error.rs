//! Everything that can go wrong: one type, and for each value a stable code and a message that names a field and
//! never a value.

use core::fmt;

/// Declares [`ErrorCode`] from one list, so that the variants, their spelling and [`ErrorCode::ALL`] cannot drift.
macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+) => {
        /// The stable name of a failure. Codes may be added; none is ever renamed or removed.
        ///
        /// ```
        /// use countersign::ErrorCode;
        /// assert_eq!(ErrorCode::TokenExpired.as_str(), "TOKEN_EXPIRED");
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ErrorCode {
            /// Every code, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is written in JavaScript, in logs and in documentation.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

error_codes! {
    /// A list of leaked passwords could not be asked, or gave no answer.
    BreachesUnavailable = "BREACHES_UNAVAILABLE",
    /// A registered claim has the wrong JSON type, or a value the verifier does not accept.
    ClaimInvalid = "CLAIM_INVALID",
    /// A claim that the verifier demands is absent.
    ClaimMissing = "CLAIM_MISSING",
    /// The claims given to `sign` cannot be written as a JSON object.
    ClaimsNotSerializable = "CLAIMS_NOT_SERIALIZABLE",
    /// An encrypted token that is for another key, or that was altered.
    DecryptionFailed = "DECRYPTION_FAILED",
    /// A stored hash asks for more memory or work than the policy's limits allow.
    HashCostTooHigh = "HASH_COST_TOO_HIGH",
    /// A stored hash does not follow the format it claims.
    HashMalformed = "HASH_MALFORMED",
    /// A stored hash is of a scheme or version that is not accepted.
    HashUnsupported = "HASH_UNSUPPORTED",
    /// A defect of this library. The instance stays usable.
    Internal = "INTERNAL",
    /// A remote key set could not be fetched and no usable copy is at hand.
    JwksUnavailable = "JWKS_UNAVAILABLE",
    /// Several keys could have signed the token and nothing in it chooses between them.
    KeyAmbiguous = "KEY_AMBIGUOUS",
    /// Key material that cannot be read, or is not the kind it was said to be.
    KeyInvalid = "KEY_INVALID",
    /// No key of the set answers for the token.
    KeyNotFound = "KEY_NOT_FOUND",
    /// A key that is too short or too weak for its algorithm.
    KeyTooWeak = "KEY_TOO_WEAK",
    /// A key asked to do a job that its type, `use` or `key_ops` forbids.
    KeyUsage = "KEY_USAGE",
    /// An option is unknown, of the wrong type, or out of range.
    OptionInvalid = "OPTION_INVALID",
    /// The memory that a hash needs could not be had.
    OutOfMemory = "OUT_OF_MEMORY",
    /// A password that is not text: not a string, or with lone surrogates. Or one with a NUL, where bcrypt is to hash it, or at
    /// its end, where scrypt or PBKDF2 is.
    PasswordInvalid = "PASSWORD_INVALID",
    /// More password work is asked for than the threads that do it, and the queue for them, can take.
    PasswordQueueFull = "PASSWORD_QUEUE_FULL",
    /// A password longer than the policy's limit.
    PasswordTooLong = "PASSWORD_TOO_LONG",
    /// The token's header names another algorithm than the key's.
    TokenAlgorithmMismatch = "TOKEN_ALGORITHM_MISMATCH",
    /// The token's `exp` has come.
    TokenExpired = "TOKEN_EXPIRED",
    /// A header parameter is missing, of the wrong type, or refused.
    TokenHeaderInvalid = "TOKEN_HEADER_INVALID",
    /// The token's `iat` lies in the future.
    TokenIssuedInFuture = "TOKEN_ISSUED_IN_FUTURE",
    /// The token is not a compact JWS whose header and payload are JSON objects.
    TokenMalformed = "TOKEN_MALFORMED",
    /// The token's `nbf` has not come yet.
    TokenNotYetValid = "TOKEN_NOT_YET_VALID",
    /// The signature does not belong to the token and the key.
    TokenSignatureInvalid = "TOKEN_SIGNATURE_INVALID",
    /// The token is longer than the verifier reads.
    TokenTooLong = "TOKEN_TOO_LONG",
    /// The token's `iat` lies further back than `maxAge` allows.
    TokenTooOld = "TOKEN_TOO_OLD",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A failure: a code for programs, a message for people, and the claim it is about where there is one.
///
/// The message is a lower-case clause that names the field at fault and never holds a value: no token, key, password
/// or claim value is ever in it, so it may be logged and shown.
///
/// ```
/// # #[cfg(feature = "jwt")] {
/// use countersign::{ErrorCode, jwt::{Algorithm, Key, KeyOptions}};
///
/// let error = Key::from_secret(b"short", Algorithm::Hs256, &KeyOptions::default()).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::KeyTooWeak);
/// assert_eq!(error.to_string(), "HS256 needs a secret of at least 32 bytes");
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
// Boxed: an error is rare, and a small one keeps every `Result` small, which a tenth of the wasm module hangs on.
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Inner {
    code: ErrorCode,
    message: String,
    claim: Option<String>,
}

impl Error {
    /// An error about anything but a claim.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::boxed(code, message.into(), None)
    }

    /// An error about one claim of a token.
    #[cfg(feature = "jwt")]
    pub(crate) fn about_claim(code: ErrorCode, claim: &str, message: impl Into<String>) -> Self {
        Self::boxed(code, message.into(), Some(claim.into()))
    }

    #[cold]
    #[inline(never)]
    fn boxed(code: ErrorCode, message: String, claim: Option<String>) -> Self {
        Self(Box::new(Inner { code, message, claim }))
    }

    /// The stable code of this failure.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The claim at fault, for the codes that concern one: `Some("exp")` with [`ErrorCode::TokenExpired`].
    #[must_use]
    pub fn claim(&self) -> Option<&str> {
        self.0.claim.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn codes_are_alphabetical_and_spelled_like_their_variants() {
        let names: Vec<_> = ErrorCode::ALL.iter().map(|code| format!("{code:?}")).collect();
        assert!(names.is_sorted());
        for code in ErrorCode::ALL {
            let spelled = format!("{code:?}").to_uppercase();
            assert_eq!(spelled, code.as_str().replace('_', ""));
        }
    }
}
