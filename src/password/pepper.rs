//! Peppers: secret keys stored apart from the hashes, so that stolen hashes alone cannot be attacked.
//!
//! Argon2 has an input for such a key, K (RFC 9106 §3.1). For every other scheme the password is replaced by its HMAC-SHA-256
//! under the key, in base64: 44 characters, which is within the 72 bytes that bcrypt reads.

pub(super) mod options;

use zeroize::Zeroizing;

use self::options::{PepperKey, PepperOptions};
use super::prehash;
use crate::{Error, ErrorCode};

/// The peppers of a policy. The first is for new hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct Peppers(Vec<Pepper>);

/// A key and its id.
#[derive(Clone, Debug)]
pub(super) struct Pepper {
    id: String,
    key: PepperKey,
}

/// 128 bits. A shorter key could be found by trial with one hash whose password is known.
const LEAST_KEY_BYTES: usize = 16;
const MOST_KEY_BYTES: usize = 1024;

/// Whether a text is a valid pepper id.
pub(super) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=8).contains(&text.len()) && text.bytes().all(fits)
}

impl Peppers {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an invalid or repeated id, or a key that is too short or too long.
    pub(super) fn new(options: Option<&PepperOptions>) -> Result<Self, Error> {
        let Some(PepperOptions { current, previous }) = options else { return Ok(Self::default()) };
        let mut peppers: Vec<Pepper> = Vec::new();
        let named = previous.iter().map(|own| ("previous", own));
        for (name, own) in [("current", current)].into_iter().chain(named) {
            if !is_id(&own.id) {
                return Err(invalid(name, ".id\" is not 1 to 8 letters, digits, \".\", \"_\" or \"-\""));
            }
            if own.key.bytes().len() < LEAST_KEY_BYTES {
                return Err(invalid(name, ".key\" is less than 16 bytes long"));
            }
            if MOST_KEY_BYTES < own.key.bytes().len() {
                return Err(invalid(name, ".key\" is more than 1024 bytes long"));
            }
            if peppers.iter().any(|other| other.id == own.id) {
                return Err(invalid(name, "\" repeats an id"));
            }
            peppers.push(Pepper { id: own.id.clone(), key: own.key.clone() });
        }
        Ok(Self(peppers))
    }

    /// The pepper of new hashes.
    pub(super) fn current(&self) -> Option<&Pepper> {
        self.0.first()
    }

    /// The pepper that a stored hash names; none if it names none.
    ///
    /// # Errors
    /// - [`ErrorCode::HashUnsupported`]: the policy does not have it.
    pub(super) fn named(&self, id: Option<&str>) -> Result<Option<&Pepper>, Error> {
        let Some(id) = id else { return Ok(None) };
        let found = self.0.iter().find(|own| own.id == id);
        found.map(Some).ok_or_else(|| {
            Error::new(ErrorCode::HashUnsupported, "stored hash uses a pepper that is not in the option \"pepper\"")
        })
    }
}

impl Pepper {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Applies the key: as the function's own secret input if it takes one, else in the password.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: HMAC refused the key. It accepts every key.
    pub(super) fn applied(&self, takes_secret: bool, password: &str) -> Result<Applied<'_>, Error> {
        if takes_secret {
            return Ok(Applied { password: None, secret: self.key.bytes() });
        }
        Ok(Applied { password: Some(prehash::peppered(self.key.bytes(), password)?), secret: &[] })
    }
}

/// A pepper applied to a password. Without a pepper, the default.
#[derive(Default)]
pub(super) struct Applied<'a> {
    /// What takes the password's place.
    pub(super) password: Option<Zeroizing<String>>,
    pub(super) secret: &'a [u8],
}

fn invalid(name: &str, what: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, ["option \"pepper.", name, what].concat())
}
