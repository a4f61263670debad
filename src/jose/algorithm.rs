//! The table of signature algorithms. To add an algorithm, add a row here.

use core::fmt;
use core::str::FromStr;

use crate::crypto::curve::Curve;
use crate::crypto::digest::Digest;
use crate::crypto::ml_dsa::ParameterSet;
use crate::crypto::rsa::Padding;
use crate::{Error, ErrorCode};

/// A signature algorithm, named by the header parameter `alg` (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2,
/// RFC 9964 §5).
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
    /// EdDSA with Ed25519, by its name in RFC 8037. Keys and signatures are the same as for [`Algorithm::Ed25519`].
    EdDsa,
    /// EdDSA with Ed25519, by its fully specified name in RFC 9864.
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
    /// ML-DSA-44 (FIPS 204), of security category 2. Needs the feature `post-quantum`, which is on by default.
    MlDsa44,
    /// ML-DSA-65 (FIPS 204), of security category 3.
    MlDsa65,
    /// ML-DSA-87 (FIPS 204), of security category 5.
    MlDsa87,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, and a salt of 32 bytes.
    Ps256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384, and a salt of 48 bytes.
    Ps384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512, and a salt of 64 bytes.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

/// The primitive of an algorithm with its parameters. Determines which keys it works with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    /// ECDSA on a curve, with the digest that RFC 7518 §3.4 assigns to the curve.
    Ecdsa(Curve),
    Ed25519,
    Hmac(Digest),
    MlDsa(ParameterSet),
    Rsa(Padding, Digest),
}

/// The facts about one algorithm.
struct Row {
    name: &'static str,
    family: Family,
    /// The same algorithm in the crate `jsonwebtoken`, if it has it.
    #[cfg_attr(not(feature = "jwt"), expect(dead_code, reason = "only `provider` asks for it"))]
    jsonwebtoken: Option<jsonwebtoken::Algorithm>,
}

/// Every algorithm.
const ALL: [Algorithm; 17] = [
    Algorithm::EdDsa,
    Algorithm::Ed25519,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::Hs256,
    Algorithm::Hs384,
    Algorithm::Hs512,
    Algorithm::MlDsa44,
    Algorithm::MlDsa65,
    Algorithm::MlDsa87,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
];

impl Algorithm {
    /// The table. Written as a match, so that the compiler reports a variant without a row.
    #[rustfmt::skip]
    const fn row(self) -> Row {
        use jsonwebtoken::Algorithm as Theirs;
        use {Curve::{P256, P384, P521}, Digest::{Sha256, Sha384, Sha512}, Padding::{Pkcs1, Pss}};
        use Family::{Ecdsa, Ed25519, Hmac, MlDsa, Rsa};
        use ParameterSet::{MlDsa44, MlDsa65, MlDsa87};
        match self {
            Self::EdDsa   => Row { name: "EdDSA",   family: Ed25519,            jsonwebtoken: Some(Theirs::EdDSA) },
            Self::Ed25519 => Row { name: "Ed25519", family: Ed25519,            jsonwebtoken: Some(Theirs::EdDSA) },
            Self::Es256   => Row { name: "ES256",   family: Ecdsa(P256),        jsonwebtoken: Some(Theirs::ES256) },
            Self::Es384   => Row { name: "ES384",   family: Ecdsa(P384),        jsonwebtoken: Some(Theirs::ES384) },
            Self::Es512   => Row { name: "ES512",   family: Ecdsa(P521),        jsonwebtoken: None },
            Self::Hs256   => Row { name: "HS256",   family: Hmac(Sha256),       jsonwebtoken: Some(Theirs::HS256) },
            Self::Hs384   => Row { name: "HS384",   family: Hmac(Sha384),       jsonwebtoken: Some(Theirs::HS384) },
            Self::Hs512   => Row { name: "HS512",   family: Hmac(Sha512),       jsonwebtoken: Some(Theirs::HS512) },
            Self::MlDsa44 => Row { name: MlDsa44.name(), family: MlDsa(MlDsa44), jsonwebtoken: None },
            Self::MlDsa65 => Row { name: MlDsa65.name(), family: MlDsa(MlDsa65), jsonwebtoken: None },
            Self::MlDsa87 => Row { name: MlDsa87.name(), family: MlDsa(MlDsa87), jsonwebtoken: None },
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

    /// The `alg` value, such as `"HS256"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether the algorithm has a private and a public key.
    pub(crate) const fn is_asymmetric(self) -> bool {
        !matches!(self.family(), Family::Hmac(_))
    }

    pub(crate) const fn family(self) -> Family {
        self.row().family
    }

    /// The first of the algorithms that mean the same. `EdDSA` for `Ed25519`, and otherwise the algorithm itself.
    pub(crate) fn first_of_family(self) -> Self {
        ALL.into_iter().find(|other| other.family() == self.family()).unwrap_or(self)
    }

    /// The algorithm for keys on a curve. There is exactly one for each.
    pub(crate) const fn of_curve(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::Es256,
            Curve::P384 => Self::Es384,
            Curve::P521 => Self::Es512,
        }
    }

    #[cfg(feature = "jwt")]
    pub(crate) const fn to_jsonwebtoken(self) -> Option<jsonwebtoken::Algorithm> {
        self.row().jsonwebtoken
    }

    #[cfg(feature = "jwt")]
    pub(crate) fn from_jsonwebtoken(theirs: jsonwebtoken::Algorithm) -> Option<Self> {
        ALL.into_iter().find(|ours| ours.to_jsonwebtoken() == Some(theirs))
    }

    /// Whether `name` in a header means this algorithm. For an Ed25519 key, `EdDSA` and `Ed25519` name the same
    /// operation (RFC 9864 §2.2).
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

    /// Parses an `alg` value.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: no supported algorithm has this name. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        ALL.into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "option \"alg\" is not a supported algorithm"))
    }
}
