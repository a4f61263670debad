//! HMAC by the crate `hmac`.

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Error, Signer, Verifier};

use super::digest::Digest;
use super::signature::{BoxedSigner, BoxedVerifier};
use crate::ErrorCode;

pub(crate) fn hmac_signer(digest: Digest, secret: &[u8]) -> Result<BoxedSigner, crate::Error> {
    Ok(match digest {
        Digest::Sha256 => Box::new(HmacKey::<Sha256>::new(secret)?),
        Digest::Sha384 => Box::new(HmacKey::<Sha384>::new(secret)?),
        Digest::Sha512 => Box::new(HmacKey::<Sha512>::new(secret)?),
    })
}

pub(crate) fn hmac_verifier(digest: Digest, secret: &[u8]) -> Result<BoxedVerifier, crate::Error> {
    Ok(match digest {
        Digest::Sha256 => Box::new(HmacKey::<Sha256>::new(secret)?),
        Digest::Sha384 => Box::new(HmacKey::<Sha384>::new(secret)?),
        Digest::Sha512 => Box::new(HmacKey::<Sha512>::new(secret)?),
    })
}

struct HmacKey<D: EagerHash>(Hmac<D>);

impl<D: EagerHash> HmacKey<D> {
    fn new(secret: &[u8]) -> Result<Self, crate::Error> {
        let key = Hmac::new_from_slice(secret);
        key.map(Self).map_err(|_| crate::Error::new(ErrorCode::Internal, "no key of this length"))
    }
}

impl<D: EagerHash> Signer<Vec<u8>> for HmacKey<D>
where
    Hmac<D>: Clone,
{
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl<D: EagerHash> Verifier<Vec<u8>> for HmacKey<D>
where
    Hmac<D>: Clone,
{
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        self.0.clone().chain_update(message).verify_slice(signature).map_err(|_| Error::new())
    }
}
