//! Converts between the members of a JWK and key material (RFC 7518 §6, RFC 8037 §2, RFC 9964 §3).

use zeroize::Zeroizing;

use super::{Jwk, bytes, curve, invalid, missing};
use crate::Error;
use crate::crypto::curve::Curve;
use crate::crypto::ecdsa::{EcPublic, EcSecret};
use crate::crypto::ed25519::{Ed25519Public, Ed25519Secret};
use crate::crypto::ml_dsa::{MlDsaPublic, MlDsaSecret, ParameterSet};
use crate::crypto::rsa::{RsaPrimes, RsaPublic, RsaSecret};
use crate::jose::base64url;
use crate::jose::document::DocumentError;
use crate::jose::material::{Material, PrivateKey, PublicKey};
use crate::jose::usage::{kept_elsewhere, no_public_half, usage_error};

impl Jwk {
    /// The secret of an oct key.
    pub(crate) fn secret(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        bytes("k", self.k.as_deref())
    }

    /// The material of an EC, OKP, RSA or AKP key. Ignores `use` and `key_ops`, and `alg` except of an AKP key.
    pub(crate) fn key_pair(&self) -> Result<Material, DocumentError> {
        match self.kty.as_deref() {
            Some("EC") => {
                let name = self.crv.as_deref().ok_or_else(|| missing("crv"))?;
                if name == "secp256k1" {
                    return Err(DocumentError::Unknown("a secp256k1 key"));
                }
                Ok(self.elliptic_curve(curve(name)?)?)
            }
            Some("OKP") => match self.crv.as_deref() {
                Some("Ed25519") => Ok(self.octet_key_pair()?),
                Some("Ed448") => Err(DocumentError::Unknown("an Ed448 key")),
                Some("X25519") => Err(DocumentError::Unknown("an X25519 key")),
                Some("X448") => Err(DocumentError::Unknown("an X448 key")),
                Some(_) => Err(invalid("JWK member \"crv\" is not a supported curve of its \"kty\"").into()),
                None => Err(missing("crv").into()),
            },
            // Not the table of algorithms, which the encryption module does without.
            Some("AKP") => match ParameterSet::ALL.into_iter().find(|set| self.alg.as_deref() == Some(set.name())) {
                Some(set) => Ok(self.algorithm_key_pair(set)?),
                None => Err(DocumentError::Unknown("an AKP key")),
            },
            _ => Ok(self.rsa()?),
        }
    }

    fn algorithm_key_pair(&self, set: ParameterSet) -> Result<Material, Error> {
        let public = bytes("pub", self.pub_.as_deref())?;
        let Some(seed) = self.priv_.as_deref() else {
            return Ok(Material::Public(PublicKey::MlDsa(MlDsaPublic::from_bytes(set, &public)?)));
        };
        let secret = MlDsaSecret::from_seed(set, &bytes("priv", Some(seed))?)?;
        if secret.owns_public(&public) {
            Ok(Material::Private(PrivateKey::MlDsa(secret)))
        } else {
            Err(invalid("JWK members \"pub\" and \"priv\" do not match"))
        }
    }

    fn elliptic_curve(&self, curve: Curve) -> Result<Material, Error> {
        let (x, y) = (bytes("x", self.x.as_deref())?, bytes("y", self.y.as_deref())?);
        let public = EcPublic::from_coordinates(curve, &x, &y)?;
        let Some(d) = self.d.as_deref() else { return Ok(Material::Public(PublicKey::Ec(public))) };
        let mismatch = || invalid("JWK members \"x\", \"y\" and \"d\" do not match");
        Ok(Material::Private(PrivateKey::Ec(EcSecret::from_pair(&bytes("d", Some(d))?, &public, mismatch)?)))
    }

    fn octet_key_pair(&self) -> Result<Material, Error> {
        let public = Ed25519Public::from_bytes(&bytes("x", self.x.as_deref())?)?;
        let Some(d) = self.d.as_deref() else { return Ok(Material::Public(PublicKey::Ed25519(public))) };
        let secret = Ed25519Secret::from_seed(&bytes("d", Some(d))?)?;
        // Signing with a public key that does not match reveals the private key (RUSTSEC-2022-0093).
        if secret.owns_public(&public.to_bytes()) {
            Ok(Material::Private(PrivateKey::Ed25519(secret)))
        } else {
            Err(invalid("JWK members \"x\" and \"d\" do not match"))
        }
    }

    fn rsa(&self) -> Result<Material, Error> {
        let (n, e) = (integer("n", self.n.as_deref())?, integer("e", self.e.as_deref())?);
        let primes = self.primes()?;
        if self.oth {
            return Err(invalid("RSA keys with more than two primes are not supported"));
        }
        let Some(d) = self.d.as_deref() else {
            return match primes {
                None => RsaPublic::from_components(&n, &e).map(PublicKey::Rsa).map(Material::Public),
                // Not a public key: whoever reads it can sign.
                Some(_) => Err(missing("d")),
            };
        };
        let secret = RsaSecret::from_components(&n, &e, &integer("d", Some(d))?, primes.as_ref())?;
        Ok(Material::Private(PrivateKey::Rsa(secret)))
    }

    /// The primes and CRT numbers. A JWK must have all of them or none (RFC 7518 §6.3.2).
    fn primes(&self) -> Result<Option<RsaPrimes>, Error> {
        let members = [&self.p, &self.q, &self.dp, &self.dq, &self.qi];
        if members.iter().all(|member| member.is_none()) {
            return Ok(None);
        }
        Ok(Some(RsaPrimes {
            p: integer("p", self.p.as_deref())?,
            q: integer("q", self.q.as_deref())?,
            dp: integer("dp", self.dp.as_deref())?,
            dq: integer("dq", self.dq.as_deref())?,
            qi: integer("qi", self.qi.as_deref())?,
        }))
    }

    /// The JWK members of key material. With `private`, they include the private key or the secret.
    pub(crate) fn from_material(material: &Material, private: bool) -> Result<Self, Error> {
        match material {
            Material::Private(key) if private => {
                let mut jwk = Self::from_public(&key.public()?);
                jwk.add_private(key)?;
                Ok(jwk)
            }
            Material::Private(key) => Ok(Self::from_public(&key.public()?)),
            Material::Public(_) if private => Err(usage_error("a public key has no private half")),
            Material::Elsewhere(_) if private => Err(kept_elsewhere()),
            Material::Elsewhere(None) => Err(no_public_half()),
            Material::Public(key) | Material::Elsewhere(Some(key)) => Ok(Self::from_public(key)),
            Material::Secret(_) if !private => Err(usage_error("a secret has no public half")),
            Material::Secret(secret) => {
                let mut jwk = Self::default();
                jwk.kty = Some("oct".into());
                jwk.k = Some(base64url::encode_secret(secret));
                Ok(jwk)
            }
        }
    }

    /// The JWK members of a public key. These are also the members of its thumbprint.
    pub(crate) fn from_public(key: &PublicKey) -> Self {
        let mut jwk = Self::default();
        match key {
            PublicKey::Ec(public) => {
                let (x, y) = public.coordinates();
                jwk.kty = Some("EC".into());
                jwk.crv = Some(public.curve().name().into());
                jwk.x = Some(base64url::encode(&x));
                jwk.y = Some(base64url::encode(&y));
            }
            PublicKey::Ed25519(public) => {
                jwk.kty = Some("OKP".into());
                jwk.crv = Some("Ed25519".into());
                jwk.x = Some(base64url::encode(&public.to_bytes()));
            }
            PublicKey::MlDsa(public) => {
                jwk.kty = Some("AKP".into());
                jwk.alg = Some(public.set().name().into());
                jwk.pub_ = Some(base64url::encode(public.bytes()));
            }
            PublicKey::Rsa(public) => {
                jwk.kty = Some("RSA".into());
                jwk.n = Some(base64url::encode(&public.modulus()));
                jwk.e = Some(base64url::encode(&public.exponent()));
            }
        }
        jwk
    }

    fn add_private(&mut self, key: &PrivateKey) -> Result<(), Error> {
        match key {
            PrivateKey::Ec(secret) => self.d = Some(base64url::encode_secret(&secret.to_bytes())),
            PrivateKey::Ed25519(secret) => self.d = Some(base64url::encode_secret(secret.seed())),
            PrivateKey::MlDsa(secret) => self.priv_ = Some(base64url::encode_secret(secret.seed())),
            PrivateKey::Rsa(secret) => {
                let primes = secret.primes()?;
                self.d = Some(base64url::encode_secret(&secret.private_exponent()));
                self.p = Some(base64url::encode_secret(&primes.p));
                self.q = Some(base64url::encode_secret(&primes.q));
                self.dp = Some(base64url::encode_secret(&primes.dp));
                self.dq = Some(base64url::encode_secret(&primes.dq));
                self.qi = Some(base64url::encode_secret(&primes.qi));
            }
        }
        Ok(())
    }
}

/// Decodes a `Base64urlUInt` member: big-endian (RFC 7518 §2). Removes leading zeros, which Java writes.
fn integer(name: &str, text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let number = bytes(name, text)?;
    match number.iter().position(|byte| *byte != 0) {
        Some(0) => Ok(number),
        Some(zeros) => Ok(Zeroizing::new(number.get(zeros..).unwrap_or_default().to_vec())),
        None => Err(invalid(format!("JWK member \"{name}\" is zero"))),
    }
}
