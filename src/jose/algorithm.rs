//! The table of algorithms: a row for each, and the only place that knows what each one is.

use core::fmt;
use core::str::FromStr;

use crate::crypto::curve::Curve;
use crate::crypto::digest::Digest;
use crate::crypto::rsa::Padding;
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
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// ECDSA with P-521 and SHA-512.
    Es512,
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSASSA-PSS with SHA-256, MGF1 with it, and a salt of its length.
    Ps256,
    /// RSASSA-PSS with SHA-384, MGF1 with it, and a salt of its length.
    Ps384,
    /// RSASSA-PSS with SHA-512, MGF1 with it, and a salt of its length.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

/// What an algorithm is made of; decides its key material and its primitive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    /// On a curve, with the digest that belongs to it (RFC 7518 §3.4).
    Ecdsa(Curve),
    Ed25519,
    Hmac(Digest),
    Rsa(Padding, Digest),
}

/// The facts about one algorithm.
struct Row {
    name: &'static str,
    family: Family,
    /// The name in the vocabulary of the `jsonwebtoken` crate, whose enum is closed.
    jsonwebtoken: Option<jsonwebtoken::Algorithm>,
}

/// Every algorithm, those for new systems first.
const ALL: [Algorithm; 14] = [
    Algorithm::EdDsa,
    Algorithm::Ed25519,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::Hs256,
    Algorithm::Hs384,
    Algorithm::Hs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
];

impl Algorithm {
    /// The table. A match, so that the compiler refuses a variant without a row.
    #[rustfmt::skip]
    const fn row(self) -> Row {
        use jsonwebtoken::Algorithm as Theirs;
        use {Curve::{P256, P384, P521}, Digest::{Sha256, Sha384, Sha512}, Padding::{Pkcs1, Pss}};
        use Family::{Ecdsa, Ed25519, Hmac, Rsa};
        match self {
            Self::EdDsa   => Row { name: "EdDSA",   family: Ed25519,            jsonwebtoken: Some(Theirs::EdDSA) },
            Self::Ed25519 => Row { name: "Ed25519", family: Ed25519,            jsonwebtoken: Some(Theirs::EdDSA) },
            Self::Es256   => Row { name: "ES256",   family: Ecdsa(P256),        jsonwebtoken: Some(Theirs::ES256) },
            Self::Es384   => Row { name: "ES384",   family: Ecdsa(P384),        jsonwebtoken: Some(Theirs::ES384) },
            Self::Es512   => Row { name: "ES512",   family: Ecdsa(P521),        jsonwebtoken: None },
            Self::Hs256   => Row { name: "HS256",   family: Hmac(Sha256),       jsonwebtoken: Some(Theirs::HS256) },
            Self::Hs384   => Row { name: "HS384",   family: Hmac(Sha384),       jsonwebtoken: Some(Theirs::HS384) },
            Self::Hs512   => Row { name: "HS512",   family: Hmac(Sha512),       jsonwebtoken: Some(Theirs::HS512) },
            Self::Ps256   => Row { name: "PS256",   family: Rsa(Pss, Sha256),   jsonwebtoken: Some(Theirs::PS256) },
            Self::Ps384   => Row { name: "PS384",   family: Rsa(Pss, Sha384),   jsonwebtoken: Some(Theirs::PS384) },
            Self::Ps512   => Row { name: "PS512",   family: Rsa(Pss, Sha512),   jsonwebtoken: Some(Theirs::PS512) },
            Self::Rs256   => Row { name: "RS256",   family: Rsa(Pkcs1, Sha256), jsonwebtoken: Some(Theirs::RS256) },
            Self::Rs384   => Row { name: "RS384",   family: Rsa(Pkcs1, Sha384), jsonwebtoken: Some(Theirs::RS384) },
            Self::Rs512   => Row { name: "RS512",   family: Rsa(Pkcs1, Sha512), jsonwebtoken: Some(Theirs::RS512) },
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

    /// The one algorithm for keys of a curve.
    pub(crate) const fn of_curve(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::Es256,
            Curve::P384 => Self::Es384,
            Curve::P521 => Self::Es512,
        }
    }

    pub(crate) const fn to_jsonwebtoken(self) -> Option<jsonwebtoken::Algorithm> {
        self.row().jsonwebtoken
    }

    pub(crate) fn from_jsonwebtoken(theirs: jsonwebtoken::Algorithm) -> Option<Self> {
        ALL.into_iter().find(|ours| ours.to_jsonwebtoken() == Some(theirs))
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
