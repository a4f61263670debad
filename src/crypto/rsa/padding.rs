//! The two ways to sign with RSA.

/// How RSA fills a message up to its modulus (RFC 8017 §8).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Padding {
    Pkcs1,
    Pss,
}
