//! Peppers: secret keys stored apart from the hashes, so that stolen hashes alone cannot be attacked.
//!
//! Argon2 has an input for such a key, K (RFC 9106 §3.1). For every other scheme the password is replaced by its HMAC-SHA-256
//! under the key, in base64: 44 characters, which is within the 72 bytes that bcrypt reads.

pub(super) mod options;

use zeroize::Zeroizing;

use self::options::{PepperKey, PepperOptions};
use super::prehash;
use crate::{Error, ErrorCode};

/// The peppers of a policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Peppers {
    /// The first is for new hashes.
    keys: Vec<Pepper>,
    /// Whether stored hashes without a pepper are refused, and in calls with an account those that are not bound to it.
    pub(super) are_required: bool,
    /// The secret that other software gave to Argon2, whose hashes do not name it.
    argon2_secret: Option<PepperKey>,
}

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
    /// - [`ErrorCode::OptionInvalid`]: an invalid or repeated id; a key that is too short or too long; or a secret of other software
    ///   without a pepper: new hashes could then not be told from those with the secret.
    pub(super) fn new(options: Option<&PepperOptions>, argon2_secret: Option<&PepperKey>) -> Result<Self, Error> {
        if let Some(secret) = argon2_secret {
            let message = if options.is_none() {
                "option \"argon2Secret\" needs the option \"pepper\", which marks new hashes"
            } else if secret.bytes().is_empty() {
                "option \"argon2Secret\" is empty"
            } else if MOST_KEY_BYTES < secret.bytes().len() {
                "option \"argon2Secret\" is more than 1024 bytes long"
            } else {
                ""
            };
            if !message.is_empty() {
                return Err(Error::new(ErrorCode::OptionInvalid, message));
            }
        }
        let Some(PepperOptions { current, previous, required }) = options else { return Ok(Self::default()) };
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
        Ok(Self { keys: peppers, are_required: *required, argon2_secret: argon2_secret.cloned() })
    }

    /// The secret of Argon2 hashes that name no pepper; empty if there is none.
    pub(super) fn argon2_secret(&self) -> &[u8] {
        self.argon2_secret.as_ref().map_or(&[], PepperKey::bytes)
    }

    /// The pepper of new hashes.
    pub(super) fn current(&self) -> Option<&Pepper> {
        self.keys.first()
    }

    /// The pepper that a stored hash names; none if it names none.
    ///
    /// # Errors
    /// - [`ErrorCode::HashUnsupported`]: the policy does not have it, or requires one.
    pub(super) fn named(&self, id: Option<&str>) -> Result<Option<&Pepper>, Error> {
        let Some(id) = id else {
            if self.are_required {
                let message = "stored hash has no pepper, and the option \"pepper.required\" is set";
                return Err(Error::new(ErrorCode::HashUnsupported, message));
            }
            return Ok(None);
        };
        let found = self.keys.iter().find(|own| own.id == id);
        found.map(Some).ok_or_else(|| {
            Error::new(ErrorCode::HashUnsupported, "stored hash uses a pepper that is not in the option \"pepper\"")
        })
    }
}

impl Pepper {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Applies the key: as the function's own secret input if it takes one, else in the password. With an account, the key is one
    /// derived for it, so that the same password has another tag for each account: for Argon2 the key followed by the account,
    /// else its HMAC.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: HMAC refused the key. It accepts every key.
    pub(super) fn applied(
        &self,
        takes_secret: bool,
        account: Option<&str>,
        password: &str,
    ) -> Result<Applied<'_>, Error> {
        let key = self.key.bytes();
        if !takes_secret {
            let password = Some(prehash::peppered(key, account, password)?);
            return Ok(Applied { password, ..Applied::default() });
        }
        let derived = account.map(|account| [key, account.as_bytes()].concat()).unwrap_or_default();
        Ok(Applied { password: None, key, derived: derived.into() })
    }
}

/// A pepper applied to a password. Without a pepper, the default.
#[derive(Default)]
pub(super) struct Applied<'a> {
    /// What takes the password's place.
    pub(super) password: Option<Zeroizing<String>>,
    key: &'a [u8],
    /// The key for an account; empty without one.
    derived: Zeroizing<Vec<u8>>,
}

impl<'a> Applied<'a> {
    /// The secret of other software, which only Argon2 can have.
    pub(super) fn from_secret(key: &'a [u8]) -> Self {
        Self { key, ..Self::default() }
    }

    /// The secret input of a function that takes one.
    pub(super) fn secret(&self) -> &[u8] {
        if self.derived.is_empty() { self.key } else { &self.derived }
    }
}

fn invalid(name: &str, what: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, ["option \"pepper.", name, what].concat())
}
