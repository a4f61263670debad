//! The table of algorithms: a row for each, and the only place that knows what each one is.

use core::fmt;
use core::str::FromStr;

use crate::{Error, ErrorCode};

/// A signature algorithm of RFC 7518 §3.1, RFC 8037 §3.1 or RFC 9864 §2.2, as named by a header's `alg`.
///
/// ```
/// use countersign::jwt::Algorithm;
///
/// assert_eq!("HS256".parse::<Algorithm>()?, Algorithm::Hs256);
/// assert_eq!(Algorithm::EdDsa.name(), "EdDSA");
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Algorithm {
    /// EdDSA with Ed25519, under the name of RFC 8037. The same keys and signatures as [`Algorithm::Ed25519`].
    EdDsa,
    /// EdDSA with Ed25519, under the fully specified name of RFC 9864.
    Ed25519,
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

/// What an algorithm is made of; decides its key material and its primitive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    Ed25519,
    Hmac(Digest),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// The length of the digest in bytes, which is also the least length of an HMAC key (RFC 7518 §3.2).
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// The facts about one algorithm.
struct Row {
    name: &'static str,
    family: Family,
    /// The name in the vocabulary of the `jsonwebtoken` crate, whose enum is closed.
    jsonwebtoken: jsonwebtoken::Algorithm,
}

/// Every algorithm, in the order of preference for new systems.
const ALL: [Algorithm; 5] =
    [Algorithm::EdDsa, Algorithm::Ed25519, Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512];

impl Algorithm {
    /// The table. A match, so that the compiler refuses a variant without a row.
    #[rustfmt::skip]
    const fn row(self) -> Row {
        use jsonwebtoken::Algorithm as Theirs;
        match self {
            Self::EdDsa   => Row { name: "EdDSA",   family: Family::Ed25519,              jsonwebtoken: Theirs::EdDSA },
            Self::Ed25519 => Row { name: "Ed25519", family: Family::Ed25519,              jsonwebtoken: Theirs::EdDSA },
            Self::Hs256   => Row { name: "HS256",   family: Family::Hmac(Digest::Sha256), jsonwebtoken: Theirs::HS256 },
            Self::Hs384   => Row { name: "HS384",   family: Family::Hmac(Digest::Sha384), jsonwebtoken: Theirs::HS384 },
            Self::Hs512   => Row { name: "HS512",   family: Family::Hmac(Digest::Sha512), jsonwebtoken: Theirs::HS512 },
        }
    }
}

impl Algorithm {
    /// Every algorithm.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.into_iter()
    }

    /// The `alg` value: `"HS256"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    pub(crate) const fn family(self) -> Family {
        self.row().family
    }

    pub(crate) const fn to_jsonwebtoken(self) -> jsonwebtoken::Algorithm {
        self.row().jsonwebtoken
    }

    pub(crate) fn from_jsonwebtoken(theirs: jsonwebtoken::Algorithm) -> Option<Self> {
        ALL.into_iter().find(|ours| ours.to_jsonwebtoken() == theirs)
    }

    /// Whether a header that says `name` means this algorithm. RFC 9864 §2.2: `EdDSA` and `Ed25519` name the same
    /// operation where the key is an Ed25519 key.
    pub(crate) fn answers_to(self, name: &str) -> bool {
        self.name() == name || ALL.into_iter().any(|other| other.name() == name && other.family() == self.family())
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a supported algorithm. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        ALL.into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "option \"alg\" is not a supported algorithm"))
    }
}
