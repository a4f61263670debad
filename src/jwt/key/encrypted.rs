//! Private keys under a passphrase: PKCS#8 with PBES2 (RFC 5958 §3, RFC 8018 §6.2), that is PBKDF2 and AES in CBC mode.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use pbkdf2::pbkdf2_hmac;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::der::{
    AlgorithmIdentifier, NULL, OCTET_STRING, Parsed, Reader, SEQUENCE, document as der_document, element, integer,
};
use super::document::{self, KeyForm};
use super::{Key, KeyOptions, armor, pem, random_bytes};
use crate::jwt::algorithm::Algorithm;
use crate::{Error, ErrorCode};

const LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// The most rounds of PBKDF2 that a document may ask for: somewhat more than OWASP recommends for any digest, and a second
/// of work. A document must not decide for how long we compute.
const MAX_ROUNDS: u32 = 2_000_000;

/// The rounds that are written: OWASP's recommendation for PBKDF2 with HMAC-SHA-256 (Password Storage Cheat Sheet).
const ROUNDS: u32 = 600_000;

impl Key {
    /// A private key from a PEM block `ENCRYPTED PRIVATE KEY`.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: those of [`Key::from_pem`]; another encryption than PBES2 with PBKDF2 (HMAC with SHA-2)
    ///   and AES-CBC; more than 2,000,000 rounds; another passphrase.
    /// - [`ErrorCode::KeyTooWeak`], [`ErrorCode::OptionInvalid`]: those of [`Key::from_pem`].
    ///
    /// ```
    /// use countersign::jwt::{Algorithm, Key, KeyOptions};
    ///
    /// let key = Key::generate(Algorithm::Es256, &KeyOptions::default())?;
    /// let pem = key.to_encrypted_pem(b"correct horse battery staple")?;
    /// let again = Key::from_encrypted_pem(&pem, b"correct horse battery staple", Algorithm::Es256, &KeyOptions::default())?;
    /// assert_eq!(again.to_pem(true)?, key.to_pem(true)?);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn from_encrypted_pem(
        text: &str,
        passphrase: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        match armor::open(text)? {
            (LABEL, der) => Self::from_encrypted_der(&der, passphrase, algorithm, options),
            (label, _) if KeyForm::ALL.iter().any(|form| form.label() == label) => Err(not_encrypted()),
            (label, _) => Err(pem::unreadable(label)),
        }
    }

    /// A private key from encrypted PKCS#8 in DER.
    ///
    /// # Errors
    /// Those of [`Key::from_encrypted_pem`].
    pub fn from_encrypted_der(
        der: &[u8],
        passphrase: &[u8],
        algorithm: Algorithm,
        options: &KeyOptions,
    ) -> Result<Self, Error> {
        let Ok(document) = Encrypted::parse(der) else {
            return Err(match document::read_any(der) {
                Ok(_) => not_encrypted(),
                Err(fault) => fault.against(algorithm),
            });
        };
        let key = decrypt(&document, passphrase)?;
        // Of 256 wrong passphrases one leaves a padding that is right.
        if !document::has_form(KeyForm::Pkcs8, &key) {
            return Err(other_passphrase());
        }
        let material = document::read(KeyForm::Pkcs8, &key).map_err(|fault| fault.against(algorithm))?;
        Self::from_material(material, algorithm, options)
    }

    /// The private key as PEM under a passphrase: PBES2 with 600,000 rounds of PBKDF2 (HMAC-SHA-256) and AES-256-CBC.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a secret, or a public key.
    /// - [`ErrorCode::OptionInvalid`]: an empty passphrase.
    /// - [`ErrorCode::Internal`]: the platform has no random source.
    pub fn to_encrypted_pem(&self, passphrase: &[u8]) -> Result<String, Error> {
        Ok(armor::close(LABEL, &self.to_encrypted_der(passphrase)?))
    }

    /// As [`Key::to_encrypted_pem`], in DER.
    ///
    /// # Errors
    /// Those of [`Key::to_encrypted_pem`].
    pub fn to_encrypted_der(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        if passphrase.is_empty() {
            return Err(Error::new(ErrorCode::OptionInvalid, "option \"passphrase\" is empty"));
        }
        let key = self.to_der(KeyForm::Pkcs8)?;
        let salt = random_bytes(16)?;
        let mut iv = [0; 16];
        iv.copy_from_slice(&random_bytes(16)?);
        encrypt(&key, passphrase, &salt, &iv).ok_or_else(|| Error::new(ErrorCode::Internal, "key cannot be written"))
    }
}

/// Whether a document in DER is an encrypted key, whatever encrypts it: an algorithm, and bytes.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    Encrypted::parse(der).is_ok()
}

/// `EncryptedPrivateKeyInfo` (RFC 5958 §3).
struct Encrypted<'d> {
    algorithm: AlgorithmIdentifier<'d>,
    data: &'d [u8],
}

impl<'d> Encrypted<'d> {
    fn parse(der: &'d [u8]) -> Parsed<Self> {
        der_document(der, |fields| {
            Ok(Self { algorithm: AlgorithmIdentifier::read(fields)?, data: fields.take(OCTET_STRING)? })
        })
    }
}

/// id-PBES2, 1.2.840.113549.1.5.13 (RFC 8018 appendix A.4).
const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
/// id-PBKDF2, 1.2.840.113549.1.5.12 (RFC 8018 appendix A.2).
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
/// id-hmacWithSHA256, -384 and -512, 1.2.840.113549.2.9 to .11 (RFC 8018 appendix B.1.2).
const HMAC_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x09";
const HMAC_SHA384: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x0a";
const HMAC_SHA512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x0b";
/// aes128-CBC-PAD, aes192 and aes256, 2.16.840.1.101.3.4.1.2, .22 and .42 (RFC 8018 appendix B.2.5).
const AES128: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
const AES192: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x16";
const AES256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";

/// `PBES2-params` with `PBKDF2-params` (RFC 8018 appendix A.4 and A.2), as far as we have them.
struct Parameters<'d> {
    salt: &'d [u8],
    rounds: u32,
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
        let (derivation, cipher) = der_document(algorithm.parameters?, read).ok()?;
        if derivation.oid != PBKDF2 {
            return None;
        }
        let (salt, rounds, key_length, prf) = der_document(derivation.parameters?, |fields| {
            let (salt, rounds) = (fields.take(OCTET_STRING)?, fields.small_integer()?);
            let key_length = fields.optional_small_integer()?;
            Ok((salt, rounds, key_length, AlgorithmIdentifier::read(fields)?))
        })
        .ok()?;
        let Some([OCTET_STRING, 16, iv @ ..]) = cipher.parameters else { return None };
        Some(Self { salt, rounds, key_length, prf: prf.oid, cipher: cipher.oid, iv: iv.try_into().ok()? })
    }
}

fn decrypt(document: &Encrypted<'_>, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let parameters = Parameters::parse(&document.algorithm).ok_or_else(unsupported)?;
    if !(1..=MAX_ROUNDS).contains(&parameters.rounds) {
        return Err(invalid("the encrypted key asks for more than 2000000 rounds of PBKDF2, or none"));
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
    let key = derive(passphrase, parameters.salt, parameters.rounds, parameters.prf, length as usize);
    let key = key.ok_or_else(unsupported)?;
    // As long as it will ever be: a buffer that grows leaves copies behind.
    let mut plain = Zeroizing::new(document.data.to_vec());
    let length = match length {
        16 => open::<Aes128>(&key, parameters.iv, &mut plain),
        24 => open::<Aes192>(&key, parameters.iv, &mut plain),
        _ => open::<Aes256>(&key, parameters.iv, &mut plain),
    };
    plain.truncate(length.ok_or_else(other_passphrase)?);
    Ok(plain)
}

/// Decrypts in place; gives the length without the padding.
fn open<C>(key: &[u8], iv: &[u8; 16], data: &mut [u8]) -> Option<usize>
where
    cbc::Decryptor<C>: KeyIvInit + BlockModeDecrypt,
    C: BlockCipherDecrypt,
{
    let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
    cipher.decrypt_padded::<Pkcs7>(data).ok().map(<[u8]>::len)
}

fn derive(passphrase: &[u8], salt: &[u8], rounds: u32, prf: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; length]);
    match prf {
        HMAC_SHA256 => pbkdf2_hmac::<Sha256>(passphrase, salt, rounds, &mut key),
        HMAC_SHA384 => pbkdf2_hmac::<Sha384>(passphrase, salt, rounds, &mut key),
        HMAC_SHA512 => pbkdf2_hmac::<Sha512>(passphrase, salt, rounds, &mut key),
        _ => return None,
    }
    Some(key)
}

fn encrypt(key: &[u8], passphrase: &[u8], salt: &[u8], iv: &[u8; 16]) -> Option<Zeroizing<Vec<u8>>> {
    let wrapping = derive(passphrase, salt, ROUNDS, HMAC_SHA256, 32)?;
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&wrapping, iv).ok()?;
    let data = cipher.encrypt_padded_vec::<Pkcs7>(key);
    let algorithm = |oid, parameters: &[u8]| AlgorithmIdentifier { oid, parameters: Some(parameters) }.write();
    let [_, rounds @ ..] = ROUNDS.to_be_bytes();
    let rounds = integer(&rounds);
    let prf = algorithm(HMAC_SHA256, NULL);
    let derivation = algorithm(PBKDF2, &element(SEQUENCE, &[&element(OCTET_STRING, &[salt]), &rounds, &prf]));
    let cipher = algorithm(AES256, &element(OCTET_STRING, &[iv]));
    let scheme = algorithm(PBES2, &element(SEQUENCE, &[&derivation, &cipher]));
    Some(element(SEQUENCE, &[&scheme, &element(OCTET_STRING, &[&data])]))
}

fn unsupported() -> Error {
    invalid("the key is not encrypted with PBES2, PBKDF2 and AES-CBC")
}

fn other_passphrase() -> Error {
    invalid("the encrypted key does not open with this passphrase")
}

fn not_encrypted() -> Error {
    invalid("the private key is not encrypted; give no passphrase")
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
