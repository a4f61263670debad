//! Peppers: keys that are kept apart from the stored hashes, so that who has these alone can try no password.
//!
//! Argon2 takes a key of its own, K (RFC 9106 §3.1). Before any other scheme, the password becomes its HMAC-SHA-256 under
//! the key, in base64: 44 characters, of which bcrypt reads every one.

#[cfg(feature = "schemes")]
use base64ct::{Base64, Encoding};
#[cfg(feature = "schemes")]
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "schemes")]
use sha2::Sha256;
#[cfg(feature = "schemes")]
use zeroize::Zeroize;
use zeroize::Zeroizing;

use super::policy::{PepperKey, PepperOptions};
use crate::{Error, ErrorCode};

/// The peppers of a policy: the current one first, if there is any.
#[derive(Clone, Debug, Default)]
pub(super) struct Peppers(Vec<Pepper>);

/// A key by its id.
#[derive(Clone, Debug)]
pub(super) struct Pepper {
    id: String,
    key: PepperKey,
}

/// 128 bits: fewer could be found by trying, given one hash whose password is known.
const LEAST_KEY_BYTES: usize = 16;
const MOST_KEY_BYTES: usize = 1024;

/// Whether a text may be a pepper's id.
pub(super) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=8).contains(&text.len()) && text.bytes().all(fits)
}

impl Peppers {
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an id that is none or is there twice, a key that is too short or too long.
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
                return Err(invalid(name, "\" holds an id twice"));
            }
            peppers.push(Pepper { id: own.id.clone(), key: own.key.clone() });
        }
        Ok(Self(peppers))
    }

    /// The one for new hashes.
    pub(super) fn current(&self) -> Option<&Pepper> {
        self.0.first()
    }

    /// The one that a stored hash names, or none where it names none.
    ///
    /// # Errors
    /// - [`ErrorCode::HashUnsupported`]: it is not there.
    pub(super) fn named(&self, id: Option<&str>) -> Result<Option<&Pepper>, Error> {
        let Some(id) = id else { return Ok(None) };
        let found = self.0.iter().find(|own| own.id == id);
        found.map(Some).ok_or_else(|| {
            Error::new(
                ErrorCode::HashUnsupported,
                "stored hash is made with a pepper that the option \"pepper\" does not hold",
            )
        })
    }
}

impl Pepper {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The key, for a scheme that takes it.
    pub(super) fn key(&self) -> &[u8] {
        self.key.bytes()
    }

    /// The password for a scheme that takes no key.
    ///
    /// # Errors
    /// - [`ErrorCode::Internal`]: HMAC takes no such key, which cannot be: it takes all.
    #[cfg(feature = "schemes")]
    pub(super) fn applied(&self, password: &str) -> Result<Zeroizing<String>, Error> {
        let mut hmac = Hmac::<Sha256>::new_from_slice(self.key.bytes())
            .map_err(|_| Error::new(ErrorCode::Internal, "the pepper could not be applied"))?;
        hmac.update(password.as_bytes());
        let mut code = hmac.finalize().into_bytes();
        let text = Base64::encode_string(&code).into();
        code.as_mut_slice().zeroize();
        Ok(text)
    }

    /// There are none: in this build Argon2 is the only scheme.
    #[cfg(not(feature = "schemes"))]
    #[expect(clippy::unused_self, reason = "as the other")]
    pub(super) fn applied(&self, _: &str) -> Result<Zeroizing<String>, Error> {
        Err(Error::new(ErrorCode::Internal, "the pepper could not be applied"))
    }
}

fn invalid(name: &str, what: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, ["option \"pepper.", name, what].concat())
}
