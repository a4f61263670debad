//! X25519 keys in documents and JWKs (RFC 8410, RFC 8037).

use zeroize::Zeroizing;

use super::material::{Material, PrivateKey, PublicKey};
use crate::Error;
use crate::crypto::der::{AlgorithmIdentifier, OCTET_STRING, element, octet_string};
use crate::crypto::x25519::{X25519Private, X25519Public};
use crate::jose::document::{self, KeyForm, Pkcs8, Spki, pkcs8_of, spki_of};
use crate::jose::jwk::{Jwk, bytes, invalid};
use crate::jose::usage::usage_error;
use crate::jwe::agreement::{Private, Public};

/// id-X25519, which has no parameters (RFC 8410 §3).
const X25519: AlgorithmIdentifier<'static> = AlgorithmIdentifier { oid: document::X25519, parameters: None };

/// The key in a JWK whose `crv` is X25519.
///
/// # Errors
/// - [`KeyInvalid`](crate::ErrorCode::KeyInvalid): a member is missing or invalid, or private and public key do not
///   match.
pub(super) fn from_jwk(jwk: &Jwk) -> Result<Material, Error> {
    let public = X25519Public::from_bytes(&bytes("x", jwk.x.as_deref())?).ok_or_else(no_public_key)?;
    let Some(d) = jwk.d.as_deref() else {
        return Ok(Material::Public(Box::new(PublicKey::Agreement(Public::X25519(public)))));
    };
    let private = X25519Private::from_bytes(&bytes("d", Some(d))?).ok_or_else(no_private_key)?;
    if private.public().to_bytes() != public.to_bytes() {
        return Err(invalid("JWK members \"x\" and \"d\" do not match"));
    }
    Ok(Material::Private(PrivateKey::Agreement(Private::X25519(private))))
}

/// The X25519 key in a PKCS#8 or SPKI document, or `None` if the document contains another kind of key.
pub(super) fn from_document(der: &[u8]) -> Result<Option<Material>, Error> {
    if let Ok(info) = Spki::parse(der) {
        return from_spki(&info);
    }
    let Ok(info) = Pkcs8::parse(der) else { return Ok(None) };
    if !is_x25519(&info.algorithm)? {
        return Ok(None);
    }
    // The private key is an OCTET STRING inside the OCTET STRING (RFC 8410 §7).
    let key = octet_string(info.key).ok().and_then(X25519Private::from_bytes).ok_or_else(no_private_key)?;
    // A version 2 document also contains the public key (RFC 5958 §2).
    if info.public.is_some_and(|public| public != key.public().to_bytes()) {
        return Err(invalid("the private and the public key do not match"));
    }
    Ok(Some(Material::Private(PrivateKey::Agreement(Private::X25519(key)))))
}

/// Like [`from_document`], for a public key.
pub(super) fn from_spki(info: &Spki<'_>) -> Result<Option<Material>, Error> {
    if !is_x25519(&info.algorithm)? {
        return Ok(None);
    }
    let key = X25519Public::from_bytes(info.key).ok_or_else(no_public_key)?;
    Ok(Some(Material::Public(Box::new(PublicKey::Agreement(Public::X25519(key))))))
}

fn is_x25519(algorithm: &AlgorithmIdentifier<'_>) -> Result<bool, Error> {
    match algorithm.parameters {
        _ if algorithm.oid != X25519.oid => Ok(false),
        None => Ok(true),
        Some(_) => Err(invalid("the key's algorithm identifier has parameters that are not allowed")),
    }
}

/// Writes a key as a document in the given format.
///
/// # Errors
/// - [`KeyUsage`](crate::ErrorCode::KeyUsage): the format does not exist for X25519 keys, or needs the private key and
///   only the public key is known.
pub(super) fn to_document(
    form: KeyForm,
    private: Option<&X25519Private>,
    public: &X25519Public,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    match (form, private) {
        (KeyForm::Spki, _) => Ok(spki_of(&X25519.write(), &public.to_bytes())),
        (KeyForm::Pkcs8, Some(private)) => {
            Ok(pkcs8_of(&X25519.write(), &element(OCTET_STRING, &[&private.to_bytes()])))
        }
        (KeyForm::Pkcs8, None) => Err(usage_error("a public key has no private half")),
        (KeyForm::Pkcs1Private | KeyForm::Pkcs1Public, _) => Err(usage_error("PKCS#1 is for RSA keys only")),
        (KeyForm::Sec1, _) => Err(usage_error("SEC 1 is for EC keys only")),
    }
}

fn no_public_key() -> Error {
    invalid("the X25519 public key is not 32 bytes long or is of small order")
}

fn no_private_key() -> Error {
    invalid("an X25519 private key must be 32 bytes")
}
