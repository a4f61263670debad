//! Authenticated encryption: AES-GCM, and AES-CBC with HMAC.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use aes_gcm::aead::AeadInOut;
use hmac::{EagerHash, Hmac, Mac};
use zeroize::Zeroizing;

/// The result of encrypting.
pub(crate) struct Sealed {
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) tag: Vec<u8>,
}

/// AES-GCM (RFC 7518 §5.3).
pub(crate) fn seal_gcm<C: AeadInOut + KeyInit>(key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<Sealed> {
    let cipher = <C as KeyInit>::new_from_slice(key).ok()?;
    let mut ciphertext = plaintext.to_vec();
    let tag = cipher.encrypt_inout_detached(iv.try_into().ok()?, aad, ciphertext.as_mut_slice().into()).ok()?;
    Some(Sealed { ciphertext, tag: tag.to_vec() })
}

pub(crate) fn open_gcm<C: AeadInOut + KeyInit>(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = <C as KeyInit>::new_from_slice(key).ok()?;
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    let (iv, tag) = (iv.try_into().ok()?, tag.try_into().ok()?);
    cipher.decrypt_inout_detached(iv, aad, plaintext.as_mut_slice().into(), tag).ok()?;
    Some(plaintext)
}

/// AES-CBC with HMAC, encryption (RFC 7518 §5.2.2.1).
pub(crate) fn seal_cbc<C: BlockCipherEncrypt + KeyInit, H: EagerHash>(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Option<Sealed> {
    let (mac_key, cipher_key) = halves(key)?;
    let cipher = cbc::Encryptor::<C>::new_from_slices(cipher_key, iv).ok()?;
    let ciphertext = cipher.encrypt_padded_vec::<Pkcs7>(plaintext);
    let tag = mac::<H>(mac_key, iv, aad, &ciphertext)?.finalize().into_bytes();
    Some(Sealed { tag: tag.get(..mac_key.len())?.to_vec(), ciphertext })
}

/// AES-CBC with HMAC, decryption (RFC 7518 §5.2.2.2). The MAC is checked before the padding is read.
pub(crate) fn open_cbc<C: BlockCipherDecrypt + KeyInit, H: EagerHash>(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (mac_key, cipher_key) = halves(key)?;
    if tag.len() != mac_key.len() {
        return None;
    }
    mac::<H>(mac_key, iv, aad, ciphertext)?.verify_truncated_left(tag).ok()?;
    let cipher = cbc::Decryptor::<C>::new_from_slices(cipher_key, iv).ok()?;
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    let length = cipher.decrypt_padded::<Pkcs7>(&mut plaintext).ok()?.len();
    plaintext.truncate(length);
    Some(plaintext)
}

/// Splits a key into the MAC key and the cipher key.
fn halves(key: &[u8]) -> Option<(&[u8], &[u8])> {
    key.split_at_checked(key.len() / 2)
}

/// The MAC over the AAD, the IV, the ciphertext, and the AAD's length in bits.
fn mac<H: EagerHash>(key: &[u8], iv: &[u8], aad: &[u8], ciphertext: &[u8]) -> Option<Hmac<H>> {
    let bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?;
    let mac = <Hmac<H> as KeyInit>::new_from_slice(key).ok()?;
    Some(mac.chain_update(aad).chain_update(iv).chain_update(ciphertext).chain_update(bits.to_be_bytes()))
}
