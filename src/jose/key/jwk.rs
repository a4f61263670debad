//! Imports and exports keys as JWKs.

use super::Key;
use crate::Error;
use crate::crypto::PUBLIC_KEYS_ONLY;
use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::{Certificates, Jwk, curve, invalid};
use crate::jose::key_options::KeyOptions;
use crate::jose::usage::{Usage, usage_error};

impl Key {
    /// Imports a key from a JWK. The algorithm is the JWK's `alg`, or else `algorithm`, or else the only one for the
    /// curve.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): a member is missing or malformed; `kty` or `crv` is
    ///   not supported or does not fit the algorithm; `alg` contradicts `algorithm`; or private and public key do not
    ///   match.
    /// - [`ErrorCode::KeyTooWeak`](crate::ErrorCode::KeyTooWeak): a secret is shorter than its digest, or an RSA key is
    ///   shorter than 2048 bits.
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): `use` or `key_ops` forbids both signing and verifying.
    /// - [`ErrorCode::OptionInvalid`](crate::ErrorCode::OptionInvalid): an option is not allowed here.
    pub fn from_jwk(jwk: &Jwk, algorithm: Option<Algorithm>, options: &KeyOptions) -> Result<Self, Error> {
        jwk.expect_supported_type()?;
        let is_secret = jwk.kty.as_deref() == Some("oct");
        if !is_secret {
            options.expect_import()?;
        }
        let algorithm = algorithm_of(jwk, algorithm)?;
        let usage = usage_of(jwk)?;
        let kid = options.kid.clone().or_else(|| jwk.kid.clone());
        if is_secret && !cfg!(feature = "secrets") {
            return Err(invalid(PUBLIC_KEYS_ONLY));
        }
        if is_secret {
            let options = KeyOptions { kid, ..options.clone() };
            return Self::from_secret_bytes(jwk.secret()?, algorithm, &options, usage);
        }
        let material = jwk.key_pair().map_err(|fault| fault.against(algorithm))?;
        Ok(Self::new(algorithm, kid, material, usage)?.with_certificates(Certificates::of(jwk)))
    }

    /// Exports the key as a JWK with `kty`, `alg` and, if it has one, `kid`. With `private`, the JWK includes the
    /// private key or the secret.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): `private` is false for a secret, or true for a public
    ///   key.
    pub fn to_jwk(&self, private: bool) -> Result<Jwk, Error> {
        let mut jwk = Jwk::from_material(self.material(), private)?;
        jwk.alg = Some(self.algorithm().name().into());
        jwk.kid = self.kid().map(Into::into);
        self.certificates().write(&mut jwk);
        Ok(jwk)
    }
}

fn algorithm_of(jwk: &Jwk, given: Option<Algorithm>) -> Result<Algorithm, Error> {
    let named = match &jwk.alg {
        Some(name) => Some(name.parse().map_err(|_| invalid("JWK member \"alg\" is not a supported algorithm"))?),
        None => None,
    };
    if named.is_none() && jwk.kty.as_deref() == Some("AKP") {
        // RFC 9964 §3: nothing else says what the key is.
        return Err(invalid("JWK of \"kty\" \"AKP\" has no \"alg\""));
    }
    match (named, given) {
        // `EdDSA` and `Ed25519` name the same algorithm (RFC 9864 §2.2). The caller's choice of name is used.
        (Some(named), Some(given)) if named == given || given.answers_to(Algorithm::name(named)) => Ok(given),
        (Some(_), Some(_)) => Err(invalid("JWK member \"alg\" is not the option \"alg\"")),
        (Some(algorithm), None) | (None, Some(algorithm)) => Ok(algorithm),
        (None, None) => match jwk.crv.as_deref() {
            Some("Ed25519") => Ok(Algorithm::EdDsa),
            Some("X25519") => Err(invalid("this is an X25519 key, which cannot sign: read it with EncryptionKey")),
            Some(name) if jwk.kty.as_deref() == Some("EC") => curve(name).map(Algorithm::of_curve),
            _ => Err(jwk.without_alg()),
        },
    }
}

/// The operations that `use` and `key_ops` allow (RFC 7517 §4.2 and §4.3).
fn usage_of(jwk: &Jwk) -> Result<Usage, Error> {
    // SPIFFE has a purpose of its own for the keys of its tokens (SPIFFE Trust Domain and Bundle, "Public Key Use").
    let for_signatures = jwk.use_.as_deref().is_none_or(|purpose| matches!(purpose, "sig" | "jwt-svid"));
    let names = |operation: &str| match &jwk.key_ops {
        Some(operations) => operations.iter().any(|own| own == operation),
        None => true,
    };
    let usage = Usage { sign: for_signatures && names("sign"), verify: for_signatures && names("verify") };
    if !usage.sign && !usage.verify {
        return Err(usage_error("JWK member \"use\" or \"key_ops\" forbids both signing and verifying"));
    }
    jwk.expect_consistent_usage()?;
    Ok(usage)
}
