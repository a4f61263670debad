//! The table of content encryptions, and how each encrypts and decrypts (RFC 7518 §5).

use core::fmt;
use core::str::FromStr;

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::consts::U12;
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm};
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::crypto::aead::{Sealed, open_cbc, open_gcm, seal_cbc, seal_gcm};
use crate::options::{FromValue, Value, deserialize_value};
use crate::{Error, ErrorCode};

/// A content encryption, named by the header parameter `enc` (RFC 7518 §5.1). All of them are authenticated.
///
/// ```
/// use countersign::jwe::Encryption;
///
/// assert_eq!("A128CBC-HS256".parse::<Encryption>()?, Encryption::A128CbcHs256);
/// assert_eq!(Encryption::default().name(), "A256GCM");
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Encryption {
    /// AES-128 in CBC mode, authenticated with HMAC-SHA-256.
    A128CbcHs256,
    /// AES-128 in GCM mode.
    A128Gcm,
    /// AES-192 in CBC mode, authenticated with HMAC-SHA-384.
    A192CbcHs384,
    /// AES-192 in GCM mode.
    A192Gcm,
    /// AES-256 in CBC mode, authenticated with HMAC-SHA-512.
    A256CbcHs512,
    /// AES-256 in GCM mode. The default: every library supports it, and it is the stronger of the two GCM modes.
    #[default]
    A256Gcm,
}

/// The facts about one content encryption. Lengths are in bytes.
pub(super) struct Row {
    name: &'static str,
    pub(super) key_length: usize,
    pub(super) iv_length: usize,
    pub(super) tag_length: usize,
}

const ALL: [Encryption; 6] = [
    Encryption::A256Gcm,
    Encryption::A192Gcm,
    Encryption::A128Gcm,
    Encryption::A256CbcHs512,
    Encryption::A192CbcHs384,
    Encryption::A128CbcHs256,
];

type Aes192Gcm = AesGcm<Aes192, U12>;

impl Encryption {
    /// The table. Written as a match, so that the compiler reports a variant without a row.
    #[rustfmt::skip]
    pub(super) const fn row(self) -> Row {
        match self {
            Self::A128CbcHs256 => Row { name: "A128CBC-HS256", key_length: 32, iv_length: 16, tag_length: 16 },
            Self::A128Gcm      => Row { name: "A128GCM",       key_length: 16, iv_length: 12, tag_length: 16 },
            Self::A192CbcHs384 => Row { name: "A192CBC-HS384", key_length: 48, iv_length: 16, tag_length: 24 },
            Self::A192Gcm      => Row { name: "A192GCM",       key_length: 24, iv_length: 12, tag_length: 16 },
            Self::A256CbcHs512 => Row { name: "A256CBC-HS512", key_length: 64, iv_length: 16, tag_length: 32 },
            Self::A256Gcm      => Row { name: "A256GCM",       key_length: 32, iv_length: 12, tag_length: 16 },
        }
    }

    /// Every content encryption.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.into_iter()
    }

    /// The `enc` value, such as `"A256GCM"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|encryption| encryption.name() == name)
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Encryption {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_value(deserializer)
    }
}

impl FromValue for Encryption {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        value.into_text().and_then(|name| Self::named(&name)).ok_or("a supported content encryption")
    }
}

impl FromStr for Encryption {
    type Err = Error;

    /// Parses an `enc` value.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: no supported content encryption has this name. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::named(name)
            .ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "option \"enc\" is not a supported content encryption"))
    }
}

impl Encryption {
    // A copy for each caller would take 1 KB of the wasm module.
    /// Encrypts `plaintext`, and authenticates it and `aad`. Returns `None` if the key or the IV has the wrong length.
    #[inline(never)]
    pub(super) fn seal(self, key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<Sealed> {
        match self {
            Self::A128CbcHs256 => seal_cbc::<Aes128, Sha256>(key, iv, aad, plaintext),
            Self::A128Gcm => seal_gcm::<Aes128Gcm>(key, iv, aad, plaintext),
            Self::A192CbcHs384 => seal_cbc::<Aes192, Sha384>(key, iv, aad, plaintext),
            Self::A192Gcm => seal_gcm::<Aes192Gcm>(key, iv, aad, plaintext),
            Self::A256CbcHs512 => seal_cbc::<Aes256, Sha512>(key, iv, aad, plaintext),
            Self::A256Gcm => seal_gcm::<Aes256Gcm>(key, iv, aad, plaintext),
        }
    }

    /// Decrypts the ciphertext if `tag` is valid. The tag is compared in constant time, before anything is decrypted.
    /// Returns `None` for every failure. The plaintext is wiped when dropped.
    #[inline(never)]
    pub(super) fn open(
        self,
        key: &[u8],
        iv: &[u8],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::A128CbcHs256 => open_cbc::<Aes128, Sha256>(key, iv, aad, ciphertext, tag),
            Self::A128Gcm => open_gcm::<Aes128Gcm>(key, iv, aad, ciphertext, tag),
            Self::A192CbcHs384 => open_cbc::<Aes192, Sha384>(key, iv, aad, ciphertext, tag),
            Self::A192Gcm => open_gcm::<Aes192Gcm>(key, iv, aad, ciphertext, tag),
            Self::A256CbcHs512 => open_cbc::<Aes256, Sha512>(key, iv, aad, ciphertext, tag),
            Self::A256Gcm => open_gcm::<Aes256Gcm>(key, iv, aad, ciphertext, tag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Encryption;

    /// RFC 7518 appendix B. Each tag authenticates the ciphertext.
    #[test]
    fn makes_the_tags_of_the_rfc() {
        let key: Vec<u8> = (0..64).collect();
        let iv = 0x1af3_8c2d_c2b9_6ffd_d866_9409_2341_bc04_u128.to_be_bytes();
        let plaintext =
            b"A cipher system must not be required to be secret, and it must be able to fall into the hands of \
            the enemy without inconvenience";
        for (encryption, tag) in [
            (Encryption::A128CbcHs256, "652c3fa36b0a7c5b3219fab3a30bc1c4"),
            (Encryption::A192CbcHs384, "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7"),
            (Encryption::A256CbcHs512, "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5"),
        ] {
            let key = &key[..encryption.row().key_length];
            let aad = b"The second principle of Auguste Kerckhoffs";
            let sealed = encryption.seal(key, &iv, aad, plaintext).unwrap();
            assert_eq!(sealed.tag.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(), tag);
        }
    }

    #[test]
    fn decrypts_what_it_encrypted_and_refuses_alterations() {
        for encryption in Encryption::all() {
            let row = encryption.row();
            let (key, iv) = (vec![7; row.key_length], vec![9; row.iv_length]);
            for length in [0, 1, 15, 16, 17, 1000] {
                let plaintext = vec![5; length];
                let sealed = encryption.seal(&key, &iv, b"aad", &plaintext).unwrap();
                assert_eq!(sealed.tag.len(), row.tag_length);
                let open = |iv: &[u8], aad: &[u8], ciphertext: &[u8], tag: &[u8]| {
                    encryption.open(&key, iv, aad, ciphertext, tag).map(|plaintext| plaintext.to_vec())
                };
                assert_eq!(open(&iv, b"aad", &sealed.ciphertext, &sealed.tag), Some(plaintext));
                let mut altered = sealed.tag.clone();
                altered[row.tag_length - 1] ^= 1;
                assert_eq!(open(&iv, b"aad", &sealed.ciphertext, &altered), None);
                assert_eq!(open(&iv, b"aad", &sealed.ciphertext, &sealed.tag[..8]), None);
                assert_eq!(open(&iv, b"aae", &sealed.ciphertext, &sealed.tag), None);
                assert_eq!(open(&vec![8; row.iv_length], b"aad", &sealed.ciphertext, &sealed.tag), None);
                assert_eq!(open(&iv, b"aad", &[&sealed.ciphertext[..], &[0]].concat(), &sealed.tag), None);
            }
        }
    }
}
