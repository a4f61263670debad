//! Stored hashes: recognized by how they begin, read strictly, and written.
//!
//! # How a form is added
//!
//! 1. A file `stored/<name>.rs` with a `const FORMAT: Format`: its name, for [`describe`](super::PasswordHasher::describe);
//!    a function that recognizes a text by its beginning alone and says of which scheme it is; and one that reads it.
//!    Reading gives [`Parts`], or the errors of [`malformed`] and [`unsupported`]; a cost goes through the `Params::new`
//!    of its scheme, which holds it against the limits, and `of_stored` words what that refuses. The pieces that forms
//!    have in common are in [`fields`].
//! 2. Its row in [`FORMATS`]. Rows are asked in order; no text may be recognized by two.
//! 3. What is done to a password before the scheme itself, if anything, is a variant of
//!    [`Preparation`](super::preparation::Preparation); a computation that is none of those in
//!    [`Recipe`] is a variant there, in a file beside `scrypt.rs`.
//! 4. How the form begins goes into `elsewhere.rs`, for the module that knows Argon2 alone.
//! 5. Vectors made by the software that the form is from.

mod argon2_phc;
#[cfg(feature = "schemes")]
mod aspnet_identity;
#[cfg(feature = "schemes")]
mod bcrypt_mcf;
#[cfg(feature = "schemes")]
mod bcrypt_sha256_passlib;
#[cfg(feature = "schemes")]
mod better_auth;
#[cfg(feature = "schemes")]
mod django;
mod django_argon2;
#[cfg(not(feature = "schemes"))]
mod elsewhere;
pub(super) mod fields;
#[cfg(feature = "schemes")]
mod pbkdf2_passlib;
mod peppered;
#[cfg(feature = "schemes")]
mod phpass;
#[cfg(feature = "schemes")]
mod scrypt_crypt;
#[cfg(feature = "schemes")]
mod scrypt_phc;
#[cfg(feature = "schemes")]
mod sha_crypt;
mod unmarked;
pub(super) mod unusable;
#[cfg(feature = "schemes")]
mod werkzeug;
#[cfg(feature = "schemes")]
mod wordpress;

use super::limits::Limits;
use super::preparation::Preparation;
use super::recipe::Recipe;
use super::scheme::Scheme;
use crate::{Error, ErrorCode};

/// The longest string that is looked at. All that can stand in one fits in 490.
const MAX_STORED_BYTES: usize = 512;

/// A form of stored hashes.
pub(super) struct Format {
    /// What a description calls it.
    pub(super) name: &'static str,
    /// The scheme of a text in this form, by its beginning; none of any other text.
    pub(super) recognize: fn(&str) -> Option<Scheme>,
    /// Reads a text that was recognized to be of this scheme.
    pub(super) read: fn(&str, Scheme, &Limits) -> Result<Parts, Error>,
}

/// Every form, in the order in which they are asked.
const FORMATS: &[Format] = &[
    argon2_phc::FORMAT,
    django_argon2::FORMAT,
    #[cfg(feature = "schemes")]
    bcrypt_mcf::FORMAT,
    #[cfg(feature = "schemes")]
    scrypt_phc::FORMAT,
    #[cfg(feature = "schemes")]
    scrypt_crypt::FORMAT,
    #[cfg(feature = "schemes")]
    pbkdf2_passlib::FORMAT,
    #[cfg(feature = "schemes")]
    bcrypt_sha256_passlib::FORMAT,
    #[cfg(feature = "schemes")]
    django::FORMAT,
    #[cfg(feature = "schemes")]
    werkzeug::FORMAT,
    #[cfg(feature = "schemes")]
    wordpress::FORMAT,
    #[cfg(feature = "schemes")]
    phpass::FORMAT,
    #[cfg(feature = "schemes")]
    sha_crypt::FORMAT,
    #[cfg(feature = "schemes")]
    aspnet_identity::FORMAT,
    #[cfg(feature = "schemes")]
    better_auth::FORMAT,
    #[cfg(not(feature = "schemes"))]
    elsewhere::FORMAT,
];

/// What a form gives when it is read.
pub(super) struct Parts {
    pub(super) preparation: Preparation,
    pub(super) recipe: Recipe,
    pub(super) tag: Vec<u8>,
    /// The id of the pepper, where the form itself can name one.
    pub(super) pepper: Option<String>,
}

impl Parts {
    #[cfg(feature = "schemes")]
    /// Those of a form that does nothing to a password first, and cannot name a pepper.
    pub(super) const fn plain(recipe: Recipe, tag: Vec<u8>) -> Self {
        Self { preparation: Preparation::None, recipe, tag, pepper: None }
    }
}

/// A hash within limits. Its parts have been read, none of it has been believed.
pub(super) struct Stored {
    pub(super) scheme: Scheme,
    pub(super) format: &'static str,
    pub(super) parts: Parts,
}

impl Stored {
    /// Reads a stored hash of an accepted scheme.
    ///
    /// # Errors
    /// - [`ErrorCode::HashMalformed`]: in no form that is known, or not as its form has it.
    /// - [`ErrorCode::HashUnsupported`]: of a scheme that is unknown or not accepted, or of an unknown version.
    /// - [`ErrorCode::HashCostTooHigh`]: beyond the limits.
    pub(super) fn read(text: &str, accepted: &[Scheme], limits: &Limits) -> Result<Self, Error> {
        if MAX_STORED_BYTES < text.len() {
            return Err(malformed("stored hash is longer than 512 bytes"));
        }
        let (pepper, text) = peppered::take(text)?;
        let (format, scheme) = recognize(text).ok_or_else(|| unrecognized(text))?;
        if !accepted.contains(&scheme) {
            return Err(unsupported("stored hash is of a scheme that the option \"accept\" does not hold"));
        }
        let mut parts = (format.read)(text, scheme, limits)?;
        if pepper.is_some() {
            if parts.recipe.takes_secret() {
                return Err(malformed("stored hash names its pepper in another scheme's way"));
            }
            parts.pepper = pepper;
        }
        Ok(Self { scheme, format: format.name, parts })
    }

    /// The scheme of a stored hash, by its beginning; none where no form has that beginning.
    pub(super) fn identify(text: &str) -> Option<Scheme> {
        let (_, text) = peppered::take(text).ok()?;
        recognize(text).map(|(_, scheme)| scheme)
    }
}

/// A new hash as it is stored, with the id of its pepper.
pub(super) fn written(recipe: &Recipe, tag: &[u8], pepper: Option<&str>) -> String {
    match recipe {
        Recipe::Argon2(recipe) => argon2_phc::written(recipe, tag, pepper),
        #[cfg(feature = "schemes")]
        Recipe::Bcrypt(recipe) => peppered::written(pepper, &bcrypt_mcf::written(recipe, tag)),
        #[cfg(feature = "schemes")]
        Recipe::Pbkdf2(recipe) => peppered::written(pepper, &pbkdf2_passlib::written(recipe, tag)),
        #[cfg(feature = "schemes")]
        Recipe::Scrypt(recipe) => peppered::written(pepper, &scrypt_phc::written(recipe, tag)),
        // No new hash is made with them.
        #[cfg(feature = "schemes")]
        Recipe::Phpass(_) | Recipe::ShaCrypt(_) => String::new(),
    }
}

fn recognize(text: &str) -> Option<(&'static Format, Scheme)> {
    FORMATS.iter().find_map(|format| (format.recognize)(text).map(|scheme| (format, scheme)))
}

/// What to say of a text in no form that is known.
fn unrecognized(text: &str) -> Error {
    let name = text.strip_prefix('$').and_then(|rest| rest.split('$').next()).unwrap_or_default();
    // The PHC string format's alphabet and bound for names.
    let named = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if name.is_empty() || 32 < name.len() || !named {
        return malformed("stored hash is in no form that is known");
    }
    unsupported("stored hash is of an unknown scheme")
}

pub(super) fn malformed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::HashMalformed, message)
}

pub(super) fn unsupported(message: &str) -> Error {
    Error::new(ErrorCode::HashUnsupported, message)
}
