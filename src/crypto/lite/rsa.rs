//! Keys of RSA, for `WebCrypto`.

use zeroize::Zeroizing;

use super::{NoArithmetic, no_private_keys};
use crate::crypto::digest::Digest;
use crate::crypto::rsa_form::{bit_length, check_public};
use crate::crypto::signature::{BoxedSigner, BoxedVerifier};
use crate::{Error, ErrorCode};

pub(crate) use crate::crypto::rsa_form::{Padding, PssParameters, RsaPrimes};

/// A public key whose modulus and exponent have passed every check in [`RsaPublic::from_components`].
#[derive(Clone)]
pub(crate) struct RsaPublic {
    n: Vec<u8>,
    e: Vec<u8>,
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
        Ok(Self { n: without_zeros(n), e: without_zeros(e), pss: None })
    }

    /// The same key, restricted to RSASSA-PSS if `pss` is given.
    pub(crate) fn restricted(self, pss: Option<PssParameters>) -> Self {
        Self { pss, ..self }
    }

    pub(crate) fn pss(&self) -> Option<&PssParameters> {
        self.pss.as_ref()
    }

    /// Checks that the key may be used with this padding and digest.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the key is restricted to RSASSA-PSS or to another digest.
    pub(crate) fn expect_use(&self, padding: Padding, digest: Digest) -> Result<(), Error> {
        match &self.pss {
            Some(pss) if !pss.allow(padding, digest) => {
                Err(Error::new(ErrorCode::KeyInvalid, "the RSA-PSS key does not allow this algorithm"))
            }
            _ => Ok(()),
        }
    }

    /// The modulus, big-endian, without leading zeros.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        self.n.clone()
    }

    /// The length of the modulus in bits.
    pub(crate) fn bits(&self) -> usize {
        bit_length(&self.n)
    }

    /// The public exponent, big-endian, without leading zeros.
    pub(crate) fn exponent(&self) -> Vec<u8> {
        self.e.clone()
    }

    /// Whether the signature is as long as the modulus and smaller (RFC 8017 §5.2.2, §8.1.2, §8.2.2).
    pub(crate) fn admits(&self, signature: &[u8]) -> bool {
        signature.len() == self.n.len() && signature < self.n.as_slice()
    }

    #[expect(clippy::unused_self, reason = "the interface of the keys that compute")]
    pub(crate) fn into_verifier(self, _: Padding, _: Digest) -> BoxedVerifier {
        Box::new(NoArithmetic)
    }
}

fn without_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().skip_while(|byte| **byte == 0).copied().collect()
}

/// No private key can be made.
#[derive(Clone)]
pub(crate) enum RsaSecret {}

impl RsaSecret {
    pub(crate) fn from_components(_: &[u8], _: &[u8], _: &[u8], _: Option<&RsaPrimes>) -> Result<Self, Error> {
        Err(no_private_keys())
    }

    pub(crate) fn restricted(self, _: Option<PssParameters>) -> Self {
        match self {}
    }

    pub(crate) fn pss(&self) -> Option<&PssParameters> {
        match *self {}
    }

    pub(crate) fn public(&self) -> RsaPublic {
        match *self {}
    }

    pub(crate) fn private_exponent(&self) -> Zeroizing<Vec<u8>> {
        match *self {}
    }

    pub(crate) fn primes(&self) -> Result<RsaPrimes, Error> {
        match *self {}
    }

    pub(crate) fn into_signer(self, _: Padding, _: Digest) -> BoxedSigner {
        match self {}
    }
}
