//! Reads a key from a DER document.

use zeroize::Zeroizing;

use super::error::DocumentError;
use super::form::KeyForm;
use super::identifiers::{EC, ED25519, RSA, RSA_PSS, kind_of, oid_of, oid_of_set};
use crate::crypto::curve::Curve;
use crate::crypto::der::{
    AlgorithmIdentifier, IMPLICIT, INTEGER, Malformed, NULL, OBJECT_IDENTIFIER, OCTET_STRING, Parsed, Reader, SEQUENCE,
    document, octet_string, only, whole_bytes,
};
use crate::crypto::ecdsa::{EcPublic, EcSecret};
use crate::crypto::ed25519::{Ed25519Public, Ed25519Secret};
use crate::crypto::ml_dsa::{MlDsaPublic, MlDsaSecret, ParameterSet};
use crate::crypto::rsa::{PssParameters, RsaPrimes, RsaPublic, RsaSecret};
use crate::jose::material::{Material, PrivateKey, PublicKey};
use crate::{Error, ErrorCode};

/// Reads the key in a document of any format. Detects the format from the content.
///
/// # Errors
/// Those of [`read`], and [`DocumentError::Invalid`] if the document has none of the formats.
pub(crate) fn read_any(der: &[u8]) -> Result<Material, DocumentError> {
    match KeyForm::ALL.into_iter().find(|form| has_form(*form, der)) {
        Some(form) => read(form, der),
        None => Err(invalid(not_a_key(der)).into()),
    }
}

/// What to do with a file that holds keys in another format, which is known by its first bytes.
fn not_a_key(der: &[u8]) -> &'static str {
    match der {
        // `PFX` (RFC 7292 §4): a sequence that starts with version 3.
        [SEQUENCE, 0x80, rest @ ..] | [SEQUENCE, 0x81, _, rest @ ..] | [SEQUENCE, 0x82, _, _, rest @ ..]
            if rest.starts_with(&[INTEGER, 1, 3]) =>
        {
            "this is a PKCS#12 file: extract the key with \"openssl pkcs12 -nocerts -nodes -in OLD -out NEW\""
        }
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => {
            "this is a Java keystore: make it PKCS#12 with \"keytool -importkeystore -deststoretype pkcs12\", then extract \
             the key"
        }
        _ => "not a key in PKCS#8, SPKI, PKCS#1 or SEC 1",
    }
}

/// Whether a document has this format. Says nothing about the key in it.
pub(crate) fn has_form(form: KeyForm, der: &[u8]) -> bool {
    match form {
        KeyForm::Pkcs1Private => Pkcs1Private::parse(der).is_ok(),
        KeyForm::Pkcs1Public => Pkcs1Public::parse(der).is_ok(),
        KeyForm::Pkcs8 => Pkcs8::parse(der).is_ok(),
        KeyForm::Sec1 => Sec1::parse(der).is_ok(),
        KeyForm::Spki => Spki::parse(der).is_ok(),
    }
}

/// Reads the key in a document of this format.
///
/// # Errors
/// - [`DocumentError::Invalid`]: the document is malformed, or its numbers are invalid or do not match.
/// - [`DocumentError::Unknown`]: the kind of key is not supported.
pub(crate) fn read(form: KeyForm, der: &[u8]) -> Result<Material, DocumentError> {
    match form {
        KeyForm::Pkcs1Private => Ok(Material::Private(PrivateKey::Rsa(rsa_secret(der, "PKCS#1")?))),
        KeyForm::Pkcs1Public => Ok(Material::Public(PublicKey::Rsa(rsa_public(der, "PKCS#1")?))),
        KeyForm::Pkcs8 => pkcs8(der),
        KeyForm::Sec1 => {
            let key = Sec1::parse(der).map_err(|_| invalid("not a SEC 1 key"))?;
            let curve = curve_of(key.curve.ok_or_else(|| invalid("the SEC 1 key names no curve"))?)?;
            Ok(Material::Private(PrivateKey::Ec(ec_secret(&key, curve)?)))
        }
        KeyForm::Spki => {
            let info = Spki::parse(der).map_err(|_| invalid("not an SPKI key"))?;
            read_spki(&info).map(Material::Public)
        }
    }
}

/// `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
pub(crate) struct Spki<'d> {
    pub(crate) algorithm: AlgorithmIdentifier<'d>,
    pub(crate) key: &'d [u8],
}

impl<'d> Spki<'d> {
    /// Parses a document that is exactly one `SubjectPublicKeyInfo`.
    pub(crate) fn parse(der: &'d [u8]) -> Parsed<Self> {
        document(der, Self::fields)
    }

    pub(crate) fn fields(fields: &mut Reader<'d>) -> Parsed<Self> {
        Ok(Self { algorithm: AlgorithmIdentifier::read(fields)?, key: fields.bit_string()? })
    }
}

/// Reads the public key in a `SubjectPublicKeyInfo`.
///
/// # Errors
/// Those of [`read`].
pub(crate) fn read_spki(info: &Spki<'_>) -> Result<PublicKey, DocumentError> {
    Ok(match Kind::of(&info.algorithm)? {
        Kind::Ec(curve) => PublicKey::Ec(EcPublic::from_point(curve, info.key)?),
        Kind::Ed25519 => PublicKey::Ed25519(Ed25519Public::from_bytes(info.key)?),
        Kind::MlDsa(set) => PublicKey::MlDsa(MlDsaPublic::from_bytes(set, info.key)?),
        Kind::Rsa(pss) => PublicKey::Rsa(rsa_public(info.key, "SPKI")?.restricted(pss)),
    })
}

/// `OneAsymmetricKey` (RFC 5958 §2), without its attributes.
pub(crate) struct Pkcs8<'d> {
    pub(crate) algorithm: AlgorithmIdentifier<'d>,
    pub(crate) key: &'d [u8],
    pub(crate) public: Option<&'d [u8]>,
}

impl<'d> Pkcs8<'d> {
    pub(crate) fn parse(der: &'d [u8]) -> Parsed<Self> {
        document(der, |fields| {
            let version = fields.small_integer()?;
            let algorithm = AlgorithmIdentifier::read(fields)?;
            let key = fields.take(OCTET_STRING)?;
            // The attributes: [0] SET OF Attribute, constructed.
            fields.optional(IMPLICIT | 0x20)?;
            let public = fields.optional(IMPLICIT | 1)?.map(whole_bytes).transpose()?;
            // Version 2 (encoded as 1) has a public key, version 1 (encoded as 0) has none.
            if version == u32::from(public.is_some()) { Ok(Self { algorithm, key, public }) } else { Err(Malformed) }
        })
    }
}

fn pkcs8(der: &[u8]) -> Result<Material, DocumentError> {
    let info = Pkcs8::parse(der).map_err(|_| invalid("not a PKCS#8 key"))?;
    let private = match Kind::of(&info.algorithm)? {
        Kind::Ec(curve) => {
            let malformed = || invalid("the PKCS#8 document holds no EC private key");
            let key = Sec1::parse(info.key).map_err(|_| malformed())?;
            if key.curve.is_some_and(|named| named != oid_of(curve)) {
                return Err(malformed().into());
            }
            PrivateKey::Ec(ec_secret(&key, curve)?)
        }
        Kind::Ed25519 => PrivateKey::Ed25519(ed25519_secret(info.key)?),
        Kind::MlDsa(set) => PrivateKey::MlDsa(ml_dsa_secret(set, info.key)?),
        Kind::Rsa(pss) => PrivateKey::Rsa(rsa_secret(info.key, "PKCS#8")?.restricted(pss)),
    };
    if let Some(public) = info.public {
        let matches = match &private {
            PrivateKey::Ec(secret) => EcPublic::from_point(secret.curve(), public)?.point() == secret.public().point(),
            PrivateKey::Ed25519(secret) => secret.owns_public(public),
            PrivateKey::MlDsa(secret) => secret.owns_public(public),
            PrivateKey::Rsa(_) => false,
        };
        if !matches {
            return Err(mismatch().into());
        }
    }
    Ok(Material::Private(private))
}

/// The kind of key that an algorithm identifier names.
enum Kind {
    Ec(Curve),
    Ed25519,
    MlDsa(ParameterSet),
    Rsa(Option<PssParameters>),
}

impl Kind {
    fn of(algorithm: &AlgorithmIdentifier<'_>) -> Result<Self, DocumentError> {
        let parameters = algorithm.parameters;
        let unexpected_parameters =
            || invalid("the key's algorithm identifier has parameters that are not allowed").into();
        match algorithm.oid {
            EC => match parameters {
                Some([OBJECT_IDENTIFIER, _, curve @ ..]) => Ok(Self::Ec(curve_of(curve)?)),
                Some([SEQUENCE, ..]) => curve_of(EXPLICIT_PARAMETERS).map(Self::Ec),
                _ => Err(invalid("the EC key names no curve").into()),
            },
            ED25519 if parameters.is_some() => Err(unexpected_parameters()),
            ED25519 => Ok(Self::Ed25519),
            RSA if parameters.is_some_and(|parameters| parameters != NULL) => Err(unexpected_parameters()),
            RSA => Ok(Self::Rsa(None)),
            RSA_PSS => Ok(Self::Rsa(Some(PssParameters::read(parameters)?))),
            other => match ParameterSet::ALL.into_iter().find(|set| oid_of_set(*set) == other) {
                Some(_) if parameters.is_some() => Err(unexpected_parameters()),
                Some(set) => Ok(Self::MlDsa(set)),
                None => Err(DocumentError::Unknown(kind_of(other))),
            },
        }
    }
}

/// Stands for a curve that is described by its numbers. No object identifier is empty.
const EXPLICIT_PARAMETERS: &[u8] = &[];

fn curve_of(oid: &[u8]) -> Result<Curve, DocumentError> {
    match Curve::ALL.into_iter().find(|curve| oid_of(*curve) == oid) {
        Some(curve) => Ok(curve),
        None if oid == EXPLICIT_PARAMETERS => Err(invalid(
            "the EC key has explicit parameters and names no curve: convert it with \"openssl ec -param_enc named_curve\", a public key with \"-pubin\" too",
        )
        .into()),
        None if kind_of(oid) == "a secp256k1 key" => Err(DocumentError::Unknown(kind_of(oid))),
        None => Err(DocumentError::Unknown("a key on an unsupported curve")),
    }
}

/// `ECPrivateKey` (RFC 5915 §3).
struct Sec1<'d> {
    key: &'d [u8],
    curve: Option<&'d [u8]>,
    public: Option<&'d [u8]>,
}

impl<'d> Sec1<'d> {
    fn parse(der: &'d [u8]) -> Parsed<Self> {
        document(der, |fields| match fields.small_integer()? {
            1 => Ok(Self {
                key: fields.take(OCTET_STRING)?,
                curve: fields.explicit(0, |inner| match inner.element()? {
                    (OBJECT_IDENTIFIER, curve, _) => Ok(curve),
                    (SEQUENCE, ..) => Ok(EXPLICIT_PARAMETERS),
                    _ => Err(Malformed),
                })?,
                public: fields.explicit(1, Reader::bit_string)?,
            }),
            _ => Err(Malformed),
        })
    }
}

fn ec_secret(key: &Sec1<'_>, curve: Curve) -> Result<EcSecret, Error> {
    match key.public {
        Some(public) => EcSecret::from_pair(key.key, &EcPublic::from_point(curve, public)?, mismatch),
        None => EcSecret::from_bytes(curve, key.key),
    }
}

/// The private key is an OCTET STRING inside the OCTET STRING (RFC 8410 §7).
fn ed25519_secret(key: &[u8]) -> Result<Ed25519Secret, Error> {
    let seed = octet_string(key).map_err(|_| invalid("the PKCS#8 document holds no Ed25519 private key"))?;
    Ed25519Secret::from_seed(seed)
}

/// A choice (RFC 9881 §6): the seed, the key that was expanded from it, or both.
fn ml_dsa_secret(set: ParameterSet, key: &[u8]) -> Result<MlDsaSecret, Error> {
    if octet_string(key).is_ok() {
        return Err(invalid("the PKCS#8 document holds an ML-DSA private key without the seed that it was made from"));
    }
    let (seed, expanded) = match only(key, IMPLICIT) {
        Ok(seed) => (seed, None),
        Err(_) => document(key, |both| Ok((both.take(OCTET_STRING)?, Some(both.take(OCTET_STRING)?))))
            .map_err(|_| invalid("the PKCS#8 document holds no ML-DSA private key"))?,
    };
    let secret = MlDsaSecret::from_seed(set, seed)?;
    if expanded.is_some_and(|expanded| !secret.expands_to(expanded)) { Err(mismatch()) } else { Ok(secret) }
}

/// `RSAPublicKey` (RFC 8017 appendix A.1.1).
struct Pkcs1Public<'d> {
    n: &'d [u8],
    e: &'d [u8],
}

impl<'d> Pkcs1Public<'d> {
    fn parse(der: &'d [u8]) -> Parsed<Self> {
        document(der, |fields| Ok(Self { n: fields.integer()?, e: fields.integer()? }))
    }
}

fn rsa_public(der: &[u8], form: &str) -> Result<RsaPublic, Error> {
    let key = Pkcs1Public::parse(der).map_err(|_| holds_no_rsa_key(form, "public"))?;
    RsaPublic::from_components(key.n, key.e)
}

/// `RSAPrivateKey` (RFC 8017 appendix A.1.2).
struct Pkcs1Private<'d> {
    public: Pkcs1Public<'d>,
    d: &'d [u8],
    /// p, q, d mod (p-1), d mod (q-1), and the inverse of q mod p.
    primes: [&'d [u8]; 5],
    /// Keys with more than two primes have version 1, others have version 0.
    more_primes: bool,
}

impl<'d> Pkcs1Private<'d> {
    fn parse(der: &'d [u8]) -> Parsed<Self> {
        document(der, |fields| {
            let version = fields.small_integer()?;
            let public = Pkcs1Public { n: fields.integer()?, e: fields.integer()? };
            let d = fields.integer()?;
            let mut primes: [&[u8]; 5] = [&[]; 5];
            for number in &mut primes {
                *number = fields.integer()?;
            }
            let more_primes = !fields.is_empty();
            if more_primes {
                fields.sequence(|others| {
                    while !others.is_empty() {
                        others.element()?;
                    }
                    Ok(())
                })?;
            }
            if version == u32::from(more_primes) { Ok(Self { public, d, primes, more_primes }) } else { Err(Malformed) }
        })
    }
}

fn rsa_secret(der: &[u8], form: &str) -> Result<RsaSecret, Error> {
    let key = Pkcs1Private::parse(der).map_err(|_| holds_no_rsa_key(form, "private"))?;
    if key.more_primes {
        return Err(invalid("RSA keys with more than two primes are not supported"));
    }
    let [p, q, dp, dq, qi] = key.primes.map(|number| Zeroizing::new(number.to_vec()));
    RsaSecret::from_components(key.public.n, key.public.e, key.d, Some(&RsaPrimes { p, q, dp, dq, qi }))
}

fn holds_no_rsa_key(form: &str, half: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, format!("the {form} document holds no RSA {half} key"))
}

fn mismatch() -> Error {
    invalid("the private and the public key do not match")
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
