//! The table of key management algorithms. To add an algorithm, add a row here.

use core::fmt;

use super::encryption::Encryption;
use crate::crypto::aes_key_wrap::Wrap;
use crate::crypto::rsa_oaep::OaepHash;
use crate::{Error, ErrorCode};

/// A key management algorithm, named by the header parameter `alg` (RFC 7518 §4.1).
///
/// `RSA1_5` is insecure (RFC 8725 §3.2) and will not be added.
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
    /// AES-GCM with a 128-bit key encrypts the content encryption key.
    A128GcmKw,
    /// AES key wrap with a 128-bit key.
    A128Kw,
    /// AES-GCM with a 192-bit key encrypts the content encryption key.
    A192GcmKw,
    /// AES key wrap with a 192-bit key.
    A192Kw,
    /// AES-GCM with a 256-bit key encrypts the content encryption key.
    A256GcmKw,
    /// AES key wrap with a 256-bit key.
    A256Kw,
    /// The key encrypts the content directly, with this content encryption only. A key must not be shared between
    /// ciphers.
    Dir(Encryption),
    /// Elliptic curve Diffie-Hellman with an ephemeral key. The agreed key encrypts the content.
    EcdhEs,
    /// Like [`Algorithm::EcdhEs`], but the agreed key wraps the content encryption key with AES-128.
    EcdhEsA128Kw,
    /// Like [`Algorithm::EcdhEs`], but the agreed key wraps the content encryption key with AES-192.
    EcdhEsA192Kw,
    /// Like [`Algorithm::EcdhEs`], but the agreed key wraps the content encryption key with AES-256.
    EcdhEsA256Kw,
    /// PBKDF2 with HMAC-SHA-256 derives a key from a password. It wraps the content encryption key with AES-128.
    Pbes2Hs256A128Kw,
    /// PBKDF2 with HMAC-SHA-384 derives a key from a password. It wraps the content encryption key with AES-192.
    Pbes2Hs384A192Kw,
    /// PBKDF2 with HMAC-SHA-512 derives a key from a password. It wraps the content encryption key with AES-256.
    Pbes2Hs512A256Kw,
    /// RSAES-OAEP with SHA-1, and MGF1 with SHA-1. For software that has nothing newer.
    RsaOaep,
    /// RSAES-OAEP with SHA-256, and MGF1 with SHA-256.
    RsaOaep256,
    /// RSAES-OAEP with SHA-384, and MGF1 with SHA-384.
    RsaOaep384,
    /// RSAES-OAEP with SHA-512, and MGF1 with SHA-512.
    RsaOaep512,
}

/// How an algorithm protects the content encryption key. Determines which keys it works with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Family {
    /// The secret encrypts the content encryption key with this cipher.
    AesGcmKw(Encryption),
    /// The secret wraps the content encryption key.
    AesKw(Wrap),
    /// The secret is the content encryption key.
    Dir(Encryption),
    /// The agreed key is the content encryption key, or wraps it.
    EcdhEs(Option<Wrap>),
    /// A key that is derived from the password wraps the content encryption key.
    Pbes2(Pbkdf2Hash, Wrap),
    /// RSA encrypts the content encryption key.
    RsaOaep(OaepHash),
}

/// The hash that PBKDF2 uses in its HMAC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Pbkdf2Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// The facts about one algorithm.
struct Row {
    name: &'static str,
    family: Family,
}

/// Every algorithm except `dir`, which exists once for each content encryption.
const NAMED: [Algorithm; 17] = [
    Algorithm::EcdhEs,
    Algorithm::EcdhEsA128Kw,
    Algorithm::EcdhEsA192Kw,
    Algorithm::EcdhEsA256Kw,
    Algorithm::A128Kw,
    Algorithm::A192Kw,
    Algorithm::A256Kw,
    Algorithm::A128GcmKw,
    Algorithm::A192GcmKw,
    Algorithm::A256GcmKw,
    Algorithm::Pbes2Hs256A128Kw,
    Algorithm::Pbes2Hs384A192Kw,
    Algorithm::Pbes2Hs512A256Kw,
    Algorithm::RsaOaep,
    Algorithm::RsaOaep256,
    Algorithm::RsaOaep384,
    Algorithm::RsaOaep512,
];

impl Algorithm {
    /// The table. Written as a match, so that the compiler reports a variant without a row.
    #[rustfmt::skip]
    const fn row(self) -> Row {
        use Encryption::{A128Gcm, A192Gcm, A256Gcm};
        use OaepHash::{Sha1, Sha256, Sha384, Sha512};
        use Wrap::{Aes128, Aes192, Aes256};
        match self {
            Self::A128GcmKw        => Row { name: "A128GCMKW",          family: Family::AesGcmKw(A128Gcm) },
            Self::A128Kw           => Row { name: "A128KW",             family: Family::AesKw(Aes128) },
            Self::A192GcmKw        => Row { name: "A192GCMKW",          family: Family::AesGcmKw(A192Gcm) },
            Self::A192Kw           => Row { name: "A192KW",             family: Family::AesKw(Aes192) },
            Self::A256GcmKw        => Row { name: "A256GCMKW",          family: Family::AesGcmKw(A256Gcm) },
            Self::A256Kw           => Row { name: "A256KW",             family: Family::AesKw(Aes256) },
            Self::Dir(encryption)  => Row { name: "dir",                family: Family::Dir(encryption) },
            Self::EcdhEs           => Row { name: "ECDH-ES",            family: Family::EcdhEs(None) },
            Self::EcdhEsA128Kw     => Row { name: "ECDH-ES+A128KW",     family: Family::EcdhEs(Some(Aes128)) },
            Self::EcdhEsA192Kw     => Row { name: "ECDH-ES+A192KW",     family: Family::EcdhEs(Some(Aes192)) },
            Self::EcdhEsA256Kw     => Row { name: "ECDH-ES+A256KW",     family: Family::EcdhEs(Some(Aes256)) },
            Self::Pbes2Hs256A128Kw => Row { name: "PBES2-HS256+A128KW", family: Family::Pbes2(Pbkdf2Hash::Sha256, Aes128) },
            Self::Pbes2Hs384A192Kw => Row { name: "PBES2-HS384+A192KW", family: Family::Pbes2(Pbkdf2Hash::Sha384, Aes192) },
            Self::Pbes2Hs512A256Kw => Row { name: "PBES2-HS512+A256KW", family: Family::Pbes2(Pbkdf2Hash::Sha512, Aes256) },
            Self::RsaOaep          => Row { name: "RSA-OAEP",           family: Family::RsaOaep(Sha1) },
            Self::RsaOaep256       => Row { name: "RSA-OAEP-256",       family: Family::RsaOaep(Sha256) },
            Self::RsaOaep384       => Row { name: "RSA-OAEP-384",       family: Family::RsaOaep(Sha384) },
            Self::RsaOaep512       => Row { name: "RSA-OAEP-512",       family: Family::RsaOaep(Sha512) },
        }
    }

    /// Every algorithm.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMED.into_iter().chain(Encryption::all().map(Self::Dir))
    }

    /// The algorithm with this `alg`. `dir` needs a content encryption.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the name is not supported, `dir` has no content encryption, or another algorithm
    ///   has one.
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

    /// The `alg` value, such as `"ECDH-ES"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The only content encryption for this algorithm, for [`Algorithm::Dir`]. Other algorithms work with any.
    #[must_use]
    pub const fn encryption(self) -> Option<Encryption> {
        match self {
            Self::Dir(encryption) => Some(encryption),
            _ => None,
        }
    }

    /// Whether the algorithm agrees on a key, so that `apu` and `apv` are allowed.
    pub(super) const fn agrees(self) -> bool {
        matches!(self.family(), Family::EcdhEs(_))
    }

    /// The length of the secret in bytes, if the algorithm uses one.
    pub(super) fn secret_length(self) -> Option<usize> {
        match self.family() {
            Family::AesKw(wrap) => Some(wrap.key_length()),
            Family::AesGcmKw(encryption) | Family::Dir(encryption) => Some(encryption.row().key_length),
            Family::EcdhEs(_) | Family::Pbes2(..) | Family::RsaOaep(_) => None,
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
