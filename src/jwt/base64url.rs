//! Base64url without padding (RFC 7515 §2), canonical: each byte string has one spelling, and only that is read.

use base64ct::{Base64UrlUnpadded, Encoding};

/// The bytes, or nothing if the text has padding, white space, `+`, `/` or non-zero trailing bits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// The one text for `bytes`. Constant time: it also writes private keys.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn reads_only_the_canonical_text() {
        assert_eq!(decode("Zg"), Some(b"f".to_vec()));
        assert_eq!(decode(""), Some(Vec::new()));
        for text in ["Zg==", "Zh", "Z", "Zg\n", " Zg", "Zm9v+A", "Zm9v/A", "Zm9vé", "Z=g"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
