//! RSA (RFC 8017): keys of 2048 to 8192 bits, RSASSA-PKCS1-v1_5 and RSASSA-PSS.

mod generate;
mod integer;
mod recover;
mod signature;

use std::sync::Arc;

use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Resize};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{PrivateKey, PublicKey};
use zeroize::Zeroizing;

use self::integer::{bytes, integer};
use self::signature::{RsaSigner, RsaVerifier};
use super::digest::Digest;
use super::rsa_form::{MODULUS_BITS, check_public};
use super::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

pub(crate) use super::rsa_form::{Padding, PssParameters, RsaPrimes};

/// A public key whose modulus and exponent have passed every check in [`RsaPublic::from_components`].
#[derive(Clone)]
pub(crate) struct RsaPublic {
    key: PublicKey,
    /// The modulus, big-endian, without leading zeros. Every signature is compared with it.
    modulus: Arc<[u8]>,
    /// Present if the key may be used for RSASSA-PSS only.
    pss: Option<PssParameters>,
}

impl RsaPublic {
    /// Makes a key from its modulus and exponent, both big-endian.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the modulus is even or longer than 8192 bits, or the exponent is even, less than 3
    ///   or longer than 33 bits.
    /// - [`ErrorCode::KeyTooWeak`]: the modulus is shorter than 2048 bits or has the ROCA weakness (CVE-2017-15361).
    pub(crate) fn from_components(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        check_public(n, e)?;
        let key = PublicKey::new(integer(n), integer(e)).map_err(|_| invalid("the RSA public key is not valid"))?;
        Ok(Self::new(key, None))
    }

    fn new(key: PublicKey, pss: Option<PssParameters>) -> Self {
        Self { modulus: key.n_bytes().into(), key, pss }
    }

    /// The same key, restricted to RSASSA-PSS if `pss` is given.
    pub(crate) fn restricted(self, pss: Option<PssParameters>) -> Self {
        Self { pss, ..self }
    }

    pub(crate) fn pss(&self) -> Option<&PssParameters> {
        self.pss.as_ref()
    }

    #[cfg(feature = "jwe")]
    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Checks that the key may be used with this padding and digest.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the key is restricted to RSASSA-PSS or to another digest.
    pub(crate) fn expect_use(&self, padding: Padding, digest: Digest) -> Result<(), Error> {
        match &self.pss {
            Some(pss) if !pss.allow(padding, digest) => Err(invalid("the RSA-PSS key does not allow this algorithm")),
            _ => Ok(()),
        }
    }

    /// The modulus, big-endian, without leading zeros.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        self.modulus.to_vec()
    }

    /// The length of the modulus in bits.
    pub(crate) fn bits(&self) -> usize {
        usize::try_from(self.key.n().bit_width()).unwrap_or_default()
    }

    /// The public exponent, big-endian, without leading zeros.
    pub(crate) fn exponent(&self) -> Vec<u8> {
        self.key.e_bytes().into_vec()
    }

    /// Whether the signature is as long as the modulus and smaller (RFC 8017 §5.2.2, §8.1.2, §8.2.2).
    pub(crate) fn admits(&self, signature: &[u8]) -> bool {
        signature.len() == self.modulus.len() && signature < &*self.modulus
    }

    pub(crate) fn into_verifier(self, padding: Padding, digest: Digest) -> BoxedVerifier {
        Box::new(RsaVerifier { key: self.key, padding, digest })
    }
}

/// A private key whose numbers match each other. Clones share the numbers, which are wiped when the last clone is
/// dropped.
#[derive(Clone)]
pub(crate) struct RsaSecret {
    key: Arc<PrivateKey>,
    pss: Option<PssParameters>,
}

impl RsaSecret {
    /// Makes a key from its modulus, its exponents and, if known, its primes. Without primes, it computes them from the
    /// exponents.
    ///
    /// # Errors
    /// - Those of [`RsaPublic::from_components`].
    /// - [`ErrorCode::KeyInvalid`]: the numbers do not match each other.
    pub(crate) fn from_components(n: &[u8], e: &[u8], d: &[u8], primes: Option<&RsaPrimes>) -> Result<Self, Error> {
        check_public(n, e)?;
        let mismatch = || invalid("the numbers of the RSA private key do not match");
        let (n, e, d) = (integer(n), integer(e), Zeroizing::new(integer(d)));
        let factors = match primes {
            Some(given) => [Zeroizing::new(integer(&given.p)), Zeroizing::new(integer(&given.q))],
            None => recover::primes(&n, &e, &d).ok_or_else(mismatch)?,
        };
        let secret = Self::assemble(n, e, &d, factors.each_ref().map(|factor| &**factor)).ok_or_else(mismatch)?;
        match primes {
            Some(given) if !secret.matches(given) => Err(mismatch()),
            _ => Ok(secret),
        }
    }

    /// Checks the length of a key to be generated, in bits, and returns it.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the length is below 2048, above 8192 or not a multiple of 8.
    pub(crate) fn expect_length(bits: usize) -> Result<usize, Error> {
        if MODULUS_BITS.contains(&bits) && bits.is_multiple_of(8) {
            Ok(bits)
        } else {
            let message = "option \"modulusLength\" is not a multiple of 8 between 2048 and 8192";
            Err(Error::new(ErrorCode::OptionInvalid, message))
        }
    }

    /// Generates a key of `bits` bits with the public exponent 65537.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: [`RsaSecret::expect_length`] refuses the length.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub(crate) fn generate(bits: usize) -> Result<Self, Error> {
        Self::expect_length(bits)?;
        let [p, q] = generate::primes(bits)?;
        Self::from_primes(&p, &q).ok_or_else(|| Error::new(ErrorCode::Internal, "the RSA key could not be generated"))
    }

    /// RFC 8017 §3.1 and §3.2, with the exponent e = 65537. The private exponent d is above 2^(bits - 18), because d·e
    /// is above the totient.
    fn from_primes(p: &BoxedUint, q: &BoxedUint) -> Option<Self> {
        let one = BoxedUint::one();
        let [before_p, before_q] = [p, q].map(|prime| Zeroizing::new(prime.wrapping_sub(&one)));
        let totient = Zeroizing::new(NonZero::new(before_p.concatenating_mul(&*before_q)).into_option()?);
        let e = BoxedUint::from(generate::EXPONENT);
        let d = (&e).try_resize(totient.bits_precision())?.invert_mod(&totient).into_option().map(Zeroizing::new)?;
        Self::assemble(p.concatenating_mul(q), e, &d, [p, q])
    }

    /// A key, or `None` if the numbers do not match each other. Every key is made here, and from exactly two primes:
    /// the code that the crate needs for other counts would make the wasm module 2% larger.
    fn assemble(n: BoxedUint, e: BoxedUint, d: &BoxedUint, primes: [&BoxedUint; 2]) -> Option<Self> {
        let key = PrivateKey::from_components(n, e, d.clone(), Vec::from(primes.map(Clone::clone))).ok()?;
        Some(Self { key: Arc::new(key), pss: None })
    }

    /// The same key, restricted to RSASSA-PSS if `pss` is given.
    pub(crate) fn restricted(self, pss: Option<PssParameters>) -> Self {
        Self { pss, ..self }
    }

    pub(crate) fn pss(&self) -> Option<&PssParameters> {
        self.pss.as_ref()
    }

    #[cfg(feature = "jwe")]
    pub(crate) fn key(&self) -> &PrivateKey {
        &self.key
    }

    pub(crate) fn public(&self) -> RsaPublic {
        RsaPublic::new(PublicKey::from(&*self.key), self.pss.clone())
    }

    /// The private exponent, big-endian, without leading zeros.
    pub(crate) fn private_exponent(&self) -> Zeroizing<Vec<u8>> {
        bytes(self.key.d())
    }

    /// The primes, CRT exponents and CRT coefficient.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: does not happen, because every key here has two primes.
    pub(crate) fn primes(&self) -> Result<RsaPrimes, Error> {
        let key = &*self.key;
        let unknown = || Error::new(ErrorCode::Internal, "the primes of the RSA key are not known");
        let [p, q] = key.primes() else { return Err(unknown()) };
        Ok(RsaPrimes {
            p: bytes(p),
            q: bytes(q),
            dp: bytes(key.dp().ok_or_else(unknown)?),
            dq: bytes(key.dq().ok_or_else(unknown)?),
            qi: bytes(&key.qinv().ok_or_else(unknown)?.retrieve()),
        })
    }

    pub(crate) fn into_signer(self, padding: Padding, digest: Digest) -> BoxedSigner {
        Box::new(RsaSigner { key: self.key, padding, digest })
    }

    /// Whether the given primes and CRT numbers are those of this key.
    fn matches(&self, given: &RsaPrimes) -> bool {
        let Ok(own) = self.primes() else { return false };
        // Compared in the given order: the CRT numbers depend on it.
        *given.p == *own.p && *given.q == *own.q && *given.dp == *own.dp && *given.dq == *own.dq && *given.qi == *own.qi
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
