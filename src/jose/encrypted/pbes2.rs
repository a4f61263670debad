//! PBES2 (RFC 8018 §6.2): encrypts with AES-CBC under a key that PBKDF2 derives from a passphrase.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use zeroize::Zeroizing;

use crate::crypto::der::{AlgorithmIdentifier, NULL, OCTET_STRING, Reader, SEQUENCE, document, element, integer};
use crate::crypto::pbkdf2::{Prf, derive};
use crate::jose::pem::convert;
use crate::{Error, ErrorCode};

/// The most PBKDF2 iterations that a document may ask for, so that a document cannot make us compute for long. It is
/// more than OWASP recommends for any digest, and takes about a second.
const MAX_ITERATIONS: u32 = 2_000_000;

/// The iterations for new documents: OWASP's recommendation for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet).
const ITERATIONS: u32 = 600_000;

/// Decrypts the key in an encrypted document.
///
/// # Errors
/// - [`ErrorCode::KeyInvalid`]: the encryption is not supported, the iteration count is 0 or too high, or the padding
///   is wrong, which means that the passphrase is wrong.
pub(super) fn decrypt(
    algorithm: &AlgorithmIdentifier<'_>,
    data: &[u8],
    passphrase: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let parameters = Parameters::parse(algorithm).ok_or_else(unsupported)?;
    if !(1..=MAX_ITERATIONS).contains(&parameters.iterations) {
        return Err(invalid("the encrypted key's PBKDF2 iteration count is not between 1 and 2000000"));
    }
    let length = match parameters.cipher {
        AES128 => 16,
        AES192 => 24,
        AES256 => 32,
        _ => return Err(unsupported()),
    };
    if parameters.key_length.is_some_and(|own| own != length) {
        return Err(unsupported());
    }
    let prf = prf_named(parameters.prf).ok_or_else(unsupported)?;
    let key = derive(prf, passphrase, parameters.salt, parameters.iterations, length as usize);
    // Decrypted in place: a buffer that grows leaves copies of the key in memory.
    let mut plain = Zeroizing::new(data.to_vec());
    let length = match length {
        16 => open::<Aes128>(&key, parameters.iv, &mut plain),
        24 => open::<Aes192>(&key, parameters.iv, &mut plain),
        _ => open::<Aes256>(&key, parameters.iv, &mut plain),
    };
    plain.truncate(length.ok_or_else(other_passphrase)?);
    Ok(plain)
}

/// Encrypts a key. Returns the complete document (RFC 5958 §3).
pub(super) fn encrypt(key: &[u8], passphrase: &[u8], salt: &[u8], iv: &[u8; 16]) -> Option<Zeroizing<Vec<u8>>> {
    let wrapping = derive(Prf::HmacSha256, passphrase, salt, ITERATIONS, 32);
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&wrapping, iv).ok()?;
    let data = cipher.encrypt_padded_vec::<Pkcs7>(key);
    let algorithm = |oid, parameters: &[u8]| AlgorithmIdentifier { oid, parameters: Some(parameters) }.write();
    let [_, iterations @ ..] = ITERATIONS.to_be_bytes();
    let iterations = integer(&iterations);
    let prf = algorithm(HMAC_SHA256, NULL);
    let derivation = algorithm(PBKDF2, &element(SEQUENCE, &[&element(OCTET_STRING, &[salt]), &iterations, &prf]));
    let cipher = algorithm(AES256, &element(OCTET_STRING, &[iv]));
    let scheme = algorithm(PBES2, &element(SEQUENCE, &[&derivation, &cipher]));
    Some(element(SEQUENCE, &[&scheme, &element(OCTET_STRING, &[&data])]))
}

/// id-PBES2, 1.2.840.113549.1.5.13 (RFC 8018 appendix A.4).
const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
/// id-PBKDF2, 1.2.840.113549.1.5.12 (RFC 8018 appendix A.2).
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
/// id-hmacWithSHA1, 1.2.840.113549.2.7 (RFC 8018 appendix B.1.1). HMAC does not need a hash without collisions.
const HMAC_SHA1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x07";
/// id-hmacWithSHA256, -384 and -512, 1.2.840.113549.2.9 to .11 (RFC 8018 appendix B.1.2).
const HMAC_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x09";
const HMAC_SHA384: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x0a";
const HMAC_SHA512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x0b";
/// aes128-CBC-PAD, aes192 and aes256, 2.16.840.1.101.3.4.1.2, .22 and .42 (RFC 8018 appendix B.2.5).
const AES128: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
const AES192: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x16";
const AES256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";

/// `PBES2-params` with `PBKDF2-params` (RFC 8018 appendix A.4 and A.2).
struct Parameters<'d> {
    salt: &'d [u8],
    iterations: u32,
    key_length: Option<u32>,
    prf: &'d [u8],
    cipher: &'d [u8],
    iv: &'d [u8; 16],
}

impl<'d> Parameters<'d> {
    fn parse(algorithm: &AlgorithmIdentifier<'d>) -> Option<Self> {
        if algorithm.oid != PBES2 {
            return None;
        }
        let read =
            |fields: &mut Reader<'d>| Ok((AlgorithmIdentifier::read(fields)?, AlgorithmIdentifier::read(fields)?));
        let (derivation, cipher) = document(algorithm.parameters?, read).ok()?;
        if derivation.oid != PBKDF2 {
            return None;
        }
        let (salt, iterations, key_length, prf) = document(derivation.parameters?, |fields| {
            let (salt, iterations) = (fields.take(OCTET_STRING)?, fields.small_integer()?);
            let key_length = fields.optional_small_integer()?;
            // RFC 8018 appendix A.2: without a function, HMAC-SHA-1 is meant. OpenSSL before 1.1 writes none.
            let prf = if fields.is_empty() { HMAC_SHA1 } else { AlgorithmIdentifier::read(fields)?.oid };
            Ok((salt, iterations, key_length, prf))
        })
        .ok()?;
        let Some([OCTET_STRING, 16, iv @ ..]) = cipher.parameters else { return None };
        Some(Self { salt, iterations, key_length, prf, cipher: cipher.oid, iv: iv.try_into().ok()? })
    }
}

/// Decrypts in place. Returns the length without padding, or `None` if the padding is wrong.
fn open<C>(key: &[u8], iv: &[u8; 16], data: &mut [u8]) -> Option<usize>
where
    cbc::Decryptor<C>: KeyIvInit + BlockModeDecrypt,
    C: BlockCipherDecrypt,
{
    let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
    cipher.decrypt_padded::<Pkcs7>(data).ok().map(<[u8]>::len)
}

fn prf_named(oid: &[u8]) -> Option<Prf> {
    match oid {
        HMAC_SHA1 => Some(Prf::HmacSha1),
        HMAC_SHA256 => Some(Prf::HmacSha256),
        HMAC_SHA384 => Some(Prf::HmacSha384),
        HMAC_SHA512 => Some(Prf::HmacSha512),
        _ => None,
    }
}

fn unsupported() -> Error {
    invalid(concat!("the key's encryption is not supported: ", convert!()))
}

/// The error for a wrong passphrase.
pub(super) fn other_passphrase() -> Error {
    invalid("the passphrase does not decrypt this key")
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
