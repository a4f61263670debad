//! ML-DSA (FIPS 204), from the crate `ml-dsa`, with the empty context that RFC 9964 §5 demands.
//!
//! Every call expands the key anew, which takes a third of its time. So a key takes no more memory than its bytes, and no
//! copy of a private key stays behind. In the npm package, this is a wasm module of its own, without the code for tokens.
//!
//! A parameter set is given by the number in its name: 44, 65 or 87.

use getrandom::SysRng;
use ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Seed, Signature, SigningKey, VerifyingKey};

#[cfg(test)]
#[path = "post_quantum/tests.rs"]
mod tests;

/// Calls a function with the parameter set of this number. `None` if there is no such set.
macro_rules! with_set {
    ($set:expr, $function:ident($($argument:expr),+)) => {
        match $set {
            44 => $function::<MlDsa44>($($argument),+),
            65 => $function::<MlDsa65>($($argument),+),
            87 => $function::<MlDsa87>($($argument),+),
            _ => None,
        }
    };
}

/// The public key that belongs to a seed. `None` if the seed is not 32 bytes long.
pub(crate) fn public_key(set: u8, seed: &[u8]) -> Option<Vec<u8>> {
    with_set!(set, public_of(seed))
}

/// Signs a message. The signature is hedged (FIPS 204 §3.4): it depends on the key, the message and random bytes, so that
/// neither a fault nor a weak source of random numbers reveals the key. `None` without random numbers.
pub(crate) fn sign(set: u8, seed: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    with_set!(set, signature_of(seed, message))
}

/// Whether this is a signature of the message. False also for a key or a signature of another length.
pub(crate) fn verify(set: u8, public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    with_set!(set, is_valid(public, message, signature)).is_some()
}

/// Whether an expanded private key, as FIPS 204 writes it, is the one of a seed.
pub(crate) fn expands_to(set: u8, seed: &[u8], expanded: &[u8]) -> bool {
    with_set!(set, is_expanded(seed, expanded)).is_some()
}

fn key_of<P: MlDsaParams>(seed: &[u8]) -> Option<SigningKey<P>> {
    // Borrowed, so that no copy of the seed is left.
    Some(SigningKey::from_seed(<&Seed>::try_from(seed).ok()?))
}

fn public_of<P: MlDsaParams>(seed: &[u8]) -> Option<Vec<u8>> {
    Some(AsRef::<VerifyingKey<P>>::as_ref(&key_of::<P>(seed)?).encode().to_vec())
}

fn signature_of<P: MlDsaParams>(seed: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let signature = key_of::<P>(seed)?.expanded_key().sign_randomized(message, &[], &mut SysRng).ok()?;
    Some(signature.encode().to_vec())
}

fn is_valid<P: MlDsaParams>(public: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let signature = Signature::<P>::try_from(signature).ok()?;
    let key = VerifyingKey::<P>::decode(<&EncodedVerifyingKey<P>>::try_from(public).ok()?);
    key.verify_with_context(message, &[], &signature).then_some(())
}

#[expect(deprecated, reason = "the only form in which the crate gives the expanded key")]
fn is_expanded<P: MlDsaParams>(seed: &[u8], expanded: &[u8]) -> Option<()> {
    use subtle::ConstantTimeEq;
    use zeroize::Zeroizing;
    let own = Zeroizing::new(key_of::<P>(seed)?.expanded_key().to_expanded());
    bool::from(own.as_slice().ct_eq(expanded)).then_some(())
}
