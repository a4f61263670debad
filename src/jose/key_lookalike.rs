//! Detects other kinds of keys that are passed as HMAC secrets by mistake or in an attack.

use zeroize::Zeroizing;

use super::base64url;

/// Whether a secret contains another kind of key: PEM, DER, JWK, OpenSSH or `PuTTY`, directly or in base64. Algorithm
/// confusion attacks rely on a public key being accepted as a secret (CVE-2022-29217, CVE-2024-33663, CVE-2023-48223).
pub(crate) fn looks_like_a_key(secret: &[u8]) -> bool {
    // Dropping zero bytes turns UTF-16 into ASCII. The buffer is allocated at its final size, because a buffer that
    // grows leaves copies of the secret in memory.
    let mut text = Zeroizing::new(Vec::with_capacity(secret.len()));
    text.extend(secret.iter().copied().filter(|byte| *byte != 0 && !byte.is_ascii_whitespace()));
    if is_key(secret) || is_key_text(&text) {
        return true;
    }
    from_base64(&text).is_some_and(|decoded| is_key(&decoded) || is_key_text(&decoded))
}

/// Binary formats: DER and OpenSSH.
fn is_key(secret: &[u8]) -> bool {
    let bare = secret.strip_prefix(b"\xef\xbb\xbf").unwrap_or(secret).trim_ascii();
    is_der(secret) || is_der(bare) || names_an_algorithm(secret) || contains(secret, b"openssh-key-v1\0")
}

/// Text formats. White space has been removed.
fn is_key_text(text: &[u8]) -> bool {
    // PEM (RFC 7468 §2) and SSH2 (RFC 4716 §3.2); JWK and JWKS, also with escaped member names; OpenSSH public keys and
    // their base64; PuTTY.
    const MARKERS: [&[u8]; 15] = [
        b"-----begin",
        b"----begin",
        b"\"kty\"",
        b"\"keys\"",
        b"\"crv\"",
        b"{\"\\u00",
        b"\\u006b",
        b"ssh-ed25519",
        b"ssh-rsa",
        b"ssh-dss",
        b"ecdsa-sha2-nistp",
        b"aaaac3nzac1",
        b"aaaab3nzac1",
        b"aaaae2vjzhnhlx",
        b"putty-user-key-file",
    ];
    MARKERS.iter().any(|marker| text.windows(marker.len()).any(|window| window.eq_ignore_ascii_case(marker)))
}

/// Whether the bytes are a DER SEQUENCE that starts like a key or a certificate: with a version, a modulus, or the
/// SEQUENCE of an algorithm or a certificate. One in a billion random secrets does.
fn is_der(secret: &[u8]) -> bool {
    let (length, content) = match secret {
        [0x30, length @ 0..=0x7f, content @ ..] | [0x30, 0x81, length, content @ ..] => (usize::from(*length), content),
        [0x30, 0x82, high, low, content @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), content),
        _ => return false,
    };
    length == content.len()
        && matches!(content, [0x02, 0x01, 0..=2, ..] | [0x02, 0x81 | 0x82, ..] | [0x30, _, 0x06, ..] | [0x30, 0x82, ..])
}

/// Whether the bytes contain the object identifier of a key algorithm: X25519, X448, Ed25519 or Ed448 (RFC 8410 §3),
/// RSA (RFC 8017 appendix A.1) or EC (RFC 5480 §2.1.1).
fn names_an_algorithm(secret: &[u8]) -> bool {
    secret.windows(5).any(|window| matches!(window, [0x06, 0x03, 0x2b, 0x65, 0x6e..=0x71]))
        || contains(secret, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01])
        || contains(secret, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01])
}

/// Decodes a text that is base64 or base64url, with or without padding.
fn from_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut base64url = Zeroizing::new(String::with_capacity(text.len()));
    base64url.extend(text.iter().map(|byte| match byte {
        b'+' => '-',
        b'/' => '_',
        other => char::from(other & 0x7f),
    }));
    base64url::decode_secret(base64url.trim_end_matches('=')).map(Zeroizing::new)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::looks_like_a_key;
    use crate::jose::base64url;
    use crate::jwt::{Algorithm, Key, KeyOptions};

    #[test]
    fn detects_a_public_key_in_disguise() {
        let key = Key::generate(Algorithm::EdDsa, &KeyOptions::default()).unwrap();
        let pem = key.to_pem(false).unwrap();
        let body = pem.lines().nth(1).unwrap();
        let jwk = serde_json::to_string(&key.to_jwk(false).unwrap()).unwrap();
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for disguise in [
            pem.clone().into_bytes(),
            pem.to_lowercase().into_bytes(),
            pem.replace("BEGIN ", "BEGIN\t").into_bytes(),
            utf16(&pem),
            format!("\u{feff} {pem}").into_bytes(),
            body.as_bytes().to_vec(),
            base64url::encode(pem.as_bytes()).into_bytes(),
            base64url::encode(jwk.as_bytes()).into_bytes(),
            utf16(&jwk),
            jwk.replace("kty", "\\u006Bty").into_bytes(),
            b"ssh-ed25519\tAAAAC3NzaC1lZDI1NTE5AAAAIGVk alice@example".to_vec(),
            b"AAAAC3NzaC1lZDI1NTE5AAAAIGVkMjU1MTlwdWJsaWM".to_vec(),
            b"PuTTY-User-Key-File-3: ssh-ed25519".to_vec(),
        ] {
            assert!(looks_like_a_key(&disguise), "{}", String::from_utf8_lossy(&disguise));
        }
    }

    #[test]
    fn accepts_random_secrets() {
        for _ in 0..1000 {
            let secret = crate::crypto::random::random_bytes(64).unwrap();
            assert!(!looks_like_a_key(&secret));
            assert!(!looks_like_a_key(base64url::encode(&secret).as_bytes()));
        }
        assert!(!looks_like_a_key(b"correct horse battery staple, and then some more words"));
    }
}
