//! Object identifiers of algorithms and curves, as the content bytes of DER elements (X.690 §8.19).

use crate::crypto::curve::Curve;
use crate::crypto::ml_dsa::ParameterSet;

/// id-Ed25519, 1.3.101.112 (RFC 8410 §3).
pub(super) const ED25519: &[u8] = b"\x2b\x65\x70";
/// id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
pub(super) const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 appendix A.1).
pub(super) const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/// id-RSASSA-PSS, 1.2.840.113549.1.1.10 (RFC 8017 appendix A.2.3).
pub(super) const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

/// The identifier of a curve: 1.2.840.10045.3.1.7, 1.3.132.0.34 or 1.3.132.0.35 (RFC 5480 §2.1.1.1).
pub(super) const fn oid_of(curve: Curve) -> &'static [u8] {
    match curve {
        Curve::P256 => b"\x2a\x86\x48\xce\x3d\x03\x01\x07",
        Curve::P384 => b"\x2b\x81\x04\x00\x22",
        Curve::P521 => b"\x2b\x81\x04\x00\x23",
    }
}

/// The identifier of a parameter set: id-ml-dsa-44, -65 or -87, 2.16.840.1.101.3.4.3.17 to .19 (RFC 9881 §2).
pub(super) const fn oid_of_set(set: ParameterSet) -> &'static [u8] {
    match set {
        ParameterSet::MlDsa44 => b"\x60\x86\x48\x01\x65\x03\x04\x03\x11",
        ParameterSet::MlDsa65 => b"\x60\x86\x48\x01\x65\x03\x04\x03\x12",
        ParameterSet::MlDsa87 => b"\x60\x86\x48\x01\x65\x03\x04\x03\x13",
    }
}

/// id-X25519, 1.3.101.110 (RFC 8410 §3): a key for encryption.
pub(crate) const X25519: &[u8] = b"\x2b\x65\x6e";

/// Describes the kind of key in error messages. Knows the unsupported kinds that people often try to use.
pub(super) fn kind_of(oid: &[u8]) -> &'static str {
    // 1.3.101.111 and .113, 1.3.132.0.10, 1.2.840.10040.4.1.
    const KINDS: [(&[u8], &str); 5] = [
        (X25519, "an X25519 key"),
        (b"\x2b\x65\x6f", "an X448 key"),
        (b"\x2b\x65\x71", "an Ed448 key"),
        (b"\x2b\x81\x04\x00\x0a", "a secp256k1 key"),
        (b"\x2a\x86\x48\xce\x38\x04\x01", "a DSA key"),
    ];
    KINDS.iter().find(|(known, _)| *known == oid).map_or("a key of an unknown kind", |(_, kind)| kind)
}
