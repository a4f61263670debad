//! The formats of key documents, by name.

use crate::{Error, ErrorCode};

/// A format for key documents. Each holds either private keys or public keys.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyForm {
    /// `RSAPrivateKey`: private RSA keys.
    Pkcs1Private,
    /// `RSAPublicKey`: public RSA keys.
    Pkcs1Public,
    /// `OneAsymmetricKey`, also known as `PrivateKeyInfo`: private keys of every kind.
    Pkcs8,
    /// `ECPrivateKey`: private EC keys.
    Sec1,
    /// `SubjectPublicKeyInfo`: public keys of every kind.
    Spki,
}

impl KeyForm {
    pub(crate) const ALL: [Self; 5] = [Self::Spki, Self::Pkcs8, Self::Sec1, Self::Pkcs1Private, Self::Pkcs1Public];

    /// The format named `"pkcs1"`, `"pkcs8"`, `"sec1"` or `"spki"`, for a private or a public key. Without a name:
    /// PKCS#8 for private keys, SPKI for public keys.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the name is unknown, or the format cannot hold this half of a key.
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
                Err(option("option \"format\" is for private keys: pass \"private\" too"))
            }
            (Some("spki"), true) => Err(option("option \"format\" is for public keys")),
            (Some(_), _) => Err(option("option \"format\" is not pkcs1, pkcs8, sec1 or spki")),
        }
    }

    /// Checks that keys in this format can be encrypted with a passphrase.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the format is not PKCS#8.
    #[cfg(all(target_arch = "wasm32", any(feature = "npm-jwe", feature = "npm-jwt")))]
    pub(crate) fn encrypted(self) -> Result<(), Error> {
        match self {
            Self::Pkcs8 => Ok(()),
            _ => Err(option("option \"passphrase\" is for private keys in PKCS#8")),
        }
    }

    /// The label of the PEM block (RFC 7468).
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

fn option(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
