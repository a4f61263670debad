//! Reads and writes PEM (RFC 7468): exactly one block of strict base64 with its label. Environment variables and JSON
//! change the line breaks, or hold the text in base64, so these spellings are read too.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::base64url::decode_any_secret;
use crate::{Error, ErrorCode};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Characters in a line of base64 (RFC 7468 §2).
const LINE_LENGTH: usize = 64;

/// OpenSSL writes the curve in a block of its own before an EC key. The key names its curve too.
const CURVE_BEFORE_KEY: [&str; 2] = ["EC PARAMETERS-----", "EC PRIVATE KEY-----"];

/// How to convert a key whose encryption is not supported.
macro_rules! convert {
    () => {
        "convert it with \"openssl pkcs8 -topk8 -v2 aes256 -in OLD -out NEW\", for DES, RC2 or RC4 with \
         \"-provider legacy -provider default\""
    };
}
#[cfg(feature = "jwt")]
pub(crate) use convert;

/// How the messages about a damaged PEM begin.
macro_rules! malformed {
    () => {
        "PEM is not well-formed: "
    };
}

/// The label and the decoded content of the only PEM block in a text. Text around the block is allowed (RFC 7468 §2).
/// Two blocks are refused because the choice would be arbitrary, except for the curve block before an EC key.
///
/// The text may also be the base64 of a PEM.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: there is no block or more than one, its labels differ, it is encrypted in OpenSSL's
///   legacy format, or its body is not canonical base64 with white space.
pub(crate) fn open(text: &str) -> Result<(String, Zeroizing<Vec<u8>>), Error> {
    if let Some((_, block)) = split_once(text, BEGIN) {
        return open_block(block);
    }
    let decoded = decode_any_secret(without_white_space(text).as_bytes()).unwrap_or_default();
    match str::from_utf8(&decoded).ok().and_then(|text| split_once(text, BEGIN)) {
        Some((_, block)) => open_block(block),
        None => Err(no_block(text)),
    }
}

/// The content of the only PEM block in a text, which must be a certificate.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: those of [`open`], or another label.
#[cfg(feature = "jwt")]
pub(crate) fn open_certificate(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (label, der) = open(text)?;
    if label == "CERTIFICATE" { Ok(der) } else { Err(invalid("PEM label is not CERTIFICATE")) }
}

fn no_block(text: &str) -> Error {
    let text = text.trim_ascii_start();
    let starts = |names: &[&str]| names.iter().any(|name| text.starts_with(name));
    invalid(if starts(&["PuTTY-User-Key-File-"]) {
        "this is a PuTTY key: export it as an OpenSSH key with PuTTYgen"
    } else if starts(&["---- BEGIN SSH2 "]) {
        "this is an SSH public key of RFC 4716: make it one of OpenSSH with \"ssh-keygen -i -f FILE\""
    } else if starts(&["ssh-", "ecdsa-sha2-"]) {
        "this is an OpenSSH public key: convert RSA and ECDSA keys with \"ssh-keygen -e -m PKCS8 -f FILE\"; make a new key for Ed25519, which it cannot convert"
    } else {
        "no PEM block found: pass the text from \"-----BEGIN\" on, or DER as bytes"
    })
}

/// Removes white space. The result is allocated at its final size: a text that grows leaves copies of the key in memory.
fn without_white_space(text: &str) -> Zeroizing<String> {
    let mut rest = Zeroizing::new(String::with_capacity(text.len()));
    rest.extend(text.chars().filter(|character| !character.is_ascii_whitespace()));
    rest
}

/// Reads what follows the beginning of the first block.
fn open_block(block: &str) -> Result<(String, Zeroizing<Vec<u8>>), Error> {
    let cut =
        || invalid(concat!(malformed!(), "its last line is missing or cut; in an .env file, put quotes around a PEM"));
    let not_base64 = || invalid(concat!(malformed!(), "between its first and last line is not base64"));
    let block = after_curve(block).unwrap_or(block);
    if split_once(block, BEGIN).is_some() {
        return Err(invalid("PEM contains more than one block"));
    }
    let (label, rest) = split_once(block, DASHES).ok_or_else(cut)?;
    let (body, rest) = split_once(rest, END).ok_or_else(cut)?;
    let (end_label, _) = split_once(rest, DASHES).ok_or_else(cut)?;
    // OpenSSL's legacy encryption (RFC 1421 §4.6.1.1) derives its key with one round of MD5.
    if body.trim_ascii_start().starts_with("Proc-Type:") {
        return Err(invalid(concat!("the PEM uses OpenSSL's legacy encryption: ", convert!())));
    }
    if label != end_label {
        return Err(invalid(concat!(malformed!(), "its first and last line have different labels")));
    }
    let base64 = without_line_breaks(body).filter(|base64| !base64.is_empty()).ok_or_else(not_base64)?;
    let der = Base64::decode_vec(&base64).map(Zeroizing::new).map_err(|_| not_base64())?;
    Ok((label.into(), der))
}

/// Removes white space, and line breaks that were copied from JSON or from an .env file without decoding them: `\n`, and
/// `\\n` if they were encoded twice.
fn without_line_breaks(body: &str) -> Option<Zeroizing<String>> {
    let mut base64 = without_white_space(body);
    while let Some(start) = base64.as_bytes().iter().position(|byte| *byte == b'\\') {
        let escaped = base64.get(start..)?.trim_start_matches('\\');
        let end = base64.len().checked_sub(escaped.strip_prefix(['n', 'r'])?.len())?;
        base64.replace_range(start..end, "");
    }
    Some(base64)
}

/// The block with the EC key, if `block` is the curve block before it.
fn after_curve(block: &str) -> Option<&str> {
    let [curve, key] = CURVE_BEFORE_KEY;
    let (_, rest) = split_once(block.strip_prefix(curve)?, BEGIN)?;
    rest.starts_with(key).then_some(rest)
}

/// The PEM block for a document, with LF line endings.
pub(crate) fn close(label: &str, der: &[u8]) -> String {
    let base64 = Zeroizing::new(Base64::encode_string(der));
    let lines = base64.len().div_ceil(LINE_LENGTH);
    let frame = BEGIN.len().saturating_add(END.len()).saturating_add(label.len().saturating_mul(2)).saturating_add(12);
    let mut text = String::with_capacity(base64.len().saturating_add(lines).saturating_add(frame));
    for part in [BEGIN, label, DASHES, "\n"] {
        text.push_str(part);
    }
    let mut rest = base64.as_str();
    while let Some((line, after)) = rest.split_at_checked(LINE_LENGTH.min(rest.len())).filter(|_| !rest.is_empty()) {
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    for part in [END, label, DASHES, "\n"] {
        text.push_str(part);
    }
    text
}

/// Like `str::split_once`, whose string search would add 4 KB to the wasm module.
fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    let start = text.as_bytes().windows(separator.len()).position(|window| window == separator.as_bytes())?;
    let (before, rest) = text.split_at_checked(start)?;
    Some((before, rest.strip_prefix(separator)?))
}

/// The error for a PEM block with a label that is not supported here.
pub(crate) fn unreadable(label: &str) -> Error {
    let message = match label {
        "CERTIFICATE" => {
            "this is a certificate: fromUnverifiedCertificate reads its key without verifying the certificate"
        }
        "ENCRYPTED PRIVATE KEY" => "this private key is encrypted: pass its passphrase",
        "OPENSSH PRIVATE KEY" => {
            "this is an OpenSSH key: convert RSA and ECDSA keys with \"ssh-keygen -p -m PKCS8 -f COPY\"; make a new key for Ed25519, which it cannot convert"
        }
        "PKCS7" => "this is PKCS#7: write its certificates with \"openssl pkcs7 -print_certs\", it holds no key",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            "this is a certificate request: write its public key with \"openssl req -pubkey -noout\""
        }
        _ => "PEM label does not name a supported kind of key",
    };
    Error::new(ErrorCode::KeyInvalid, message)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}

#[cfg(test)]
mod tests {
    use super::{close, open};
    use base64ct::{Base64, Encoding};

    #[test]
    fn writes_what_it_reads() {
        for length in [1, 47, 48, 49, 96, 300] {
            let der: Vec<u8> = (0..length).map(|index| u8::try_from(index % 251).unwrap()).collect();
            let text = close("PRIVATE KEY", &der);
            assert!(text.lines().all(|line| line.len() <= 64));
            assert_eq!(text.capacity(), text.len());
            let (label, read) = open(&text).unwrap();
            assert_eq!((label.as_str(), read.as_slice()), ("PRIVATE KEY", der.as_slice()));
            for line_break in ["\r\n", " ", "", "\\n", "\\r\\n", "\\\\n", "\\n\n"] {
                assert_eq!(open(&text.replace('\n', line_break)).unwrap().1, read, "{line_break:?}");
            }
            assert_eq!(open(&Base64::encode_string(text.as_bytes())).unwrap().1, read);
            for line_break in ["\\", "\\t", "\\u000a", "\\\\"] {
                assert!(open(&text.replace('\n', line_break)).is_err(), "{line_break:?}");
            }
        }
    }
}
