//! From a key's numbers to a document.

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::{BitStringRef, OctetStringRef, UintRef};
use pkcs8::der::{AnyRef, Decode, Encode, Error as DerError};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::{EC, ED25519, KeyForm, RSA, RSA_PSS, oid_of};
use crate::jwt::key::material::{Material, PrivateKey, PublicKey};
use crate::jwt::key::usage;
use crate::jwt::provider::{EcSecret, Ed25519Secret, PssParameters, RsaPublic, RsaSecret};
use crate::{Error, ErrorCode};

/// The document of this form for a key.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: a secret, which has no such document; the private half of a public key; a form that this
///   kind of key does not have.
pub(crate) fn write(form: KeyForm, material: &Material) -> Result<Zeroizing<Vec<u8>>, Error> {
    let public = || match material {
        Material::Private(private) => private.public(),
        Material::Public(public) => Ok(public.clone()),
        Material::Secret(_) => Err(usage("a secret has no PEM or DER form")),
    };
    let private = || match material {
        Material::Private(private) => Ok(private),
        Material::Public(_) => Err(usage("a public key has no private half")),
        Material::Secret(_) => Err(usage("a secret has no PEM or DER form")),
    };
    let document = match form {
        KeyForm::Pkcs1Private => match private()? {
            PrivateKey::Rsa(secret) => rsa_secret(secret)?,
            _ => return Err(usage("PKCS#1 is a form of RSA keys only")),
        },
        KeyForm::Pkcs1Public => match public()? {
            PublicKey::Rsa(public) => rsa_public(&public),
            _ => return Err(usage("PKCS#1 is a form of RSA keys only")),
        },
        KeyForm::Pkcs8 => pkcs8(private()?)?,
        KeyForm::Sec1 => match private()? {
            PrivateKey::Ec(secret) => sec1(secret, true),
            _ => return Err(usage("SEC 1 is a form of EC keys only")),
        },
        KeyForm::Spki => spki(&public()?),
    };
    document.map_err(|_| Error::new(ErrorCode::Internal, "key cannot be written"))
}

type Document = Result<Zeroizing<Vec<u8>>, DerError>;

fn spki(public: &PublicKey) -> Document {
    match public {
        PublicKey::Ec(key) => {
            let curve = oid_of(key.curve());
            spki_of(AlgorithmIdentifierRef { oid: EC, parameters: Some((&curve).into()) }, &key.point())
        }
        // RFC 8410 §3: the parameters are absent.
        PublicKey::Ed25519(key) => spki_of(AlgorithmIdentifierRef { oid: ED25519, parameters: None }, &key.to_bytes()),
        PublicKey::Rsa(key) => spki_of(rsa_algorithm(key.pss())?, &rsa_public(key)?),
    }
}

fn spki_of(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Document {
    let subject_public_key = BitStringRef::from_bytes(key)?;
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().map(Zeroizing::new)
}

fn pkcs8(private: &PrivateKey) -> Result<Document, Error> {
    Ok(match private {
        PrivateKey::Ec(secret) => {
            let curve = oid_of(secret.curve());
            let algorithm = AlgorithmIdentifierRef { oid: EC, parameters: Some((&curve).into()) };
            // RFC 5915 §3 has the curve in there too; within PKCS#8 it would say the same thing twice.
            sec1(secret, false).and_then(|key| pkcs8_of(algorithm, &key))
        }
        PrivateKey::Ed25519(secret) => {
            let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
            ed25519_secret(secret).and_then(|key| pkcs8_of(algorithm, &key))
        }
        PrivateKey::Rsa(secret) => {
            let key = rsa_secret(secret)?;
            key.and_then(|key| pkcs8_of(rsa_algorithm(secret.pss())?, &key))
        }
    })
}

fn pkcs8_of(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Document {
    PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(key)?).to_der().map(Zeroizing::new)
}

/// RFC 8017 appendix A.1: the parameters are NULL; those of RSASSA-PSS are what the key came with.
fn rsa_algorithm(pss: Option<&PssParameters>) -> Result<AlgorithmIdentifierRef<'_>, DerError> {
    Ok(match pss {
        None => AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) },
        Some(pss) => AlgorithmIdentifierRef { oid: RSA_PSS, parameters: pss.der().map(AnyRef::from_der).transpose()? },
    })
}

/// RFC 8410 §7: the private key is an OCTET STRING within the OCTET STRING.
fn ed25519_secret(secret: &Ed25519Secret) -> Document {
    OctetStringRef::new(secret.seed())?.to_der().map(Zeroizing::new)
}

fn sec1(secret: &EcSecret, names_curve: bool) -> Document {
    let (private_key, public_key) = (secret.to_bytes(), secret.public().point());
    let parameters = names_curve.then(|| EcParameters::NamedCurve(oid_of(secret.curve())));
    EcPrivateKey { private_key: &private_key, parameters, public_key: Some(&public_key) }.to_der().map(Zeroizing::new)
}

fn rsa_public(key: &RsaPublic) -> Document {
    let (modulus, exponent) = (key.modulus(), key.exponent());
    let key = RsaPublicKeyRef { modulus: UintRef::new(&modulus)?, public_exponent: UintRef::new(&exponent)? };
    key.to_der().map(Zeroizing::new)
}

fn rsa_secret(secret: &RsaSecret) -> Result<Document, Error> {
    let primes = secret.primes()?;
    let (public, private_exponent) = (secret.public(), secret.private_exponent());
    let (modulus, exponent) = (public.modulus(), public.exponent());
    let write = || {
        let key = RsaPrivateKeyRef {
            modulus: UintRef::new(&modulus)?,
            public_exponent: UintRef::new(&exponent)?,
            private_exponent: UintRef::new(&private_exponent)?,
            prime1: UintRef::new(&primes.p)?,
            prime2: UintRef::new(&primes.q)?,
            exponent1: UintRef::new(&primes.dp)?,
            exponent2: UintRef::new(&primes.dq)?,
            coefficient: UintRef::new(&primes.qi)?,
            other_prime_infos: None,
        };
        key.to_der().map(Zeroizing::new)
    };
    Ok(write())
}
