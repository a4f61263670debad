//! The table of key management algorithms: a row for each, and the only place that knows what each one is.

use core::fmt;

use super::encryption::Encryption;
use crate::crypto::aes_key_wrap::Wrap;
use crate::{Error, ErrorCode};

/// A key management algorithm of RFC 7518 §4.1, as named by a header's `alg`.
///
/// `RSA1_5` and `RSA-OAEP` with SHA-1 are not among them, and never will be.
///
/// ```
/// use countersign::jwe::{Algorithm, Encryption};
///
/// assert_eq!(Algorithm::named("A256KW", None)?, Algorithm::A256Kw);
/// assert_eq!(Algorithm::named("dir", Some(Encryption::A128Gcm))?, Algorithm::Dir(Encryption::A128Gcm));
/// assert!(Algorithm::named("RSA1_5", None).is_err());
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Algorithm {
    /// AES key wrap with a 128-bit key.
    A128Kw,
    /// AES key wrap with a 256-bit key.
    A256Kw,
    /// The key itself encrypts the content, by this one content encryption: a key of two ciphers is weaker than either.
    Dir(Encryption),
    /// Elliptic curve Diffie-Hellman with an ephemeral key; what is agreed on encrypts the content.
    EcdhEs,
    /// As [`Algorithm::EcdhEs`]; what is agreed on wraps the key of the content, with AES-128.
    EcdhEsA128Kw,
    /// As [`Algorithm::EcdhEs`]; what is agreed on wraps the key of the content, with AES-256.
    EcdhEsA256Kw,
    /// A password, stretched with PBKDF2 and HMAC SHA-256, wraps the key of the content with AES-128.
    Pbes2Hs256A128Kw,
    /// A password, stretched with PBKDF2 and HMAC SHA-512, wraps the key of the content with AES-256.
    Pbes2Hs512A256Kw,
    /// RSAES-OAEP with SHA-256 and MGF1 of the same.
    RsaOaep256,
}

/// How an algorithm comes by the key of the content, and what it is used with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Family {
    /// The secret wraps it.
    AesKw(Wrap),
    /// The secret is it.
    Dir(Encryption),
    /// What is agreed on is it, or wraps it.
    EcdhEs(Option<Wrap>),
    /// What the password is stretched to wraps it.
    Pbes2(Stretch, Wrap),
    /// It is encrypted as it is.
    RsaOaep,
}

/// The digest of PBKDF2's HMAC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stretch {
    Sha256,
    Sha512,
}

/// The facts about one algorithm.
struct Row {
    name: &'static str,
    family: Family,
}

/// Every algorithm but `dir`, of which there is one for each content encryption.
const NAMED: [Algorithm; 8] = [
    Algorithm::EcdhEs,
    Algorithm::EcdhEsA128Kw,
    Algorithm::EcdhEsA256Kw,
    Algorithm::A128Kw,
    Algorithm::A256Kw,
    Algorithm::Pbes2Hs256A128Kw,
    Algorithm::Pbes2Hs512A256Kw,
    Algorithm::RsaOaep256,
];

impl Algorithm {
    /// The table. A match, so that the compiler refuses a variant without a row.
    #[rustfmt::skip]
    const fn row(self) -> Row {
        use Wrap::{Aes128, Aes256};
        match self {
            Self::A128Kw           => Row { name: "A128KW",             family: Family::AesKw(Aes128) },
            Self::A256Kw           => Row { name: "A256KW",             family: Family::AesKw(Aes256) },
            Self::Dir(encryption)  => Row { name: "dir",                family: Family::Dir(encryption) },
            Self::EcdhEs           => Row { name: "ECDH-ES",            family: Family::EcdhEs(None) },
            Self::EcdhEsA128Kw     => Row { name: "ECDH-ES+A128KW",     family: Family::EcdhEs(Some(Aes128)) },
            Self::EcdhEsA256Kw     => Row { name: "ECDH-ES+A256KW",     family: Family::EcdhEs(Some(Aes256)) },
            Self::Pbes2Hs256A128Kw => Row { name: "PBES2-HS256+A128KW", family: Family::Pbes2(Stretch::Sha256, Aes128) },
            Self::Pbes2Hs512A256Kw => Row { name: "PBES2-HS512+A256KW", family: Family::Pbes2(Stretch::Sha512, Aes256) },
            Self::RsaOaep256       => Row { name: "RSA-OAEP-256",       family: Family::RsaOaep },
        }
    }

    /// Every algorithm.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMED.into_iter().chain(Encryption::all().map(Self::Dir))
    }

    /// The algorithm of an `alg`, which for `dir` takes the content encryption along.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a supported algorithm; `dir` without a content encryption, or
    ///   another algorithm with one.
    pub fn named(alg: &str, enc: Option<Encryption>) -> Result<Self, Error> {
        let invalid = |message: &str| Error::new(ErrorCode::OptionInvalid, message);
        let found = NAMED.into_iter().find(|algorithm| algorithm.name() == alg);
        match (found, enc) {
            (Some(algorithm), None) => Ok(algorithm),
            (Some(_), Some(_)) => Err(invalid("option \"enc\" of a key is for alg \"dir\" only")),
            (None, Some(encryption)) if alg == "dir" => Ok(Self::Dir(encryption)),
            (None, None) if alg == "dir" => Err(invalid("missing option \"enc\": alg \"dir\" needs it")),
            (None, _) => Err(invalid("option \"alg\" is not a supported key management algorithm")),
        }
    }

    /// The `alg` value: `"ECDH-ES"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The content encryption that the algorithm leaves no choice about: that of `dir`.
    #[must_use]
    pub const fn encryption(self) -> Option<Encryption> {
        match self {
            Self::Dir(encryption) => Some(encryption),
            _ => None,
        }
    }

    /// Whether its key is agreed on, so that the parties may be named.
    pub(super) const fn agrees(self) -> bool {
        matches!(self.family(), Family::EcdhEs(_))
    }

    /// The length in bytes of its secret, if it takes one.
    pub(super) fn secret_length(self) -> Option<usize> {
        match self.family() {
            Family::AesKw(wrap) => Some(wrap.key_length()),
            Family::Dir(encryption) => Some(encryption.row().key_length),
            Family::EcdhEs(_) | Family::Pbes2(..) | Family::RsaOaep => None,
        }
    }

    pub(super) const fn family(self) -> Family {
        self.row().family
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
