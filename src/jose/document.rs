//! Key documents in DER: PKCS#1 (RFC 8017 appendix A.1), PKCS#8 (RFC 5958), SEC 1 (RFC 5915) and SPKI (RFC 5280 §4.1.2.7).

mod read;
mod write;

use super::algorithm::Algorithm;
use super::material::wrong_kind;
use crate::crypto::curve::Curve;
use crate::{Error, ErrorCode};

#[cfg(feature = "jwe")]
pub(crate) use read::Pkcs8;
pub(crate) use read::read_spki;
pub(crate) use read::{Spki, has_form, read, read_any};
pub(crate) use write::write;
#[cfg(feature = "jwe")]
pub(crate) use write::{pkcs8_of, spki_of};

/// The forms of a document, each for one half of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyForm {
    /// `RSAPrivateKey`, for RSA alone.
    Pkcs1Private,
    /// `RSAPublicKey`, for RSA alone.
    Pkcs1Public,
    /// `OneAsymmetricKey`, also known as `PrivateKeyInfo`: private keys of every kind.
    Pkcs8,
    /// `ECPrivateKey`, for EC keys alone.
    Sec1,
    /// `SubjectPublicKeyInfo`: public keys of every kind.
    Spki,
}

impl KeyForm {
    pub(crate) const ALL: [Self; 5] = [Self::Spki, Self::Pkcs8, Self::Sec1, Self::Pkcs1Private, Self::Pkcs1Public];

    /// The form of this name for a half of a key: `"pkcs1"`, `"pkcs8"`, `"sec1"` or `"spki"`; without a name, PKCS#8 or SPKI.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: another name, or a form that the half does not have.
    ///
    /// ```
    /// use countersign::jwt::KeyForm;
    ///
    /// assert_eq!(KeyForm::named(None, false)?, KeyForm::Spki);
    /// assert_eq!(KeyForm::named(Some("pkcs1"), true)?, KeyForm::Pkcs1Private);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn named(name: Option<&str>, private: bool) -> Result<Self, Error> {
        match (name, private) {
            (None | Some("pkcs8"), true) => Ok(Self::Pkcs8),
            (None | Some("spki"), false) => Ok(Self::Spki),
            (Some("pkcs1"), true) => Ok(Self::Pkcs1Private),
            (Some("pkcs1"), false) => Ok(Self::Pkcs1Public),
            (Some("sec1"), true) => Ok(Self::Sec1),
            (Some("pkcs8" | "sec1"), false) => {
                Err(option("option \"format\" is one of private keys: give \"private\" too"))
            }
            (Some("spki"), true) => Err(option("option \"format\" is one of public keys")),
            (Some(_), _) => Err(option("option \"format\" is not pkcs1, pkcs8, sec1 or spki")),
        }
    }

    /// Whether it is the form that goes under a passphrase.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: it is another.
    #[cfg(all(target_arch = "wasm32", any(feature = "npm-jwe", feature = "npm-jwt")))]
    pub(crate) fn encrypted(self) -> Result<(), Error> {
        match self {
            Self::Pkcs8 => Ok(()),
            _ => Err(option("option \"passphrase\" is for private keys in PKCS#8")),
        }
    }

    /// The label of its PEM block (RFC 7468).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Pkcs1Private => "RSA PRIVATE KEY",
            Self::Pkcs1Public => "RSA PUBLIC KEY",
            Self::Pkcs8 => "PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
            Self::Spki => "PUBLIC KEY",
        }
    }
}

/// Why a document gives no key.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is not well-formed, or what it holds is not valid.
    Invalid(Error),
    /// It is a key of a kind we do not have.
    Unknown(&'static str),
}

impl Fault {
    /// The error, where a key for `algorithm` was wanted.
    pub(crate) fn against(self, algorithm: Algorithm) -> Error {
        match self {
            Self::Invalid(error) => error,
            Self::Unknown(kind) => wrong_kind(kind, algorithm),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Invalid(error)
    }
}

// Object identifiers, encoded as the content of theirs is (X.690 §8.19).

/// id-Ed25519, 1.3.101.112 (RFC 8410 §3).
const ED25519: &[u8] = b"\x2b\x65\x70";
/// id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 appendix A.1).
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/// id-RSASSA-PSS, 1.2.840.113549.1.1.10 (RFC 8017 appendix A.2.3).
const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

/// RFC 5480 §2.1.1.1: 1.2.840.10045.3.1.7, 1.3.132.0.34, 1.3.132.0.35.
const fn oid_of(curve: Curve) -> &'static [u8] {
    match curve {
        Curve::P256 => b"\x2a\x86\x48\xce\x3d\x03\x01\x07",
        Curve::P384 => b"\x2b\x81\x04\x00\x22",
        Curve::P521 => b"\x2b\x81\x04\x00\x23",
    }
}

/// id-X25519, 1.3.101.110 (RFC 8410 §3): a key for encryption.
pub(crate) const X25519: &[u8] = b"\x2b\x65\x6e";

/// A name for people, of the kinds of keys that they may take for ours.
fn kind_of(oid: &[u8]) -> &'static str {
    // 1.3.101.111 and .113, 1.3.132.0.10, 1.2.840.10040.4.1.
    const KINDS: [(&[u8], &str); 5] = [
        (X25519, "an X25519 key"),
        (b"\x2b\x65\x6f", "an X448 key"),
        (b"\x2b\x65\x71", "an Ed448 key"),
        (b"\x2b\x81\x04\x00\x0a", "a secp256k1 key"),
        (b"\x2a\x86\x48\xce\x38\x04\x01", "a DSA key"),
    ];
    KINDS.iter().find(|(known, _)| *known == oid).map_or("a key of an unknown kind", |(_, kind)| kind)
}

fn option(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
