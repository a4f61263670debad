//! Converts between big-endian bytes and the integers of `crypto-bigint`.

use crypto_bigint::BoxedUint;
use zeroize::Zeroizing;

pub(super) fn integer(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}

pub(super) fn bytes(integer: &BoxedUint) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(integer.to_be_bytes_trimmed_vartime().into_vec())
}
