//! What an Ed25519 signature must look like (RFC 8032).

/// The y coordinates of the points of small order, in canonical encoding without the sign of x.
const SMALL_ORDER: [[u8; 32]; 5] = {
    let [zero, mut one, mut minus_one] = [[0; 32], [0; 32], [0xff; 32]];
    one[0] = 1;
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    [
        zero,
        one,
        minus_one,
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
            0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
            0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
    ]
};

/// Whether a signature may be valid: its length, S below the group's order, and R neither of small order nor with a y
/// that is not below p. Among these, a check without the cofactor gives the verdicts of `Ed25519Verifier`, also one that decodes R.
pub(crate) fn admits(signature: &[u8]) -> bool {
    let Some((commitment, response)) = signature.split_first_chunk() else { return false };
    let y = y_of(commitment);
    is_below_p(&y) && !has_small_order(&y) && is_below_order(response)
}

/// The y coordinate of an encoded point, without the sign of x.
pub(super) fn y_of(point: &[u8; 32]) -> [u8; 32] {
    let mut y = *point;
    y[31] &= 0x7f;
    y
}

/// Whether y is below p, which is 2^255 - 19.
pub(super) fn is_below_p(y: &[u8; 32]) -> bool {
    y[0] < 0xed || y[31] != 0x7f || y[1..31].iter().any(|byte| *byte != 0xff)
}

/// Whether y is that of a point of small order.
pub(super) fn has_small_order(y: &[u8; 32]) -> bool {
    SMALL_ORDER.contains(y)
}

/// 2^252 + 27742317777372353535851937790883648493, the order of the group (RFC 8032 §5.1), in little-endian bytes.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn is_below_order(number: &[u8]) -> bool {
    number.len() == ORDER.len() && number.iter().rev().lt(ORDER.iter().rev())
}
