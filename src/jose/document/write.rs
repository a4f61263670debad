//! Writes a key as a DER document.

use zeroize::Zeroizing;

use super::form::KeyForm;
use super::identifiers::{EC, ED25519, RSA, RSA_PSS, oid_of, oid_of_set};
use crate::Error;
use crate::crypto::der::{
    AlgorithmIdentifier, EXPLICIT, IMPLICIT, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, bit_string, element,
    integer,
};
use crate::crypto::ecdsa::EcSecret;
use crate::crypto::rsa::{PssParameters, RsaPublic, RsaSecret};
use crate::jose::material::{Material, PrivateKey, PublicKey};
use crate::jose::usage::{kept_elsewhere, no_public_half, usage_error};

type Document = Zeroizing<Vec<u8>>;

/// Writes a key in this format.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): the key is a secret, which has no document; the key is public
///   and the format needs a private one; or the format does not exist for this kind of key.
pub(crate) fn write(form: KeyForm, material: &Material) -> Result<Document, Error> {
    let public = || match material {
        Material::Private(private) => private.public(),
        Material::Public(public) | Material::Elsewhere(Some(public)) => Ok(public.clone()),
        Material::Elsewhere(None) => Err(no_public_half()),
        Material::Secret(_) => Err(usage_error("a secret has no PEM or DER form")),
    };
    let private = || match material {
        Material::Private(private) => Ok(private),
        Material::Public(_) => Err(usage_error("a public key has no private half")),
        Material::Elsewhere(_) => Err(kept_elsewhere()),
        Material::Secret(_) => Err(usage_error("a secret has no PEM or DER form")),
    };
    match form {
        KeyForm::Pkcs1Private => match private()? {
            PrivateKey::Rsa(secret) => rsa_secret(secret),
            _ => Err(usage_error("PKCS#1 is for RSA keys only")),
        },
        KeyForm::Pkcs1Public => match public()? {
            PublicKey::Rsa(public) => Ok(rsa_public(&public)),
            _ => Err(usage_error("PKCS#1 is for RSA keys only")),
        },
        KeyForm::Pkcs8 => pkcs8(private()?),
        KeyForm::Sec1 => match private()? {
            PrivateKey::Ec(secret) => Ok(sec1(secret, true)),
            _ => Err(usage_error("SEC 1 is for EC keys only")),
        },
        KeyForm::Spki => Ok(spki(&public()?)),
    }
}

/// The SPKI document of a public key.
pub(crate) fn spki(public: &PublicKey) -> Document {
    match public {
        PublicKey::Ec(key) => spki_of(&ec_algorithm(oid_of(key.curve())), &key.point()),
        // RFC 8410 §3: the parameters are absent.
        PublicKey::Ed25519(key) => spki_of(&algorithm(ED25519, None), &key.to_bytes()),
        // RFC 9881 §2: the parameters are absent.
        PublicKey::MlDsa(key) => spki_of(&algorithm(oid_of_set(key.set()), None), key.bytes()),
        PublicKey::Rsa(key) => spki_of(&rsa_algorithm(key.pss()), &rsa_public(key)),
    }
}

/// Wraps an encoded public key in SPKI.
pub(crate) fn spki_of(algorithm: &[u8], key: &[u8]) -> Document {
    element(SEQUENCE, &[algorithm, &bit_string(key)])
}

fn pkcs8(private: &PrivateKey) -> Result<Document, Error> {
    Ok(match private {
        // RFC 5915 §3 allows the curve here too, but PKCS#8 already names it.
        PrivateKey::Ec(secret) => pkcs8_of(&ec_algorithm(oid_of(secret.curve())), &sec1(secret, false)),
        // The private key is an OCTET STRING inside the OCTET STRING (RFC 8410 §7).
        PrivateKey::Ed25519(secret) => {
            pkcs8_of(&algorithm(ED25519, None), &element(OCTET_STRING, &[secret.seed().as_slice()]))
        }
        // The seed alone, [0] IMPLICIT (RFC 9881 §6).
        PrivateKey::MlDsa(secret) => {
            pkcs8_of(&algorithm(oid_of_set(secret.set()), None), &element(IMPLICIT, &[secret.seed().as_slice()]))
        }
        PrivateKey::Rsa(secret) => pkcs8_of(&rsa_algorithm(secret.pss()), &rsa_secret(secret)?),
    })
}

/// Wraps an encoded private key in PKCS#8.
pub(crate) fn pkcs8_of(algorithm: &[u8], key: &[u8]) -> Document {
    element(SEQUENCE, &[&integer(&[]), algorithm, &element(OCTET_STRING, &[key])])
}

fn algorithm(oid: &[u8], parameters: Option<&[u8]>) -> Document {
    AlgorithmIdentifier { oid, parameters }.write()
}

fn ec_algorithm(curve: &[u8]) -> Document {
    algorithm(EC, Some(&element(OBJECT_IDENTIFIER, &[curve])))
}

/// The parameters are NULL (RFC 8017 appendix A.1), or the original ones for an RSASSA-PSS key.
fn rsa_algorithm(pss: Option<&PssParameters>) -> Document {
    match pss {
        None => algorithm(RSA, Some(NULL)),
        Some(pss) => algorithm(RSA_PSS, pss.der()),
    }
}

fn sec1(secret: &EcSecret, names_curve: bool) -> Document {
    let curve = element(OBJECT_IDENTIFIER, &[oid_of(secret.curve())]);
    let curve = if names_curve { element(EXPLICIT, &[&curve]) } else { Document::default() };
    let public = element(EXPLICIT | 1, &[&bit_string(&secret.public().point())]);
    element(SEQUENCE, &[&integer(&[1]), &element(OCTET_STRING, &[&secret.to_bytes()]), &curve, &public])
}

fn rsa_public(key: &RsaPublic) -> Document {
    element(SEQUENCE, &[&integer(&key.modulus()), &integer(&key.exponent())])
}

fn rsa_secret(secret: &RsaSecret) -> Result<Document, Error> {
    let (public, primes) = (secret.public(), secret.primes()?);
    let private_exponent = secret.private_exponent();
    let (modulus, exponent) = (public.modulus(), public.exponent());
    let numbers: [&[u8]; 9] =
        [&[], &modulus, &exponent, &private_exponent, &primes.p, &primes.q, &primes.dp, &primes.dq, &primes.qi];
    let numbers = numbers.map(integer);
    let parts: Vec<&[u8]> = numbers.iter().map(|number| number.as_slice()).collect();
    Ok(element(SEQUENCE, &parts))
}
