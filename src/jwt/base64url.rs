//! Base64url without padding (RFC 7515 §2), canonical: each byte string has one spelling, and only that is read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64ct::{Base64UrlUnpadded, Encoding};

/// The bytes, or nothing if the text has padding, white space, `+`, `/` or non-zero trailing bits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The one text for `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    encode_onto(bytes, &mut text);
    text
}

/// Writes the one text for `bytes` behind what is there.
pub(crate) fn encode_onto(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// As [`decode`], in constant time, for key material: the fast way looks its characters up in a table.
pub(crate) fn decode_secret(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// As [`encode`], in constant time, for key material.
pub(crate) fn encode_secret(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_secret};

    #[test]
    fn reads_only_the_canonical_text() {
        for decode in [decode, decode_secret] {
            assert_eq!(decode("Zg"), Some(b"f".to_vec()));
            assert_eq!(decode(""), Some(Vec::new()));
            for text in ["Zg==", "Zh", "Z", "Zg\n", " Zg", "Zm9v+A", "Zm9v/A", "Zm9vé", "Z=g"] {
                assert_eq!(decode(text), None, "{text}");
            }
        }
    }
}
