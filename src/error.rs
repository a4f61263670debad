//! The error type of this crate. Each error has a stable code, and a message that never contains a value from its
//! input.

use core::fmt;

/// Declares [`ErrorCode`] from one list, so that the variants, their spelling and [`ErrorCode::ALL`] stay in step.
macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+) => {
        /// The stable code of an error. Codes may be added, but are never renamed or removed.
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

            /// The code in the spelling of JavaScript, logs and documentation: `"TOKEN_EXPIRED"`.
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
    /// The list of leaked passwords could not be reached, or did not answer.
    BreachesUnavailable = "BREACHES_UNAVAILABLE",
    /// A claim has the wrong JSON type, or a value that the verifier does not accept.
    ClaimInvalid = "CLAIM_INVALID",
    /// A claim that the verifier requires is missing.
    ClaimMissing = "CLAIM_MISSING",
    /// The claims to be signed are not a JSON object, or cannot be written as one.
    ClaimsNotSerializable = "CLAIMS_NOT_SERIALIZABLE",
    /// An encrypted token was made for another key, or was altered.
    DecryptionFailed = "DECRYPTION_FAILED",
    /// A stored hash asks for more memory or work than the policy's limits allow.
    HashCostTooHigh = "HASH_COST_TOO_HIGH",
    /// A stored hash does not follow the format it claims.
    HashMalformed = "HASH_MALFORMED",
    /// A stored hash uses a scheme or version that is not accepted.
    HashUnsupported = "HASH_UNSUPPORTED",
    /// A bug in this library, or a platform without random numbers. Later calls still work.
    Internal = "INTERNAL",
    /// A remote key set could not be fetched, and there is no usable cached copy.
    JwksUnavailable = "JWKS_UNAVAILABLE",
    /// Several keys fit the token, and nothing in the token says which one signed it.
    KeyAmbiguous = "KEY_AMBIGUOUS",
    /// Key material cannot be read, or does not fit the algorithm.
    KeyInvalid = "KEY_INVALID",
    /// No key in the set fits the token's `kid` and `alg`.
    KeyNotFound = "KEY_NOT_FOUND",
    /// A key is too short or too weak for its algorithm.
    KeyTooWeak = "KEY_TOO_WEAK",
    /// The service that has a key failed, or returned no valid signature.
    KeyUnavailable = "KEY_UNAVAILABLE",
    /// A key was used for an operation that its type, `use` or `key_ops` forbids.
    KeyUsage = "KEY_USAGE",
    /// An option is unknown, has the wrong type or is out of range.
    OptionInvalid = "OPTION_INVALID",
    /// The memory for a hash, or for an instance of the WebAssembly module, could not be allocated.
    OutOfMemory = "OUT_OF_MEMORY",
    /// A password is not a string or has lone surrogates. For bcrypt: it contains a NUL. For scrypt and PBKDF2: it ends
    /// with a NUL.
    PasswordInvalid = "PASSWORD_INVALID",
    /// All password workers are busy and their queue is full.
    PasswordQueueFull = "PASSWORD_QUEUE_FULL",
    /// A password is longer than the policy allows.
    PasswordTooLong = "PASSWORD_TOO_LONG",
    /// A refresh token belongs to no live session.
    SessionInvalid = "SESSION_INVALID",
    /// A refresh token was used again after its successor was issued, so the session was ended.
    SessionReused = "SESSION_REUSED",
    /// A store of sessions or login attempts failed, or took too long.
    StoreUnavailable = "STORE_UNAVAILABLE",
    /// The token's header names another algorithm than the key's.
    TokenAlgorithmMismatch = "TOKEN_ALGORITHM_MISMATCH",
    /// The token's `exp` has passed.
    TokenExpired = "TOKEN_EXPIRED",
    /// A header parameter is missing, has the wrong type or is refused.
    TokenHeaderInvalid = "TOKEN_HEADER_INVALID",
    /// The token's `iat` is in the future.
    TokenIssuedInFuture = "TOKEN_ISSUED_IN_FUTURE",
    /// The token is not a compact JWS whose header and payload are JSON objects.
    TokenMalformed = "TOKEN_MALFORMED",
    /// The token's `nbf` is in the future.
    TokenNotYetValid = "TOKEN_NOT_YET_VALID",
    /// The key did not sign this token.
    TokenSignatureInvalid = "TOKEN_SIGNATURE_INVALID",
    /// The token is longer than the verifier allows.
    TokenTooLong = "TOKEN_TOO_LONG",
    /// The token's `iat` is longer ago than `maxAge` allows.
    TokenTooOld = "TOKEN_TOO_OLD",
    /// A one-time token was used before, or withdrawn.
    TokenUsed = "TOKEN_USED",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An error: a code for programs, a message for people and, if the error is about a claim, the name of the claim.
///
/// The message names the field at fault. It never contains a token, key, password or claim value, so it is safe to log
/// and to show.
///
/// ```
/// # #[cfg(feature = "jwt")] {
/// use countersign::{ErrorCode, jwt::{Algorithm, Key, KeyOptions}};
///
/// let error = Key::from_secret(b"short", Algorithm::Hs256, &KeyOptions::default()).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::KeyTooWeak);
/// assert_eq!(error.to_string(), r#"HS256 needs a secret of at least 32 bytes: option "allowShort" accepts it during a migration"#);
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
// Boxed, which keeps every `Result` small. Without the box, the wasm module would be 10% larger.
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Inner {
    code: ErrorCode,
    message: String,
    claim: Option<String>,
}

impl Error {
    /// An error that is not about a claim.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::boxed(code, message.into(), None)
    }

    /// An error about one claim of a token.
    #[cfg(feature = "lite")]
    pub(crate) fn about_claim(code: ErrorCode, claim: &str, message: impl Into<String>) -> Self {
        Self::boxed(code, message.into(), Some(claim.into()))
    }

    #[cold]
    #[inline(never)]
    fn boxed(code: ErrorCode, message: String, claim: Option<String>) -> Self {
        Self(Box::new(Inner { code, message, claim }))
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The option or header parameter at fault, if the code is about one: `Some("typ")` for
    /// [`ErrorCode::TokenHeaderInvalid`].
    ///
    /// ```
    /// # #[cfg(feature = "jwt")] {
    /// let error = "ES999".parse::<countersign::jwt::Algorithm>().unwrap_err();
    /// assert_eq!(error.parameter(), Some("alg"));
    /// # }
    /// ```
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        let is_about_one = matches!(self.0.code, ErrorCode::OptionInvalid | ErrorCode::TokenHeaderInvalid);
        // These messages quote the name before anything else.
        self.0.message.split('"').nth(1).filter(|_| is_about_one)
    }

    /// The claim at fault, if the error is about one: `Some("exp")` for [`ErrorCode::TokenExpired`].
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
