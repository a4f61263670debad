//! Private keys under a passphrase: PKCS#8 with PBES2 (RFC 5958 §3, RFC 8018 §6.2), that is PBKDF2 and AES in CBC mode.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use pbkdf2::pbkdf2_hmac;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode, Error as DerError};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Kdf, Parameters, Pbkdf2Params, Pbkdf2Prf};
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

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
        let Ok(document) = EncryptedPrivateKeyInfoRef::from_der(der) else {
            return Err(match document::read_any(der) {
                Ok(_) => not_encrypted(),
                Err(fault) => fault.against(algorithm),
            });
        };
        let key = decrypt(&document, passphrase)?;
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
    pub fn to_encrypted_der(&self, passphrase: &[u8]) -> Result<Vec<u8>, Error> {
        if passphrase.is_empty() {
            return Err(Error::new(ErrorCode::OptionInvalid, "option \"passphrase\" is empty"));
        }
        let key = self.to_der(KeyForm::Pkcs8)?;
        let salt = random_bytes(16)?;
        let mut iv = [0; 16];
        iv.copy_from_slice(&random_bytes(16)?);
        encrypt(&key, passphrase, &salt, iv).map_err(|_| Error::new(ErrorCode::Internal, "key cannot be written"))
    }
}

/// Whether a document in DER is an encrypted key.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    EncryptedPrivateKeyInfoRef::from_der(der).is_ok()
}

fn decrypt(document: &EncryptedPrivateKeyInfoRef<'_>, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let unsupported = || invalid("the key is not encrypted with PBES2, PBKDF2 and AES-CBC");
    let EncryptionScheme::Pbes2(Parameters { kdf: Kdf::Pbkdf2(pbkdf2), encryption }) = &document.encryption_algorithm
    else {
        return Err(unsupported());
    };
    if !(1..=MAX_ROUNDS).contains(&pbkdf2.iteration_count) {
        return Err(invalid("the encrypted key asks for more than 2000000 rounds of PBKDF2, or none"));
    }
    let length = encryption.key_size();
    if pbkdf2.key_length.is_some_and(|own| usize::from(own) != length) {
        return Err(unsupported());
    }
    let key = derive(passphrase, pbkdf2, length).ok_or_else(unsupported)?;
    // As long as it will ever be: a buffer that grows leaves copies behind.
    let mut plain = Zeroizing::new(document.encrypted_data.as_bytes().to_vec());
    let length = match encryption {
        Cipher::Aes128Cbc { iv } => open::<Aes128>(&key, iv, &mut plain),
        Cipher::Aes192Cbc { iv } => open::<Aes192>(&key, iv, &mut plain),
        Cipher::Aes256Cbc { iv } => open::<Aes256>(&key, iv, &mut plain),
        _ => return Err(unsupported()),
    };
    plain.truncate(length.ok_or_else(|| invalid("the encrypted key does not open with this passphrase"))?);
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

fn derive(passphrase: &[u8], parameters: &Pbkdf2Params, length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; length]);
    let (salt, rounds) = (parameters.salt.as_bytes(), parameters.iteration_count);
    match parameters.prf {
        Pbkdf2Prf::HmacWithSha256 => pbkdf2_hmac::<Sha256>(passphrase, salt, rounds, &mut key),
        Pbkdf2Prf::HmacWithSha384 => pbkdf2_hmac::<Sha384>(passphrase, salt, rounds, &mut key),
        Pbkdf2Prf::HmacWithSha512 => pbkdf2_hmac::<Sha512>(passphrase, salt, rounds, &mut key),
        _ => return None,
    }
    Some(key)
}

fn encrypt(key: &[u8], passphrase: &[u8], salt: &[u8], iv: [u8; 16]) -> Result<Vec<u8>, DerError> {
    let failed = || DerError::from(pkcs8::der::ErrorKind::Failed);
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(ROUNDS, salt, iv).map_err(|_| failed())?;
    let kdf = parameters.kdf.pbkdf2().ok_or_else(failed)?;
    let wrapping = derive(passphrase, kdf, parameters.encryption.key_size()).ok_or_else(failed)?;
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&wrapping, &iv).map_err(|_| failed())?;
    let data = cipher.encrypt_padded_vec::<Pkcs7>(key);
    let encryption_algorithm = EncryptionScheme::Pbes2(parameters);
    EncryptedPrivateKeyInfoRef { encryption_algorithm, encrypted_data: OctetStringRef::new(&data)? }.to_der()
}

fn not_encrypted() -> Error {
    invalid("the private key is not encrypted; give no passphrase")
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
