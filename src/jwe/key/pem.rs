//! Encryption keys as PKCS#8 and SPKI (RFC 5958, RFC 5280, RFC 8410), in and out.

use pkcs8::der::asn1::{BitStringRef, OctetStringRef};
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::{EncryptionKey, KeyOptions, Material, Usage, invalid, usage, wrong_kind};
use crate::jwe::agreement::{Coordinates, Curve, Private, Public};
use crate::jwe::algorithm::{Algorithm, Family};
use crate::jwt::key::{armor, pem};
use crate::{Error, ErrorCode};

/// id-X25519 (RFC 8410 §3), whose parameters are absent.
const X25519: AlgorithmIdentifierRef<'static> =
    AlgorithmIdentifierRef { oid: ObjectIdentifier::new_unwrap("1.3.101.110"), parameters: None };

impl EncryptionKey {
    /// A key from one PEM block: `PRIVATE KEY` (PKCS#8) or `PUBLIC KEY` (SPKI).
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: not exactly one block of these, not well-formed, or a key of another kind than the
    ///   algorithm wants.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, EncryptionKey, GenerateOptions, KeyOptions};
    ///
    /// let pem = EncryptionKey::generate(Algorithm::EcdhEs, &GenerateOptions::default())?.to_pem(false)?;
    /// let key = EncryptionKey::from_pem(&pem, Algorithm::EcdhEs, &KeyOptions::default())?;
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
            _ => Err(invalid("PEM label is not PRIVATE KEY or PUBLIC KEY")),
        }
    }

    /// A key from PKCS#8 or SPKI in DER, which the content tells apart.
    ///
    /// # Errors
    /// Those of [`EncryptionKey::from_pem`].
    pub fn from_der(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
            Self::from_spki(der, algorithm, options)
        } else {
            Self::from_pkcs8(der, algorithm, options)
        }
    }

    fn from_pkcs8(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| invalid("not a PKCS#8 or SPKI key"))?;
        check(&info.algorithm, algorithm)?;
        // RFC 8410 §7: the private key is an OCTET STRING within the OCTET STRING.
        let private = <&OctetStringRef>::from_der(info.private_key.as_bytes()).ok();
        let private = private
            .and_then(|bytes| Private::from_bytes(Curve::X25519, bytes.as_bytes()))
            .ok_or_else(|| invalid("the PKCS#8 document holds no X25519 private key"))?;
        // RFC 5958 §2: a version 2 document carries the public key along.
        if info.public_key.is_some_and(|public| public.as_bytes() != Some(&private.public().coordinates().x)) {
            return Err(invalid("the private and the public part do not belong together"));
        }
        Ok(Self::new(algorithm, options.kid.clone(), Material::Private(private), Usage::ANY))
    }

    fn from_spki(der: &[u8], algorithm: Algorithm, options: &KeyOptions) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| invalid("not a PKCS#8 or SPKI key"))?;
        check(&info.algorithm, algorithm)?;
        let x = info.subject_public_key.as_bytes().unwrap_or_default().to_vec();
        let public = Public::from_coordinates(Curve::X25519, &Coordinates { x, y: None })
            .ok_or_else(|| invalid("the SPKI document holds no X25519 public key"))?;
        Ok(Self::new(algorithm, options.kid.clone(), Material::Public(public), Usage::ANY))
    }

    /// The key as PEM: SPKI of the public half, or PKCS#8 with the private one. Lines end with LF.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret or password, which has no PEM form, or the private half of a public key.
    pub fn to_pem(&self, private: bool) -> Result<String, Error> {
        let public = match &self.0.material {
            Material::Password(_) | Material::Secret(_) => return Err(usage("a secret has no PEM form")),
            Material::Public(_) if private => return Err(usage("a public key has no private half")),
            Material::Private(own) if private => return private_pem(own),
            Material::Private(own) => own.public(),
            Material::Public(public) => public.clone(),
        };
        let point = public.coordinates().x;
        let subject_public_key = BitStringRef::from_bytes(&point).map_err(|_| unwritable())?;
        let info = SubjectPublicKeyInfoRef { algorithm: X25519, subject_public_key };
        Ok(armor::close("PUBLIC KEY", &info.to_der().map_err(|_| unwritable())?))
    }
}

fn private_pem(private: &Private) -> Result<String, Error> {
    let bytes = private.to_bytes();
    let inner = OctetStringRef::new(&bytes).and_then(|octets| octets.to_der()).map(Zeroizing::new);
    let inner = inner.map_err(|_| unwritable())?;
    let octets = OctetStringRef::new(&inner).map_err(|_| unwritable())?;
    let der = PrivateKeyInfoRef::new(X25519, octets).to_der().map(Zeroizing::new).map_err(|_| unwritable())?;
    Ok(armor::close("PRIVATE KEY", &der))
}

/// Whether the document's algorithm is one that `algorithm` is used with.
fn check(found: &AlgorithmIdentifierRef<'_>, algorithm: Algorithm) -> Result<(), Error> {
    if !matches!(algorithm.family(), Family::EcdhEs(_)) {
        return Err(wrong_kind("a key pair's file", algorithm));
    }
    if found.oid != X25519.oid {
        return Err(wrong_kind(pem::name_of(found.oid), algorithm));
    }
    if found.parameters.is_some() {
        return Err(invalid("the key's algorithm has parameters where there are none"));
    }
    Ok(())
}

fn unwritable() -> Error {
    Error::new(ErrorCode::Internal, "key cannot be written")
}
