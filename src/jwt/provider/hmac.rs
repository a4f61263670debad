//! HMAC with SHA-2 (RFC 7518 §3.2). A key is its two precomputed states; a call starts from a copy of them.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::Algorithm as TheirAlgorithm;
use jsonwebtoken::crypto::{JwtSigner, JwtVerifier};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Error, Signer, Verifier};

use super::{BoxedSigner, BoxedVerifier};
use crate::jwt::algorithm::Digest;

/// Defines the signer and verifier of one digest. A macro, because the bounds that make it generic are private traits.
macro_rules! hmac_of {
    ($name:ident, $digest:ty, $algorithm:expr) => {
        struct $name(Hmac<$digest>);

        impl $name {
            fn new(secret: &[u8]) -> Self {
                // HMAC takes keys of any length (RFC 2104 §2), so the empty default never stands in.
                Self(Hmac::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&Default::default())))
            }
        }

        impl Signer<Vec<u8>> for $name {
            fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
                let mut mac = self.0.clone();
                mac.update(message);
                Ok(mac.finalize().into_bytes().to_vec())
            }
        }

        impl Verifier<Vec<u8>> for $name {
            fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
                let mut mac = self.0.clone();
                mac.update(message);
                // Compares in constant time, and refuses a shorter or longer MAC.
                mac.verify_slice(signature).map_err(|_| Error::new())
            }
        }

        impl JwtSigner for $name {
            fn algorithm(&self) -> TheirAlgorithm {
                $algorithm
            }
        }

        impl JwtVerifier for $name {
            fn algorithm(&self) -> TheirAlgorithm {
                $algorithm
            }
        }
    };
}

hmac_of!(HmacSha256, Sha256, TheirAlgorithm::HS256);
hmac_of!(HmacSha384, Sha384, TheirAlgorithm::HS384);
hmac_of!(HmacSha512, Sha512, TheirAlgorithm::HS512);

pub(super) fn signer(digest: Digest, secret: &[u8]) -> BoxedSigner {
    match digest {
        Digest::Sha256 => Box::new(HmacSha256::new(secret)),
        Digest::Sha384 => Box::new(HmacSha384::new(secret)),
        Digest::Sha512 => Box::new(HmacSha512::new(secret)),
    }
}

pub(super) fn verifier(digest: Digest, secret: &[u8]) -> BoxedVerifier {
    match digest {
        Digest::Sha256 => Box::new(HmacSha256::new(secret)),
        Digest::Sha384 => Box::new(HmacSha384::new(secret)),
        Digest::Sha512 => Box::new(HmacSha512::new(secret)),
    }
}
