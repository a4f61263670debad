//! Detects other kinds of keys that are passed as HMAC secrets by mistake or in an attack.

use zeroize::Zeroizing;

use super::base64url;

/// Whether a secret contains another kind of key: PEM, DER, JWK, OpenSSH or `PuTTY`, directly, with escapes, or in base64 or
/// hexadecimal, also several times. Algorithm confusion attacks rely on a public key being accepted as a secret
/// (CVE-2022-29217, CVE-2024-33663, CVE-2023-48223).
pub(crate) fn looks_like_a_key(secret: &[u8]) -> bool {
    let mut layer = Zeroizing::new(secret.to_vec());
    loop {
        let text = plain_text(&layer);
        if is_key(&layer) || is_key_text(&text) {
            return true;
        }
        // Each layer is shorter than the one around it by a quarter at least.
        match decoded(&text) {
            Some(inner) => layer = inner,
            None => return false,
        }
    }
}

/// The text without zero bytes, which turns UTF-16 into ASCII, without white space, and with single quotes as double ones.
/// Decodes percent-encoding and escapes of JSON, however often they were applied.
fn plain_text(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    // Allocated at its final size, because a buffer that grows leaves copies of the secret in memory.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len()));
    for byte in bytes {
        let mut next = Some(*byte);
        while let Some(byte) = next {
            match byte {
                0 => {}
                b'\\' if text.last() == Some(&b'\\') => {}
                b'\'' => text.push(b'"'),
                _ if byte.is_ascii_whitespace() => {}
                _ => text.push(byte),
            }
            let (length, decoded) = match text.as_slice() {
                [before @ .., b'\\', b'n' | b'r'] => (before.len(), Some(b'\n')),
                [before @ .., b'%', high, low] | [before @ .., b'\\', b'u', b'0', b'0', high, low] => {
                    let value = digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low);
                    (if value.is_some() { before.len() } else { text.len() }, value)
                }
                all => (all.len(), None),
            };
            text.truncate(length);
            next = decoded;
        }
    }
    text.retain(|byte| *byte != b'\\');
    text
}

/// Binary formats: DER and OpenSSH.
fn is_key(secret: &[u8]) -> bool {
    let bare = secret.strip_prefix(b"\xef\xbb\xbf").unwrap_or(secret).trim_ascii();
    is_der(secret) || is_der(bare) || names_an_algorithm(secret) || contains(secret, b"openssh-key-v1\0")
}

/// Text formats, as [`plain_text`] returns them.
fn is_key_text(text: &[u8]) -> bool {
    // PEM (RFC 7468 §2) and SSH2 (RFC 4716 §3.2); JWK and JWKS, in JSON and as literals of JavaScript; OpenSSH public keys
    // and their base64; PuTTY; the XML of .NET.
    const MARKERS: [&[u8]; 15] = [
        b"-----begin",
        b"----begin",
        b"\"kty\"",
        b"{kty:",
        b"\"keys\"",
        b"\"crv\"",
        b"ssh-ed25519",
        b"ssh-rsa",
        b"ssh-dss",
        b"ecdsa-sha2-nistp",
        b"aaaac3nzac1",
        b"aaaab3nzac1",
        b"aaaae2vjzhnhlx",
        b"putty-user-key-file",
        b"<rsakeyvalue>",
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
/// RSA (RFC 8017 appendix A.1), EC (RFC 5480 §2.1.1) or ML-DSA (RFC 9881 §2).
fn names_an_algorithm(secret: &[u8]) -> bool {
    secret.windows(5).any(|window| matches!(window, [0x06, 0x03, 0x2b, 0x65, 0x6e..=0x71]))
        || contains(secret, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01])
        || contains(secret, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01])
        || contains(secret, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03])
}

/// Decodes a text that is hexadecimal, with or without colons, or base64 in any spelling. Of several parts, such as those of
/// a data URL or a JSON string, it takes the longest.
fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let longest = text.split(|byte| matches!(byte, b',' | b'"')).max_by_key(|part| part.len())?;
    let unpadded = longest.iter().rposition(|byte| *byte != b'=').and_then(|last| longest.get(..=last))?;
    from_hexadecimal(longest).or_else(|| base64url::decode_any_secret(unpadded)).filter(|inner| !inner.is_empty())
}

fn from_hexadecimal(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut high = None;
    for byte in text.strip_prefix(b"0x").unwrap_or(text).iter().filter(|byte| **byte != b':') {
        let digit = digit(*byte)?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    high.is_none().then_some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
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
        let der = key.to_der(crate::jwt::KeyForm::Spki).unwrap();
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let percent = |bytes: &[u8]| bytes.iter().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
        let hex = |bytes: &[u8], between: &str| {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(between)
        };
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
            jwk.replace("kty", "k\\u0074y").replace("crv", "cr\\u0076").into_bytes(),
            json(&jwk).into_bytes(),
            json(&json(&json(&jwk))).into_bytes(),
            json(&jwk.replace("kty", "\\u006Bty")).into_bytes(),
            jwk.replace('"', "'").into_bytes(),
            format!("{{ kty: 'OKP', x: '{body}' }}").into_bytes(),
            percent(jwk.as_bytes()).into_bytes(),
            percent(percent(jwk.as_bytes()).as_bytes()).into_bytes(),
            percent(pem.as_bytes()).into_bytes(),
            json(&pem).into_bytes(),
            hex(&der, "").into_bytes(),
            hex(&der, "").to_uppercase().into_bytes(),
            hex(&der, ":").into_bytes(),
            format!("0x{}", hex(&der, "")).into_bytes(),
            hex(pem.as_bytes(), "").into_bytes(),
            format!("\"{body}\"").into_bytes(),
            format!("data:application/x-pem-file;base64,{}", base64url::encode(pem.as_bytes())).into_bytes(),
            format!("data:application/pkix-spki;base64,{body}").into_bytes(),
            format!("data:,{}", percent(pem.as_bytes())).into_bytes(),
            base64url::encode(base64url::encode(pem.as_bytes()).as_bytes()).into_bytes(),
            base64url::encode(json(&jwk).as_bytes()).into_bytes(),
            b"<RSAKeyValue><Modulus>".to_vec(),
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
            assert!(!looks_like_a_key(base64url::encode(base64url::encode(&secret).as_bytes()).as_bytes()));
            let digits = secret.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            assert!(!looks_like_a_key(digits.as_bytes()));
        }
        for secret in ["", "=", "\"\"", "%", "%4", "\\", "\\u00", "\\u006", ",,,", "0x", "0", "::", "AAAA", "\u{e9}"] {
            assert!(!looks_like_a_key(secret.as_bytes()), "{secret}");
        }
        for secret in ["50% off, \\ and 'quoted' {keys} for Alice", "kty OKP crv keys", "ssh me at begin-----"] {
            assert!(!looks_like_a_key(secret.as_bytes()), "{secret}");
        }
        assert!(!looks_like_a_key(b"correct horse battery staple, and then some more words"));
    }

    #[test]
    fn takes_time_in_proportion_to_the_length() {
        let start = std::time::Instant::now();
        for part in ["%25", "%2", "\\\\", "\\u005c", "\\u0025", "QUFB", "00", "\"", "%%%4141"] {
            assert!(!looks_like_a_key(part.repeat(100_000).as_bytes()), "{part}");
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(20));
    }
}
