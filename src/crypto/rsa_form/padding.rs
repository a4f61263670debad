//! The two padding schemes for RSA signatures.

/// How a digest is padded to the length of the modulus before it is signed (RFC 8017 §8).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Padding {
    Pkcs1,
    Pss,
}
