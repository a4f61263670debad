//! Decompresses content (RFC 7516 §4.1.3, RFC 1951), after its tag has been checked.
//!
//! This library never compresses: the length of compressed text reveals its content (RFC 8725 §3.6).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use zeroize::Zeroizing;

use super::compact::malformed;
use crate::{Error, ErrorCode};

/// How many bytes one byte of DEFLATE can become: 258 bytes take at least two bits.
const LARGEST_RATIO: usize = 1032;

/// Decompresses content of at most `max_length` bytes. Nothing is allocated beyond that.
///
/// # Errors
/// - [`ErrorCode::TokenTooLong`]: the content would be longer than `max_length` bytes.
/// - [`ErrorCode::TokenMalformed`]: the content is not DEFLATE, or something follows it.
pub(super) fn inflate(compressed: &[u8], max_length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Allocated at its final size: a buffer that grows leaves copies of the content in memory.
    let length = compressed.len().saturating_mul(LARGEST_RATIO).min(max_length);
    let mut content = Zeroizing::new(vec![0; length]);
    let mut state = Box::<DecompressorOxide>::default();
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    match decompress(&mut state, compressed, &mut content, 0, flags) {
        (TINFLStatus::Done, read, written) if read == compressed.len() => {
            content.truncate(written);
            Ok(content)
        }
        (TINFLStatus::HasMoreOutput, ..) => {
            Err(Error::new(ErrorCode::TokenTooLong, format!("content is longer than {max_length} bytes")))
        }
        _ => Err(malformed("content is not compressed with DEFLATE")),
    }
}

#[cfg(test)]
mod tests {
    use super::inflate;
    use crate::ErrorCode;

    #[test]
    fn refuses_what_is_too_long_or_no_deflate() {
        // A stored block of `abc`, and a fixed block of 258 times `a` and more.
        let stored = [1, 3, 0, 0xfc, 0xff, b'a', b'b', b'c'];
        assert_eq!(**inflate(&stored, 3).unwrap(), *b"abc");
        assert_eq!(inflate(&stored, 2).unwrap_err().code(), ErrorCode::TokenTooLong);
        assert_eq!(inflate(&stored, 2).unwrap_err().to_string(), "content is longer than 2 bytes");
        assert_eq!(inflate(&[&stored[..], &[0]].concat(), 3).unwrap_err().code(), ErrorCode::TokenMalformed);
        assert_eq!(inflate(&stored[..7], 3).unwrap_err().code(), ErrorCode::TokenMalformed);
        assert_eq!(inflate(&[], 3).unwrap_err().code(), ErrorCode::TokenMalformed);
        assert_eq!(inflate(&[7], 3).unwrap_err().code(), ErrorCode::TokenMalformed);
    }
}
