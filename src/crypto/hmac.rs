//! HMAC with SHA-2 (RFC 7518 §3.2). A key stores the two hash states that follow from its secret (RFC 2104 §4), and
//! each call starts from copies of them.
//!
//! Built directly on the block API of `sha2`. The crate `hmac` leaves the key on the stack without wiping it
//! (docs/decisions/0020-hmac.md). The tests compare the results with that crate.

use hmac::digest::Output;
use hmac::digest::array::Array;
use hmac::digest::block_api::{Block, Buffer, UpdateCore, VariableOutputCore};
use sha2::block_api::{Sha256VarCore, Sha512VarCore};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Error, Signer, Verifier};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::digest::Digest;
use super::signature::{BoxedSigner, BoxedVerifier};
use crate::ErrorCode;

/// An HMAC signer with its hash states already computed.
///
/// # Errors
/// Those that `HmacKey::new` returns.
pub(crate) fn hmac_signer(digest: Digest, secret: &[u8]) -> Result<BoxedSigner, crate::Error> {
    Ok(Box::new(HmacKey::new(digest, secret)?))
}

/// An HMAC verifier with its hash states already computed.
///
/// # Errors
/// Those that `HmacKey::new` returns.
pub(crate) fn hmac_verifier(digest: Digest, secret: &[u8]) -> Result<BoxedVerifier, crate::Error> {
    Ok(Box::new(HmacKey::new(digest, secret)?))
}

/// A key's two hash states, wiped when dropped.
struct HmacKey(Box<dyn Mac>);

impl HmacKey {
    /// Computes the hash states for a secret of any length.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: `sha2` does not support the digest length. It supports all of ours.
    fn new(digest: Digest, secret: &[u8]) -> Result<Self, crate::Error> {
        Ok(Self(match digest {
            Digest::Sha256 => Box::new(KeyedStates::<Sha256VarCore>::of::<Sha256>(secret)?),
            Digest::Sha384 => Box::new(KeyedStates::<Sha512VarCore>::of::<Sha384>(secret)?),
            Digest::Sha512 => Box::new(KeyedStates::<Sha512VarCore>::of::<Sha512>(secret)?),
        }))
    }
}

impl Signer<Vec<u8>> for HmacKey {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.mac(message))
    }
}

impl Verifier<Vec<u8>> for HmacKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        if self.0.confirms(message, signature).into() { Ok(()) } else { Err(Error::new()) }
    }
}

trait Mac: Send + Sync {
    fn mac(&self, message: &[u8]) -> Vec<u8>;
    fn confirms(&self, message: &[u8], mac: &[u8]) -> Choice;
}

/// The states of the inner and the outer hash after the block that holds the padded key. `length` is in bytes.
struct KeyedStates<C> {
    length: usize,
    inner: C,
    outer: C,
}

/// The hash functions of `sha2` before their output is truncated.
trait HashCore: Clone + Send + Sync + UpdateCore + VariableOutputCore {
    /// An output buffer. `Default` for such an array fills it byte by byte in a function call, which is slower.
    const ZEROED: Output<Self>;
}

impl HashCore for Sha256VarCore {
    const ZEROED: Output<Self> = Array([0; 32]);
}

impl HashCore for Sha512VarCore {
    const ZEROED: Output<Self> = Array([0; 64]);
}

impl<C: HashCore> Mac for KeyedStates<C> {
    fn mac(&self, message: &[u8]) -> Vec<u8> {
        self.truncate(&self.hash(message)).to_vec()
    }

    fn confirms(&self, message: &[u8], mac: &[u8]) -> Choice {
        constant_time_eq(self.truncate(&self.hash(message)), mac)
    }
}

impl<C: HashCore> KeyedStates<C> {
    /// RFC 2104 §2.
    fn of<H: sha2::Digest>(secret: &[u8]) -> Result<Self, crate::Error> {
        const INNER: u8 = 0x36;
        const OUTER: u8 = 0x5c;
        let mut block = Zeroizing::new(Block::<C>::default());
        if secret.len() <= block.len() {
            block.iter_mut().zip(secret).for_each(|(place, byte)| *place = *byte);
        } else {
            let hash = Zeroizing::new(H::digest(secret));
            block.iter_mut().zip(hash.iter()).for_each(|(place, byte)| *place = *byte);
        }
        let length = <H as sha2::Digest>::output_size();
        let mut after = |pad: u8| {
            let mut state = C::new(length)
                .map_err(|_| crate::Error::new(ErrorCode::Internal, "SHA-2 has no digest of this length"))?;
            block.iter_mut().for_each(|byte| *byte ^= pad);
            state.update_blocks(core::slice::from_ref(&block));
            Ok(state)
        };
        Ok(Self { length, inner: after(INNER)?, outer: after(INNER ^ OUTER)? })
    }

    fn hash(&self, message: &[u8]) -> Output<C> {
        finish(self.outer.clone(), self.truncate(&finish(self.inner.clone(), message)))
    }

    /// SHA-384 is a 64-byte hash truncated to 48 bytes.
    fn truncate<'h>(&self, hash: &'h [u8]) -> &'h [u8] {
        hash.get(..self.length).unwrap_or_default()
    }
}

fn finish<C: HashCore>(mut state: C, message: &[u8]) -> Output<C> {
    let (blocks, rest) = Array::slice_as_chunks(message);
    state.update_blocks(blocks);
    let mut hash = C::ZEROED;
    state.finalize_variable_core(&mut Buffer::<C>::try_new(rest).unwrap_or_default(), &mut hash);
    hash
}

/// Compares in constant time, eight bytes at a time. The length of a MAC is no secret.
fn constant_time_eq(mac: &[u8], signature: &[u8]) -> Choice {
    let ((left, left_rest), (right, right_rest)) = (mac.as_chunks(), signature.as_chunks());
    let lengths = (mac.len() ^ signature.len()) as u64;
    let differences = left.iter().zip(right).fold(lengths, |differences, (left, right)| {
        differences | (u64::from_ne_bytes(*left) ^ u64::from_ne_bytes(*right))
    });
    let differences = left_rest
        .iter()
        .zip(right_rest)
        .fold(differences, |differences, (left, right)| differences | u64::from(left ^ right));
    differences.ct_eq(&0)
}

#[cfg(test)]
mod tests {
    use hmac::{EagerHash, Hmac, KeyInit, Mac};
    use sha2::{Sha256, Sha384, Sha512};

    use super::{HmacKey, Signer, Verifier};
    use crate::crypto::digest::Digest;

    /// Covers every key and message length around the block and padding boundaries.
    #[test]
    fn computes_the_same_macs_as_the_crate_hmac() {
        let bytes = (0..=u8::MAX).cycle().take(300).collect::<Vec<_>>();
        for secret in (0..=140).map(|length| &bytes[..length]) {
            for message in (0..=140).chain([255, 256, 257, 299]).map(|length| &bytes[300 - length..]) {
                expect_macs(secret, message);
            }
        }
    }

    fn expect_macs(secret: &[u8], message: &[u8]) {
        for (digest, theirs) in [
            (Digest::Sha256, theirs::<Sha256>(secret, message)),
            (Digest::Sha384, theirs::<Sha384>(secret, message)),
            (Digest::Sha512, theirs::<Sha512>(secret, message)),
        ] {
            let key = HmacKey::new(digest, secret).unwrap();
            assert_eq!(key.sign(message), theirs, "{digest:?}, {}, {}", secret.len(), message.len());
            assert!(key.verify(message, &theirs).is_ok());
        }
    }

    fn theirs<H: EagerHash>(secret: &[u8], message: &[u8]) -> Vec<u8> {
        let mac = <Hmac<H> as KeyInit>::new_from_slice(secret).unwrap();
        mac.chain_update(message).finalize().into_bytes().to_vec()
    }

    #[test]
    fn refuses_every_other_mac() {
        let key = HmacKey::new(Digest::Sha256, &[7; 32]).unwrap();
        let mac = key.sign(b"message");
        for (at, bit) in (0..mac.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut other = mac.clone();
            other[at] ^= 1 << bit;
            assert!(key.verify(b"message", &other).is_err());
        }
        for other in [&mac[..31], &mac[..24], &mac[..8], &[], &[mac.clone(), vec![0]].concat(), &mac.repeat(2)] {
            assert!(key.verify(b"message", &other.to_vec()).is_err());
        }
        assert!(key.verify(b"massage", &mac).is_err());
    }
}
