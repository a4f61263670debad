//! Canonical base64url without padding (RFC 7515 §2). Each byte string has exactly one accepted encoding.

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use self::table::{decode_piece, encode_piece};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use self::vector::{decode_piece, encode_piece};

/// How many characters are decoded or encoded at a time.
const PIECE: usize = 16;
/// How many bytes these are.
const PIECE_BYTES: usize = 12;
/// The bytes of one piece, in groups of four because they are written from 32-bit registers.
type Decoded = [[u8; 4]; 3];
/// A reusable buffer for decoded bytes.
pub(crate) type DecodeBuffer = Vec<Decoded>;

/// Decodes a text. Returns `None` if it has padding, white space, `+`, `/` or non-zero trailing bits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut buffer = DecodeBuffer::new();
    let length = decode_in(text, &mut buffer)?.len();
    let mut bytes = buffer.into_flattened().into_flattened();
    bytes.truncate(length);
    Some(bytes)
}

/// Like [`decode`], but decodes into `buffer` and overwrites its contents.
pub(crate) fn decode_in<'r>(text: &str, buffer: &'r mut DecodeBuffer) -> Option<&'r [u8]> {
    let (pieces, rest) = text.as_bytes().as_chunks();
    // The buffer never shrinks, so that reusing it rarely costs filling it with zeros.
    buffer.resize(buffer.len().max(pieces.len().saturating_add(1)), Decoded::default());
    let mut places = buffer.iter_mut();
    let mut canonical = true;
    for (piece, place) in pieces.iter().zip(&mut places) {
        let in_alphabet;
        (*place, in_alphabet) = decode_piece(piece);
        canonical &= in_alphabet;
    }
    // Pad the remaining characters with `A`, which stands for zero bits. The text is canonical if all surplus bits are
    // 0.
    let mut last = [b'A'; PIECE];
    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    let (decoded, in_alphabet) = decode_piece(&last);
    let used = rest.len().saturating_mul(3) / 4;
    // A single remaining character holds only six bits, which is not a byte.
    canonical &= in_alphabet && rest.len() % 4 != 1 && decoded.as_flattened().iter().skip(used).all(|byte| *byte == 0);
    *places.next()? = decoded;
    let length = pieces.len().saturating_mul(size_of::<Decoded>()).saturating_add(used);
    buffer.as_flattened().as_flattened().get(..length).filter(|_| canonical)
}

/// Encodes `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    encode_onto(bytes, &mut text);
    text
}

/// Encodes `bytes` and appends the result to `text`.
pub(crate) fn encode_onto(bytes: &[u8], text: &mut String) {
    let mut encoded = Vec::new();
    append(bytes, &mut encoded);
    // The alphabet is ASCII.
    text.push_str(str::from_utf8(&encoded).unwrap_or_default());
}

/// Encodes `bytes` and appends the characters to `text`, which spares the check that they are UTF-8.
pub(crate) fn append(bytes: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    let (pieces, rest) = bytes.as_chunks();
    let added = bytes.len().saturating_mul(4).div_ceil(3);
    // Makes room with copies that the characters overwrite. `resize` writes byte by byte in a crate compiled for size.
    text.extend_from_slice(bytes);
    text.extend_from_slice(bytes.get(..added.saturating_sub(bytes.len())).unwrap_or_default());
    let (places, last) = text.get_mut(start..).unwrap_or_default().as_chunks_mut();
    places.iter_mut().zip(pieces).for_each(|(place, piece)| *place = encode_piece(piece));
    let mut padded = [0; PIECE_BYTES];
    padded.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    last.iter_mut().zip(&encode_piece(&padded)).for_each(|(place, character)| *place = *character);
}

/// Like [`decode`], but in constant time, for key material. [`decode`] uses a lookup table, whose timing leaks.
pub(crate) fn decode_secret(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// Like [`decode_secret`], but the text may also have padding, and may be standard base64 (RFC 4648 §4).
pub(crate) fn decode_any_secret(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let unpadded = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    if unpadded.len() < text.len() && !text.len().is_multiple_of(4) {
        return None;
    }
    // Allocated at its final size: a text that grows leaves copies of the secret in memory.
    let mut base64url = Zeroizing::new(String::with_capacity(unpadded.len()));
    base64url.extend(unpadded.iter().map(|byte| match byte {
        b'+' => '-',
        b'/' => '_',
        // Not in the alphabet, unlike the character that a byte above 127 would become.
        other => {
            if other.is_ascii() {
                char::from(*other)
            } else {
                '='
            }
        }
    }));
    // The numbers of public keys need no constant time.
    if cfg!(feature = "secrets") { decode_secret(&base64url) } else { decode(&base64url) }.map(Zeroizing::new)
}

/// Like [`encode`], but in constant time, for key material.
pub(crate) fn encode_secret(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod table {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{Decoded, PIECE, PIECE_BYTES};

    /// The bytes of a piece, and whether all its characters are in the alphabet.
    pub(super) fn decode_piece(piece: &[u8; PIECE]) -> (Decoded, bool) {
        let mut bytes = Decoded::default();
        let decoded = URL_SAFE_NO_PAD.decode_slice(piece, bytes.as_flattened_mut());
        (bytes, decoded.is_ok())
    }

    /// The characters of a piece.
    pub(super) fn encode_piece(bytes: &[u8; PIECE_BYTES]) -> [u8; PIECE] {
        let mut piece = [0; PIECE];
        // It fits: twelve bytes are sixteen characters.
        let _ = URL_SAFE_NO_PAD.encode_slice(bytes, &mut piece);
        piece
    }
}

/// Decodes and encodes a piece with SIMD instructions, which takes a third of the time of a lookup table.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vector {
    #![expect(clippy::inline_always, reason = "keeps vectors in registers and constants outside the loop")]

    use core::arch::wasm32::{
        i16x8_shl, i32x4_shl, u8x16, u8x16_add, u8x16_all_true, u8x16_eq, u8x16_lt, u8x16_shr, u8x16_shuffle,
        u8x16_splat, u8x16_sub, u8x16_sub_sat, u8x16_swizzle, u16x8_shr, u32x4_extract_lane, u32x4_shr, u32x4_splat,
        u64x2, u64x2_extract_lane, v128, v128_and, v128_bitselect, v128_or,
    };

    use super::{Decoded, PIECE, PIECE_BYTES};

    /// The bytes of a piece, and whether all its characters are in the alphabet.
    #[inline(always)]
    pub(super) fn decode_piece(piece: &[u8; PIECE]) -> (Decoded, bool) {
        let ([first, second], _) = piece.as_chunks() else { return (Decoded::default(), false) };
        let text = u64x2(u64::from_le_bytes(*first), u64::from_le_bytes(*second));
        let bytes = pack(sextets(text));
        let decoded = [
            u32x4_extract_lane::<0>(bytes).to_le_bytes(),
            u32x4_extract_lane::<1>(bytes).to_le_bytes(),
            u32x4_extract_lane::<2>(bytes).to_le_bytes(),
        ];
        (decoded, u8x16_all_true(are_characters(text)))
    }

    /// The characters of a piece.
    #[inline(always)]
    pub(super) fn encode_piece(bytes: &[u8; PIECE_BYTES]) -> [u8; PIECE] {
        let ([first], [a, b, c, d]) = bytes.as_chunks() else { return [0; PIECE] };
        let bytes = u64x2(u64::from_le_bytes(*first), u64::from(u32::from_le_bytes([*a, *b, *c, *d])));
        let text = characters(unpack(bytes));
        let mut piece = [0; PIECE];
        if let ([first, second], _) = piece.as_chunks_mut() {
            *first = u64x2_extract_lane::<0>(text).to_le_bytes();
            *second = u64x2_extract_lane::<1>(text).to_le_bytes();
        }
        piece
    }

    /// The sextets of four groups of three bytes.
    #[inline(always)]
    fn unpack(bytes: v128) -> v128 {
        // Each group as a number of 24 bits, whose highest sextet becomes the first byte.
        let groups = u8x16_shuffle::<2, 1, 0, 15, 5, 4, 3, 15, 8, 7, 6, 15, 11, 10, 9, 15>(bytes, bytes);
        let outer = v128_or(
            v128_and(u32x4_shr(groups, 18), u32x4_splat(0x3f)),
            v128_and(i32x4_shl(groups, 24), u32x4_splat(0x3f00_0000)),
        );
        let inner = v128_or(
            v128_and(u32x4_shr(groups, 4), u32x4_splat(0x3f00)),
            v128_and(i32x4_shl(groups, 10), u32x4_splat(0x003f_0000)),
        );
        v128_or(outer, inner)
    }

    /// The character of each sextet: the sextet plus an offset, which is looked up by the kind of its character.
    #[inline(always)]
    fn characters(sextets: v128) -> v128 {
        const fn to(sextet: u8, character: u8) -> u8 {
            character.wrapping_sub(sextet)
        }
        let (upper, lower, digit) = (to(0, b'A'), to(26, b'a'), to(52, b'0'));
        let (hyphen, underscore) = (to(62, b'-'), to(63, b'_'));
        let added = u8x16(
            lower, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit, hyphen, underscore, upper, 0,
            0,
        );
        let is_upper = u8x16_lt(sextets, u8x16_splat(26));
        let kinds = v128_or(u8x16_sub_sat(sextets, u8x16_splat(51)), v128_and(is_upper, u8x16_splat(13)));
        u8x16_add(sextets, u8x16_swizzle(added, kinds))
    }

    /// A mask of the characters that are in the alphabet (RFC 4648 §5).
    #[inline(always)]
    fn are_characters(text: v128) -> v128 {
        let within = |text, first, count| u8x16_lt(u8x16_sub(text, u8x16_splat(first)), u8x16_splat(count));
        let letters = within(v128_or(text, u8x16_splat(0x20)), b'a', 26);
        let marks = v128_or(u8x16_eq(text, u8x16_splat(b'-')), u8x16_eq(text, u8x16_splat(b'_')));
        v128_or(v128_or(letters, within(text, b'0', 10)), marks)
    }

    /// The six bits of each character: the character plus an offset, which is looked up by the upper half of its byte.
    #[inline(always)]
    fn sextets(text: v128) -> v128 {
        const fn from(character: u8, sextet: u8) -> u8 {
            sextet.wrapping_sub(character)
        }
        let (upper, lower, digits, hyphen) = (from(b'A', 0), from(b'a', 26), from(b'0', 52), from(b'-', 62));
        let added = u8x16(0, 0, hyphen, digits, upper, upper, lower, lower, 0, 0, 0, 0, 0, 0, 0, 0);
        let sextets = u8x16_add(text, u8x16_swizzle(added, u8x16_shr(text, 4)));
        // `_` shares its upper half with letters, so it needs its own case.
        v128_bitselect(u8x16_splat(63), sextets, u8x16_eq(text, u8x16_splat(b'_')))
    }

    /// Packs each group of four sextets into three bytes and moves all bytes to the front.
    #[inline(always)]
    fn pack(sextets: v128) -> v128 {
        // Combine pairs of sextets into 12 bits, then pairs of those into 24 bits.
        let twelve = v128_or(v128_and(i16x8_shl(sextets, 6), u32x4_splat(0x0fc0_0fc0)), u16x8_shr(sextets, 8));
        let twenty_four = v128_or(v128_and(i32x4_shl(twelve, 12), u32x4_splat(0x00ff_f000)), u32x4_shr(twelve, 16));
        u8x16_shuffle::<2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 3, 3, 3>(twenty_four, twenty_four)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{append, decode, decode_any_secret, decode_secret, encode, encode_secret};

    #[test]
    fn encodes_to_the_same_texts_as_the_crate_base64ct() {
        let bytes = (0..=u8::MAX).chain((0..=u8::MAX).map(|byte| byte.wrapping_mul(83))).collect::<Vec<_>>();
        for length in 0..=60 {
            for start in 0..bytes.len() - length {
                let bytes = &bytes[start..start + length];
                assert_eq!(encode(bytes), encode_secret(bytes), "{bytes:?}");
            }
        }
        let mut text = b"before.".to_vec();
        append(b"foobarfoobarfoo", &mut text);
        assert_eq!(text, b"before.Zm9vYmFyZm9vYmFyZm9v");
    }

    #[test]
    fn decodes_the_same_texts_as_the_crate_base64() {
        for length in 0..=50 {
            let plain = "-_AZaz09".repeat(7).get(..length).unwrap().to_owned();
            for at in 0..length {
                for other in ["A", "Q", "g", "w", "_", "=", "+", "/", ".", "@", "[", "`", "{", "\0", "é"] {
                    let text = [&plain[..at], other, &plain[at + 1..]].concat();
                    assert_eq!(decode(&text), URL_SAFE_NO_PAD.decode(&text).ok(), "{text}");
                }
            }
        }
    }

    #[test]
    fn accepts_padding_and_standard_base64_only_where_asked() {
        let decode = |text: &str| decode_any_secret(text.as_bytes()).map(|bytes| bytes.to_vec());
        for text in ["-_8", "+/8", "-_8=", "+/8="] {
            assert_eq!(decode(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["-_8==", "-_9=", "=-_8", "-_8=\n", "-_ 8", "Zg=", "Zg===", "Zm9v====", "Zm9vé", "="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn accepts_only_canonical_text() {
        for decode in [decode, decode_secret] {
            assert_eq!(decode("Zg"), Some(b"f".to_vec()));
            assert_eq!(decode(""), Some(Vec::new()));
            for text in ["Zg==", "Zh", "Z", "Zg\n", " Zg", "Zm9v+A", "Zm9v/A", "Zm9vé", "Z=g"] {
                assert_eq!(decode(text), None, "{text}");
            }
        }
    }
}
