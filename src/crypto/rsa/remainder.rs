//! Division of a long number by a short one, which needs no arithmetic of long numbers.

/// `number` mod `divisor`, of a big-endian number.
pub(super) fn remainder(number: &[u8], divisor: u32) -> u32 {
    let divisor = u64::from(divisor);
    // What is left is below 2^32, so that a word fits behind it.
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
