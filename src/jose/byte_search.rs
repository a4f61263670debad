//! Searches for bytes, eight at a time, or sixteen with vector instructions of wasm.
//!
//! The crate is compiled for size, so the compiler does not vectorize loops over bytes, and the standard library's
//! search takes four bytes at a time in wasm. This search splits and parses a token in half the time.

#![expect(clippy::inline_always, reason = "a few instructions, executed for every eight bytes")]

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::{u8x16_bitmask, u64x2, v128};

/// The lowest bit of each byte.
const LOW: u64 = u64::from_ne_bytes([1; 8]);

/// The bytes to search for. A type and not a closure, because a closure would not be inlined in a crate compiled for
/// size.
pub(crate) trait ByteClass {
    /// Takes eight bytes as a little-endian number. Returns a number in which the highest bit of each matching byte is
    /// set. Only the first match must be exact: bits of later bytes may be wrong.
    fn marks(word: u64) -> u64;
    /// A mask of the matching bytes.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    fn matches(bytes: v128) -> v128;
}

/// Whether two texts are equal. The standard library compares byte by byte in wasm.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    let ((left, left_rest), (right, right_rest)) =
        (left.as_bytes().as_chunks::<8>(), right.as_bytes().as_chunks::<8>());
    left.len() == right.len()
        && left_rest.len() == right_rest.len()
        && left.iter().zip(right).all(|(left, right)| u64::from_ne_bytes(*left) == u64::from_ne_bytes(*right))
        && left_rest.iter().zip(right_rest).all(|(left, right)| left == right)
}

/// How many bytes come before the first match, or the length of `bytes` if there is no match.
#[inline(always)]
pub(crate) fn length_before<S: ByteClass>(bytes: &[u8]) -> usize {
    let mut before = 0_usize;
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    for pair in bytes.as_chunks::<16>().0 {
        let ([first, second], _) = pair.as_chunks() else { break };
        let found = S::matches(u64x2(u64::from_le_bytes(*first), u64::from_le_bytes(*second)));
        let places = u8x16_bitmask(found);
        if places != 0 {
            return before.wrapping_add(places.trailing_zeros() as usize);
        }
        before = before.wrapping_add(16);
    }
    let (words, rest) = bytes.get(before..).unwrap_or_default().as_chunks();
    for word in words {
        let marked = S::marks(u64::from_le_bytes(*word));
        if marked != 0 {
            return before.wrapping_add(place(marked));
        }
        before = before.wrapping_add(8);
    }
    let mut word = [0; 8];
    word.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    before.wrapping_add(place(S::marks(u64::from_le_bytes(word))).min(rest.len()))
}

/// Marks the bytes that equal `byte`.
#[inline(always)]
pub(crate) const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ LOW.wrapping_mul(byte as u64), 1)
}

/// Marks the bytes that are less than `limit`, which may be at most 128.
#[inline(always)]
pub(crate) const fn below(word: u64, limit: u8) -> u64 {
    // Only a byte that is less than `limit` borrows from the next byte, so a wrong mark comes only after a correct one.
    word.wrapping_sub(LOW.wrapping_mul(limit as u64)) & !word & (LOW << 7)
}

/// The index of the first marked byte, or 8 if none is marked.
#[inline(always)]
const fn place(marked: u64) -> usize {
    (marked.trailing_zeros() >> 3) as usize
}

#[cfg(test)]
mod tests {
    use super::{ByteClass, below, equal, length_before, same_text};

    struct Dot;

    impl ByteClass for Dot {
        fn marks(word: u64) -> u64 {
            equal(word, b'.')
        }
    }

    struct QuoteOrControl;

    impl ByteClass for QuoteOrControl {
        fn marks(word: u64) -> u64 {
            below(word, b' ') | equal(word, b'"')
        }
    }

    #[test]
    fn finds_the_same_bytes_as_a_loop() {
        let others =
            [0, 1, b' ', b'!', b'#', b'-', b'/', b'.' ^ 1, b'[', b']', 0x7f, 0x80, b'"' | 0x80, b'.' | 0x80, 0xff];
        let sought = [b'.', b'"', 0x1f];
        for length in 0..=20 {
            for other in others {
                let mut bytes = vec![other; length];
                expect_agreement(&bytes);
                for (first, second) in (0..length).flat_map(|first| (first..length).map(move |second| (first, second)))
                {
                    for (left, right) in sought.into_iter().flat_map(|left| sought.map(|right| (left, right))) {
                        (bytes[first], bytes[second]) = (left, right);
                        expect_agreement(&bytes);
                        (bytes[first], bytes[second]) = (other, other);
                    }
                }
            }
        }
    }

    #[test]
    fn tells_texts_apart_by_every_byte() {
        let text = "abcdefghijklmnopqrstuvwxyz";
        for length in 0..=20 {
            let text = &text[..length];
            assert!(same_text(text, &[text].concat()));
            assert!(!same_text(text, &format!("{text}x")) && !same_text(&format!("{text}x"), text));
            for at in 0..length {
                let other = [&text[..at], "X", &text[at + 1..]].concat();
                assert!(!same_text(text, &other), "{other}");
            }
        }
    }

    fn expect_agreement(bytes: &[u8]) {
        let before = |found: fn(u8) -> bool| bytes.iter().position(|byte| found(*byte)).unwrap_or(bytes.len());
        assert_eq!(length_before::<Dot>(bytes), before(|byte| byte == b'.'), "{bytes:?}");
        assert_eq!(length_before::<QuoteOrControl>(bytes), before(|byte| byte < b' ' || byte == b'"'), "{bytes:?}");
    }
}
