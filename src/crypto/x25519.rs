//! X25519 key agreement (RFC 7748 §5). Refuses points of small order.

use x25519_dalek::{PublicKey, StaticSecret, X25519_BASEPOINT_BYTES};
use zeroize::Zeroizing;

use super::random::random_bytes;
use crate::Error;

/// A private key, wiped when dropped. Any 32 bytes are a valid key.
///
/// Boxed, because moving an enum copies the bytes of its largest variant, which may leave copies of the key on the
/// stack.
#[derive(Clone)]
pub(crate) struct X25519Private(Box<StaticSecret>);

/// A public key that is not of small order.
#[derive(Clone)]
pub(crate) struct X25519Public(PublicKey);

impl X25519Private {
    /// Generates a key.
    ///
    /// # Errors
    /// - [`crate::ErrorCode::Internal`]: the platform has no random source.
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.copy_from_slice(&random_bytes(32)?);
        Ok(Self(Box::new(StaticSecret::from(*bytes))))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(bytes).ok()?);
        Some(Self(Box::new(StaticSecret::from(*bytes))))
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.as_bytes().to_vec())
    }

    /// Multiplies with the Montgomery ladder. The crate's faster way would add a 30 KB table to the wasm module.
    pub(crate) fn public(&self) -> X25519Public {
        let base = PublicKey::from(X25519_BASEPOINT_BYTES);
        X25519Public(PublicKey::from(*self.0.diffie_hellman(&base).as_bytes()))
    }

    /// The shared secret, or `None` if it is all zeros. A public key of small order gives zeros with every private key
    /// (RFC 7748 §6.1).
    pub(crate) fn agree(&self, public: &X25519Public) -> Option<Zeroizing<Vec<u8>>> {
        let shared = self.0.diffie_hellman(&public.0);
        shared.was_contributory().then(|| Zeroizing::new(shared.as_bytes().to_vec()))
    }
}

impl X25519Public {
    /// A public key, or `None` if it is not 32 bytes or is of small order. Every private key is a multiple of eight,
    /// and a point of small order times a multiple of eight is zero. One multiplication therefore finds all of them.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let public = PublicKey::from(<[u8; 32]>::try_from(bytes).ok()?);
        StaticSecret::from([8; 32]).diffie_hellman(&public).was_contributory().then_some(Self(public))
    }

    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{X25519Private, X25519Public};

    #[test]
    fn agrees_with_the_other_side_and_refuses_points_of_small_order() {
        let (one, other) = (X25519Private::generate().unwrap(), X25519Private::generate().unwrap());
        assert_eq!(one.agree(&other.public()), other.agree(&one.public()));
        assert!(one.agree(&other.public()).is_some());
        for small in [0, 1] {
            let mut bytes = [0; 32];
            bytes[0] = small;
            assert!(X25519Public::from_bytes(&bytes).is_none());
        }
        assert!(X25519Public::from_bytes(&[9; 31]).is_none());
    }
}
