//! The remainder of a long number divided by a 32-bit one, without big-number arithmetic.

/// The big-endian `number` modulo `divisor`.
pub(in crate::crypto) fn remainder(number: &[u8], divisor: u32) -> u32 {
    let divisor = u64::from(divisor);
    // The running remainder is below 2^32, so it fits into a u64 together with the next 32-bit word.
    let below = |left: u64| left.checked_rem(divisor).unwrap_or(0);
    let (first, words) = number.as_rchunks::<4>();
    let left = first.iter().fold(0, |left, byte| below(left << 8 | u64::from(*byte)));
    let left = words.iter().fold(left, |left, word| below(left << 32 | u64::from(u32::from_be_bytes(*word))));
    u32::try_from(left).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::remainder;

    #[test]
    fn divides_numbers_of_any_length() {
        let number: Vec<u8> = (1..=13).map(|byte: u8| byte.wrapping_mul(83)).collect();
        for length in 0..=number.len() {
            let value = number[..length].iter().fold(0_u128, |value, byte| value << 8 | u128::from(*byte));
            for divisor in [2, 3, 157, 65_537, u32::MAX] {
                let expected = value % u128::from(divisor);
                assert_eq!(u128::from(remainder(&number[..length], divisor)), expected, "{length} {divisor}");
            }
        }
    }
}
