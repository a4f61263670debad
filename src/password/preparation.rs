//! What is done to a password between its pepper and its scheme: where a form of stored hashes was made by software that
//! computes something first.

#[cfg(feature = "schemes")]
use base64ct::{Base64, Encoding};
#[cfg(feature = "schemes")]
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "schemes")]
use sha2::{Digest, Sha256, Sha384};
#[cfg(feature = "schemes")]
use zeroize::Zeroize;
use zeroize::Zeroizing;

#[cfg(feature = "schemes")]
use super::normalize::Normalize;
use crate::Error;
#[cfg(feature = "schemes")]
use crate::ErrorCode;

/// A step before the scheme itself. What a policy's `normalize` does comes before it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Preparation {
    /// None to the text that is hashed, which may be HTML: phpBB.
    #[cfg(feature = "schemes")]
    Html,
    /// Its HMAC-SHA-256 under a key that is no secret, in base64: passlib.
    #[cfg(feature = "schemes")]
    HmacSha256 { key: Vec<u8> },
    /// Without white space about it, its HMAC-SHA-384 under the name of the step, in base64: `WordPress`.
    #[cfg(feature = "schemes")]
    HmacSha384,
    /// Normalization Form KC, which better-auth and Lucia hash in.
    #[cfg(feature = "schemes")]
    Nfkc,
    /// None.
    None,
    /// Its SHA-256 in base64: passlib before 1.7.3.
    #[cfg(feature = "schemes")]
    Sha256Base64,
    /// Its SHA-256 in hexadecimal: Django.
    #[cfg(feature = "schemes")]
    Sha256Hex,
    /// Without white space about it: `WordPress`.
    #[cfg(feature = "schemes")]
    Trimmed,
}

impl Preparation {
    /// The text that the scheme is given; none where that is the password itself.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): there was no room for it.
    #[cfg_attr(not(feature = "schemes"), expect(clippy::unnecessary_wraps, reason = "what normalizes can fail"))]
    pub(super) fn apply(&self, password: &str) -> Result<Option<Zeroizing<String>>, Error> {
        #[cfg(not(feature = "schemes"))]
        let _ = password;
        Ok(match self {
            Self::None => None,
            #[cfg(feature = "schemes")]
            Self::Html => None,
            #[cfg(feature = "schemes")]
            Self::HmacSha256 { key } => Some(base64(keyed::<Hmac<Sha256>>(key, password)?.finalize().into_bytes())),
            #[cfg(feature = "schemes")]
            Self::HmacSha384 => {
                Some(base64(keyed::<Hmac<Sha384>>(b"wp-sha384", trimmed(password))?.finalize().into_bytes()))
            }
            #[cfg(feature = "schemes")]
            Self::Nfkc => Some(Normalize::Nfkc.apply(password)?),
            #[cfg(feature = "schemes")]
            Self::Sha256Base64 => Some(base64(Sha256::digest(password.as_bytes()))),
            #[cfg(feature = "schemes")]
            Self::Sha256Hex => Some(hexadecimal(Sha256::digest(password.as_bytes()))),
            #[cfg(feature = "schemes")]
            Self::Trimmed => Some(Zeroizing::new(trimmed(password).to_owned())),
        })
    }

    /// Whether the scheme is given a digest of the password, which has no NUL.
    pub(super) const fn digests(&self) -> bool {
        match self {
            #[cfg(feature = "schemes")]
            Self::HmacSha256 { .. } | Self::HmacSha384 | Self::Sha256Base64 | Self::Sha256Hex => true,
            #[cfg(feature = "schemes")]
            Self::Html | Self::Nfkc | Self::Trimmed => false,
            Self::None => false,
        }
    }

    /// A password as it stood in the request of the software that hashed it; none where that is the password itself, or
    /// longer than the software takes. `WordPress` puts backslashes into it and does not take them out again; phpBB writes
    /// it in HTML.
    #[cfg(feature = "schemes")]
    pub(super) fn escaped(&self, password: &str) -> Option<Zeroizing<String>> {
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

    /// What is replaced in a request, each of one byte.
    #[cfg(feature = "schemes")]
    const fn escapes(&self) -> &'static [(char, &'static str)] {
        match self {
            // PHP's `htmlspecialchars` with `ENT_COMPAT`.
            Self::Html => &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")],
            // PHP's `addslashes`.
            Self::HmacSha384 | Self::Trimmed => &[('\'', "\\'"), ('"', "\\\""), ('\\', "\\\\"), ('\0', "\\0")],
            _ => &[],
        }
    }

    /// Whether a text may be what is made of another password in a request.
    #[cfg(feature = "schemes")]
    pub(super) fn may_be_escaped(&self, text: &str) -> bool {
        self.escapes().iter().any(|(_, escape)| holds(text, escape))
    }

    /// Whether all of a password goes into what the scheme is given, as it is.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): there was no room to find out.
    #[cfg(feature = "schemes")]
    pub(super) fn keeps(&self, password: &str) -> Result<bool, Error> {
        match self {
            Self::HmacSha384 | Self::Trimmed => Ok(trimmed(password).len() == password.len()),
            Self::Nfkc => Ok(*Normalize::Nfkc.apply(password)? == *password),
            _ => Ok(true),
        }
    }
}

/// The longest text that `WordPress` and phpBB hash.
#[cfg(feature = "schemes")]
const MOST_ESCAPED_BYTES: usize = 4096;

/// As `contains`, of which the searcher is larger.
#[cfg(feature = "schemes")]
fn holds(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// Without what PHP's `trim` takes off.
#[cfg(feature = "schemes")]
fn trimmed(password: &str) -> &str {
    password.trim_matches([' ', '\t', '\n', '\r', '\0', '\u{b}'])
}

#[cfg(feature = "schemes")]
fn keyed<M: Mac + KeyInit>(key: &[u8], password: &str) -> Result<M, Error> {
    // HMAC takes keys of every length.
    let hmac = <M as KeyInit>::new_from_slice(key);
    let mut hmac = hmac.map_err(|_| Error::new(ErrorCode::Internal, "the password could not be prepared"))?;
    hmac.update(password.as_bytes());
    Ok(hmac)
}

#[cfg(feature = "schemes")]
fn base64<T: AsRef<[u8]> + AsMut<[u8]>>(mut digest: T) -> Zeroizing<String> {
    let text = Base64::encode_string(digest.as_ref()).into();
    digest.as_mut().zeroize();
    text
}

#[cfg(feature = "schemes")]
fn hexadecimal<T: AsRef<[u8]> + AsMut<[u8]>>(mut digest: T) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(digest.as_ref().len().saturating_mul(2)));
    let halves = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(halves.filter_map(|half| char::from_digit(half.into(), 16)));
    digest.as_mut().zeroize();
    text
}
