//! From a document to a key's numbers.

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{AnyRef, Decode};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::{EC, ED25519, Fault, KeyForm, RSA, RSA_PSS, invalid, kind_of, oid_of};
use crate::Error;
use crate::jwt::algorithm::Curve;
use crate::jwt::key::material::{Material, PrivateKey, PublicKey};
use crate::jwt::provider::{
    EcPublic, EcSecret, Ed25519Public, Ed25519Secret, PssParameters, RsaPrimes, RsaPublic, RsaSecret,
};

/// The key in a document whose form its content tells.
///
/// # Errors
/// As [`read`]; also where it has none of the forms.
pub(crate) fn read_any(der: &[u8]) -> Result<Material, Fault> {
    let form = KeyForm::ALL.into_iter().find(|form| match form {
        KeyForm::Pkcs1Private => RsaPrivateKeyRef::from_der(der).is_ok(),
        KeyForm::Pkcs1Public => RsaPublicKeyRef::from_der(der).is_ok(),
        KeyForm::Pkcs8 => PrivateKeyInfoRef::from_der(der).is_ok(),
        KeyForm::Sec1 => EcPrivateKey::from_der(der).is_ok(),
        KeyForm::Spki => SubjectPublicKeyInfoRef::from_der(der).is_ok(),
    });
    match form {
        Some(form) => read(form, der),
        None => Err(invalid("not a key in PKCS#8, SPKI, PKCS#1 or SEC 1").into()),
    }
}

/// The key in a document of this form.
///
/// # Errors
/// The [`Fault`] of a document that is not well-formed, of numbers that are not valid or do not belong together, and of
/// a kind of key that we do not have.
pub(crate) fn read(form: KeyForm, der: &[u8]) -> Result<Material, Fault> {
    match form {
        KeyForm::Pkcs1Private => Ok(Material::Private(PrivateKey::Rsa(rsa_secret(der, "PKCS#1")?))),
        KeyForm::Pkcs1Public => Ok(Material::Public(PublicKey::Rsa(rsa_public(der, "PKCS#1")?))),
        KeyForm::Pkcs8 => pkcs8(der),
        KeyForm::Sec1 => {
            let key = EcPrivateKey::from_der(der).map_err(|_| invalid("not a SEC 1 key"))?;
            let curve = key.parameters.and_then(EcParameters::named_curve);
            let curve = curve_of(curve.ok_or_else(|| invalid("the SEC 1 key names no curve"))?)?;
            Ok(Material::Private(PrivateKey::Ec(ec_secret(&key, curve)?)))
        }
        KeyForm::Spki => {
            let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| invalid("not an SPKI key"))?;
            read_spki(&info).map(Material::Public)
        }
    }
}

/// The public key in a `SubjectPublicKeyInfo`.
///
/// # Errors
/// As [`read`].
pub(in crate::jwt::key) fn read_spki(info: &SubjectPublicKeyInfoRef<'_>) -> Result<PublicKey, Fault> {
    let key = info.subject_public_key.as_bytes().ok_or_else(|| invalid("not an SPKI key"))?;
    Ok(match Kind::of(&info.algorithm)? {
        Kind::Ec(curve) => PublicKey::Ec(EcPublic::from_point(curve, key)?),
        Kind::Ed25519 => PublicKey::Ed25519(Ed25519Public::from_bytes(key)?),
        Kind::Rsa(pss) => PublicKey::Rsa(rsa_public(key, "SPKI")?.restricted(pss)),
    })
}

fn pkcs8(der: &[u8]) -> Result<Material, Fault> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| invalid("not a PKCS#8 key"))?;
    let key = info.private_key.as_bytes();
    let private = match Kind::of(&info.algorithm)? {
        Kind::Ec(curve) => {
            let ill_formed = || invalid("the PKCS#8 document holds no EC private key");
            let key = EcPrivateKey::from_der(key).map_err(|_| ill_formed())?;
            let named = key.parameters.map(EcParameters::named_curve);
            if named.is_some_and(|named| named != Some(oid_of(curve))) {
                return Err(ill_formed().into());
            }
            PrivateKey::Ec(ec_secret(&key, curve)?)
        }
        Kind::Ed25519 => PrivateKey::Ed25519(ed25519_secret(key)?),
        Kind::Rsa(pss) => PrivateKey::Rsa(rsa_secret(key, "PKCS#8")?.restricted(pss)),
    };
    // RFC 5958 §2: a version 2 document carries the public key along.
    if let Some(public) = info.public_key.as_ref() {
        let public = public.as_bytes().unwrap_or_default();
        let together = match &private {
            PrivateKey::Ec(secret) => EcPublic::from_point(secret.curve(), public)?.point() == secret.public().point(),
            PrivateKey::Ed25519(secret) => secret.owns_public(public),
            PrivateKey::Rsa(_) => false,
        };
        if !together {
            return Err(apart().into());
        }
    }
    Ok(Material::Private(private))
}

/// What an algorithm identifier says of a key.
enum Kind {
    Ec(Curve),
    Ed25519,
    Rsa(Option<PssParameters>),
}

impl Kind {
    fn of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Self, Fault> {
        let parameters = algorithm.parameters;
        if algorithm.oid == EC {
            let curve = parameters.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
            return Ok(Self::Ec(curve_of(curve.ok_or_else(|| invalid("the EC key names no curve"))?)?));
        }
        if algorithm.oid == RSA_PSS {
            return Ok(Self::Rsa(Some(PssParameters::read(parameters)?)));
        }
        let superfluous = || invalid("the key's algorithm has parameters where there are none").into();
        if algorithm.oid == ED25519 {
            return if parameters.is_none() { Ok(Self::Ed25519) } else { Err(superfluous()) };
        }
        if algorithm.oid == RSA {
            let none = parameters.is_none_or(|parameters| parameters == AnyRef::NULL);
            return if none { Ok(Self::Rsa(None)) } else { Err(superfluous()) };
        }
        Err(Fault::Unknown(kind_of(algorithm.oid)))
    }
}

fn curve_of(oid: ObjectIdentifier) -> Result<Curve, Fault> {
    match Curve::ALL.into_iter().find(|curve| oid_of(*curve) == oid) {
        Some(curve) => Ok(curve),
        None if kind_of(oid) == "a secp256k1 key" => Err(Fault::Unknown(kind_of(oid))),
        None => Err(Fault::Unknown("a key of another curve")),
    }
}

fn ec_secret(key: &EcPrivateKey<'_>, curve: Curve) -> Result<EcSecret, Error> {
    let secret = EcSecret::from_bytes(curve, key.private_key)?;
    match key.public_key {
        Some(public) if EcPublic::from_point(curve, public)?.point() != secret.public().point() => Err(apart()),
        _ => Ok(secret),
    }
}

/// RFC 8410 §7: the private key is an OCTET STRING within the OCTET STRING.
fn ed25519_secret(key: &[u8]) -> Result<Ed25519Secret, Error> {
    let seed =
        <&OctetStringRef>::from_der(key).map_err(|_| invalid("the PKCS#8 document holds no Ed25519 private key"))?;
    Ed25519Secret::from_seed(seed.as_bytes())
}

fn rsa_public(der: &[u8], form: &str) -> Result<RsaPublic, Error> {
    let key = RsaPublicKeyRef::from_der(der).map_err(|_| holds_no_rsa_key(form, "public"))?;
    RsaPublic::from_components(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}

fn rsa_secret(der: &[u8], form: &str) -> Result<RsaSecret, Error> {
    let key = RsaPrivateKeyRef::from_der(der).map_err(|_| holds_no_rsa_key(form, "private"))?;
    if key.other_prime_infos.is_some() {
        return Err(invalid("RSA keys of more than two primes are not supported"));
    }
    let number = |number: pkcs8::der::asn1::UintRef<'_>| Zeroizing::new(number.as_bytes().to_vec());
    let primes = RsaPrimes {
        p: number(key.prime1),
        q: number(key.prime2),
        dp: number(key.exponent1),
        dq: number(key.exponent2),
        qi: number(key.coefficient),
    };
    let (n, e, d) = (key.modulus.as_bytes(), key.public_exponent.as_bytes(), key.private_exponent.as_bytes());
    RsaSecret::from_components(n, e, d, Some(&primes))
}

fn holds_no_rsa_key(form: &str, half: &str) -> Error {
    Error::new(crate::ErrorCode::KeyInvalid, format!("the {form} document holds no RSA {half} key"))
}

fn apart() -> Error {
    invalid("the private and the public part do not belong together")
}
