//! PEM and DER keys (RFC 5958, RFC 5280, RFC 8410), in and out.

use pkcs8::der::asn1::{BitStringRef, OctetStringRef};
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::{Key, KeyOptions, Material, Usage, armor, wrong_kind};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::provider::{Ed25519Public, Ed25519Secret};
use crate::{Error, ErrorCode};

/// id-Ed25519 (RFC 8410 §3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

impl Key {
    /// A key from one PEM block: `PRIVATE KEY` (PKCS#8) or `PUBLIC KEY` (SPKI).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not exactly one block of these, not well-formed, or a key of another kind than the
    ///   algorithm wants.
    /// - [`ErrorCode::OptionInvalid`]: `allow_short` is for [`Key::from_secret`] only.
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let pem = Key::generate(Algorithm::EdDsa, &KeyOptions::default())?.to_pem(false)?;
    /// let key = Key::from_pem(&pem, Algorithm::EdDsa, &KeyOptions::default())?;
    /// assert_eq!(key.to_pem(false)?, pem);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_pem(text: &str, algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let (label, der) = armor::open(text)?;
        match label {
            "PRIVATE KEY" => Self::from_pkcs8(&der, algorithm, options),
            "PUBLIC KEY" => Self::from_spki(&der, algorithm, options),
            "ENCRYPTED PRIVATE KEY" => Err(invalid("an encrypted private key cannot be read: decrypt it first")),
            "CERTIFICATE" => Err(invalid("this is a certificate; a PUBLIC KEY is wanted")),
            "RSA PRIVATE KEY" | "RSA PUBLIC KEY" => Err(wrong_kind("an RSA key", algorithm)),
            "EC PRIVATE KEY" => Err(wrong_kind("an EC key", algorithm)),
            _ => Err(invalid("PEM label is not PRIVATE KEY or PUBLIC KEY")),
        }
    }

    /// A key from PKCS#8 or SPKI in DER, which the content tells apart.
    ///
    /// # Errors
    /// Those of [`Key::from_pem`].
    pub fn from_der(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
            Self::from_spki(der, algorithm, options)
        } else {
            Self::from_pkcs8(der, algorithm, options)
        }
    }

    fn from_pkcs8(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| invalid("not a PKCS#8 or SPKI key"))?;
        let usable = check(&info.algorithm, algorithm, options)?;
        let material = match usable {
            Family::Ed25519 => Material::Ed25519Private(ed25519_secret(&info)?),
            Family::Hmac(_) => return Err(wrong_kind("a private key", algorithm)),
        };
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
    }

    fn from_spki(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| invalid("not a PKCS#8 or SPKI key"))?;
        let material = match check(&info.algorithm, algorithm, options)? {
            Family::Ed25519 => {
                let bytes = info.subject_public_key.as_bytes().unwrap_or_default();
                Material::Ed25519Public(Ed25519Public::from_bytes(bytes)?)
            }
            Family::Hmac(_) => return Err(wrong_kind("a public key", algorithm)),
        };
        Self::new(algorithm, options.kid.clone(), material, Usage::ANY)
    }

    /// The key as PEM: SPKI of the public half, or PKCS#8 with the private one. Lines end with LF.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret, which has no PEM form, or the private half of a public key.
    pub fn to_pem(&self, private: bool) -> Result<String, Error> {
        let public = match self.material() {
            Material::Secret(_) => return Err(super::usage("a secret has no PEM form")),
            Material::Ed25519Public(_) if private => return Err(super::usage("a public key has no private half")),
            Material::Ed25519Private(secret) if private => return private_pem(secret),
            Material::Ed25519Private(secret) => secret.public_bytes(),
            Material::Ed25519Public(public) => public.to_bytes(),
        };
        let unwritable = |_| Error::new(ErrorCode::Internal, "key cannot be written");
        let subject_public_key = BitStringRef::from_bytes(&public).map_err(unwritable)?;
        let der = SubjectPublicKeyInfoRef { algorithm: ALGORITHM, subject_public_key }.to_der().map_err(unwritable)?;
        Ok(armor::close("PUBLIC KEY", &der))
    }
}

/// RFC 8410 §3: the parameters are absent.
const ALGORITHM: AlgorithmIdentifierRef<'static> = AlgorithmIdentifierRef { oid: ED25519, parameters: None };

fn private_pem(secret: &Ed25519Secret) -> Result<String, Error> {
    let unwritable = || Error::new(ErrorCode::Internal, "key cannot be written");
    // RFC 8410 §7: the private key is an OCTET STRING within the OCTET STRING.
    let inner = OctetStringRef::new(secret.seed()).and_then(|seed| seed.to_der()).map(Zeroizing::new);
    let inner = inner.map_err(|_| unwritable())?;
    let octets = OctetStringRef::new(&inner).map_err(|_| unwritable())?;
    let der = PrivateKeyInfoRef::new(ALGORITHM, octets).to_der().map(Zeroizing::new).map_err(|_| unwritable())?;
    Ok(armor::close("PRIVATE KEY", &der))
}

/// The private key in a PKCS#8 document of `der` bytes.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: not an Ed25519 PKCS#8 document.
pub(crate) fn ed25519_secret_from_pkcs8(der: &[u8]) -> Result<Ed25519Secret, Error> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| invalid("not a PKCS#8 key"))?;
    check(&info.algorithm, Algorithm::EdDsa, &KeyOptions::default())?;
    ed25519_secret(&info)
}

fn ed25519_secret(info: &PrivateKeyInfoRef<'_>) -> Result<Ed25519Secret, Error> {
    let seed = <&OctetStringRef>::from_der(info.private_key.as_bytes())
        .map_err(|_| invalid("the PKCS#8 document holds no Ed25519 private key"))?;
    let secret = Ed25519Secret::from_seed(seed.as_bytes())?;
    // RFC 5958 §2: a version 2 document carries the public key along.
    match info.public_key.as_ref() {
        Some(public) if !secret.owns_public(public.as_bytes().unwrap_or_default()) => {
            Err(invalid("the private and the public part do not belong together"))
        }
        _ => Ok(secret),
    }
}

/// Whether the document's algorithm is the one that `algorithm` wants.
fn check(found: &AlgorithmIdentifierRef<'_>, algorithm: Algorithm, options: &KeyOptions) -> Result<Family, Error> {
    if options.allow_short.is_some() {
        return Err(Error::new(ErrorCode::OptionInvalid, "option \"allowShort\" is for secrets only"));
    }
    let wanted = match algorithm.family() {
        Family::Ed25519 => ED25519,
        Family::Hmac(_) => return Err(wrong_kind("a key pair's file", algorithm)),
    };
    if found.oid != wanted {
        return Err(wrong_kind(name_of(found.oid), algorithm));
    }
    if found.parameters.is_some() {
        return Err(invalid("the key's algorithm has parameters where there are none"));
    }
    Ok(algorithm.family())
}

/// A name for people, of the key kinds they may confuse.
fn name_of(oid: ObjectIdentifier) -> &'static str {
    const NAMES: [(ObjectIdentifier, &str); 6] = [
        (ED25519, "an Ed25519 key"),
        (ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"), "an EC key"),
        (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"), "an RSA key"),
        (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"), "an RSA-PSS key"),
        (ObjectIdentifier::new_unwrap("1.3.101.110"), "an X25519 key"),
        (ObjectIdentifier::new_unwrap("1.3.101.113"), "an Ed448 key"),
    ];
    NAMES.iter().find(|(known, _)| *known == oid).map_or("a key of an unknown kind", |(_, name)| name)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
