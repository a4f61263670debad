//! Pre-hashes: what some software computes from a password before it calls the key derivation function.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "formats")]
use md5::Md5;
use sha2::digest::Output;
use sha2::{Digest, Sha256, Sha384};
use zeroize::{Zeroize, Zeroizing};

use super::normalize::Normalize;
use super::prehash_option::Prehash;
use crate::{Error, ErrorCode};

/// A step between the policy's normalization and the key derivation function.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum PreHash {
    /// HMAC-SHA-256 under a public key, in base64: passlib.
    HmacSha256 { key: Vec<u8> },
    /// White space trimmed, then HMAC-SHA-384 under the key `wp-sha384`, in base64: `WordPress`.
    HmacSha384,
    /// Nothing; but the password may have been HTML-escaped: phpBB.
    Html,
    /// MD5 in hexadecimal: Drupal 6, `MediaWiki`.
    #[cfg(feature = "formats")]
    Md5Hex,
    /// Unicode Normalization Form KC: better-auth and Lucia.
    Nfkc,
    /// Nothing.
    None,
    /// SHA-256 in base64: passlib before 1.7.3.
    Sha256Base64,
    /// SHA-256 in hexadecimal: Django, Meteor.
    Sha256Hex,
    /// SHA-384 in base64: BCrypt.Net.
    Sha384Base64,
    /// Nothing; but white space may have been trimmed: `WordPress` does that, other users of phpass do not.
    MayTrim,
}

impl From<Prehash> for PreHash {
    fn from(option: Prehash) -> Self {
        match option {
            Prehash::Sha256Hex => Self::Sha256Hex,
            Prehash::Sha384Base64 => Self::Sha384Base64,
        }
    }
}

/// Another form in which the software may have hashed a password, and whether other passwords share it.
type Variant = (Zeroizing<String>, bool);

impl PreHash {
    /// What the function is given instead of the password; none if it is given the password itself.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: not enough memory for it.
    pub(super) fn apply(&self, password: &str) -> Result<Option<Zeroizing<String>>, Error> {
        Ok(match self {
            Self::HmacSha256 { key } => Some(base64(keyed::<Hmac<Sha256>>(key, password)?.finalize().into_bytes())),
            Self::HmacSha384 => {
                Some(base64(keyed::<Hmac<Sha384>>(b"wp-sha384", trimmed(password))?.finalize().into_bytes()))
            }
            #[cfg(feature = "formats")]
            Self::Md5Hex => Some(hexadecimal(Md5::digest(password.as_bytes()))),
            Self::Nfkc => Some(Normalize::Nfkc.apply(password)?),
            Self::None | Self::Html | Self::MayTrim => None,
            Self::Sha256Base64 => Some(base64(Sha256::digest(password.as_bytes()))),
            Self::Sha256Hex => Some(hexadecimal(Sha256::digest(password.as_bytes()))),
            Self::Sha384Base64 => Some(base64(Sha384::digest(password.as_bytes()))),
        })
    }

    /// Whether the function is given a digest of the password, in which a NUL is harmless.
    pub(super) const fn is_digest(&self) -> bool {
        match self {
            Self::HmacSha256 { .. } | Self::HmacSha384 | Self::Sha256Base64 | Self::Sha256Hex | Self::Sha384Base64 => {
                true
            }
            Self::Html | Self::MayTrim | Self::Nfkc | Self::None => false,
            #[cfg(feature = "formats")]
            Self::Md5Hex => true,
        }
    }

    /// Whether it makes the same of a password and of its normalized form.
    pub(super) const fn normalizes(&self) -> bool {
        matches!(self, Self::Nfkc)
    }

    /// Other forms in which the software may have hashed a password, each with whether other passwords share it.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: not enough memory for them.
    pub(super) fn variants(&self, password: &str) -> Result<[Option<Variant>; 2], Error> {
        let may_trim = *self == Self::MayTrim;
        let trimmed = Some(trimmed(password)).filter(|text| may_trim && text.len() != password.len());
        let trimmed = trimmed.map(|text| (Zeroizing::new(text.to_owned()), true));
        let escaped = match self.escaped(password) {
            Some(text) if may_trim => {
                let trimmed = self::trimmed(&text);
                let is_shared = trimmed.len() != text.len();
                Some((Zeroizing::new(trimmed.to_owned()), is_shared))
            }
            Some(text) => {
                let is_shared = !self.keeps(&text)?;
                Some((text, is_shared))
            }
            None => None,
        };
        Ok([trimmed, escaped])
    }

    /// The password as it stood in the request to the software that hashed it. `WordPress` adds backslashes and leaves them
    /// in; phpBB escapes HTML. None if that is the password itself, or longer than the software accepts.
    fn escaped(&self, password: &str) -> Option<Zeroizing<String>> {
        let escape = |character| self.escapes().iter().find(|(own, _)| *own == character).map(|(_, escape)| *escape);
        let added = password.chars().filter_map(escape).map(|escape| escape.len().saturating_sub(1));
        let length = added.fold(password.len(), usize::saturating_add);
        if length == password.len() || MOST_ESCAPED_BYTES < length {
            return None;
        }
        let mut text = Zeroizing::new(String::with_capacity(length));
        for character in password.chars() {
            match escape(character) {
                Some(escape) => text.push_str(escape),
                None => text.push(character),
            }
        }
        Some(text)
    }

    /// The characters that the software escapes, each one byte long.
    const fn escapes(&self) -> &'static [(char, &'static str)] {
        match self {
            // PHP's `htmlspecialchars` with `ENT_COMPAT`.
            Self::Html => &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")],
            // PHP's `addslashes`.
            Self::HmacSha384 | Self::MayTrim => &[('\'', "\\'"), ('"', "\\\""), ('\\', "\\\\"), ('\0', "\\0")],
            _ => &[],
        }
    }

    /// Whether a text may be another password in escaped form.
    pub(super) fn may_be_escaped(&self, text: &str) -> bool {
        self.escapes().iter().any(|(_, escape)| contains(text, escape))
    }

    /// Whether the function's input depends on every byte of the password.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: not enough memory to find out.
    pub(super) fn keeps(&self, password: &str) -> Result<bool, Error> {
        match self {
            Self::HmacSha384 => Ok(trimmed(password).len() == password.len()),
            Self::Nfkc => Ok(*Normalize::Nfkc.apply(password)? == *password),
            _ => Ok(true),
        }
    }
}

/// Applies a pepper to a password, for functions that take no secret: HMAC-SHA-256 in base64. For an account, the key is its
/// HMAC-SHA-256 under the pepper.
///
/// # Errors
/// - [`ErrorCode::Internal`]: HMAC refused the key. It accepts every key.
pub(super) fn peppered(key: &[u8], account: Option<&str>, password: &str) -> Result<Zeroizing<String>, Error> {
    let mut derived = account.map(|account| mac(key, account)).transpose()?;
    let tag = mac(derived.as_ref().map_or(key, AsRef::as_ref), password).map(base64);
    derived.zeroize();
    tag
}

fn mac(key: &[u8], text: &str) -> Result<Output<Sha256>, Error> {
    Ok(keyed::<Hmac<Sha256>>(key, text)?.finalize().into_bytes())
}

/// The longest text that `WordPress` and phpBB hash.
const MOST_ESCAPED_BYTES: usize = 4096;

/// Like `str::contains`, whose searcher adds more to the WebAssembly module.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// Without the characters that PHP's `trim` removes.
fn trimmed(password: &str) -> &str {
    password.trim_matches([' ', '\t', '\n', '\r', '\0', '\u{b}'])
}

fn keyed<M: Mac + KeyInit>(key: &[u8], password: &str) -> Result<M, Error> {
    // HMAC accepts keys of every length.
    let hmac = <M as KeyInit>::new_from_slice(key);
    let mut hmac = hmac.map_err(|_| Error::new(ErrorCode::Internal, "the password could not be pre-hashed"))?;
    hmac.update(password.as_bytes());
    Ok(hmac)
}

fn base64<T: AsRef<[u8]> + AsMut<[u8]>>(mut digest: T) -> Zeroizing<String> {
    let text = Base64::encode_string(digest.as_ref()).into();
    digest.as_mut().zeroize();
    text
}

fn hexadecimal<T: AsRef<[u8]> + AsMut<[u8]>>(mut digest: T) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(digest.as_ref().len().saturating_mul(2)));
    let halves = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(halves.filter_map(|half| char::from_digit(half.into(), 16)));
    digest.as_mut().zeroize();
    text
}
