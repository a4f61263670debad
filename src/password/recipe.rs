//! Everything that goes into a hash beside the password, whatever the scheme.

use zeroize::Zeroizing;

use super::argon2;
#[cfg(feature = "schemes")]
use super::{bcrypt, pbkdf2, phpass, scrypt, sha_crypt};
use crate::{Error, ErrorCode};

/// A computation, with its costs and its salt.
#[derive(Clone, Debug)]
pub(super) enum Recipe {
    Argon2(argon2::Recipe),
    #[cfg(feature = "schemes")]
    Bcrypt(bcrypt::Recipe),
    #[cfg(feature = "schemes")]
    Pbkdf2(pbkdf2::Recipe),
    #[cfg(feature = "schemes")]
    Phpass(phpass::Recipe),
    #[cfg(feature = "schemes")]
    Scrypt(scrypt::Recipe),
    #[cfg(feature = "schemes")]
    ShaCrypt(sha_crypt::Recipe),
}

impl Recipe {
    /// The tag of `password`, of `length` bytes. `secret` is a key for schemes that take one themselves, empty where there
    /// is none.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: the memory could not be had.
    pub(super) fn tag(&self, password: &str, secret: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self {
            Self::Argon2(recipe) => recipe.tag(password, secret, length),
            #[cfg(feature = "schemes")]
            Self::Bcrypt(recipe) => Ok(recipe.tag(password)),
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(recipe) => Ok(recipe.tag(password, length)),
            #[cfg(feature = "schemes")]
            Self::Phpass(recipe) => recipe.tag(password),
            #[cfg(feature = "schemes")]
            Self::Scrypt(recipe) => recipe.tag(password, length),
            #[cfg(feature = "schemes")]
            Self::ShaCrypt(recipe) => recipe.tag(password),
        }
    }

    /// Whether the scheme takes a key beside the password.
    pub(super) const fn takes_secret(&self) -> bool {
        matches!(self, Self::Argon2(_))
    }

    /// Whether the scheme reads all of this password.
    pub(super) const fn reads_whole(&self, password: &str) -> bool {
        match self {
            #[cfg(feature = "schemes")]
            Self::Bcrypt(_) => password.len() <= bcrypt::PASSWORD_BYTES,
            _ => {
                let _ = password;
                true
            }
        }
    }

    /// What it costs, by the names of a policy.
    pub(super) fn costs(&self) -> Vec<(&'static str, u32)> {
        match self {
            Self::Argon2(recipe) => recipe.params.costs(),
            #[cfg(feature = "schemes")]
            Self::Bcrypt(recipe) => recipe.costs(),
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(recipe) => recipe.costs(),
            #[cfg(feature = "schemes")]
            Self::Phpass(recipe) => recipe.rounds.costs(),
            #[cfg(feature = "schemes")]
            Self::Scrypt(recipe) => recipe.costs(),
            #[cfg(feature = "schemes")]
            Self::ShaCrypt(recipe) => recipe.rounds.costs(),
        }
    }

    pub(super) fn salt(&self) -> &[u8] {
        match self {
            Self::Argon2(recipe) => &recipe.salt,
            #[cfg(feature = "schemes")]
            Self::Bcrypt(recipe) => &recipe.salt,
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(recipe) => &recipe.salt,
            #[cfg(feature = "schemes")]
            Self::Phpass(recipe) => &recipe.salt,
            #[cfg(feature = "schemes")]
            Self::Scrypt(recipe) => &recipe.salt,
            #[cfg(feature = "schemes")]
            Self::ShaCrypt(recipe) => &recipe.salt,
        }
    }

    /// The same with another salt.
    pub(super) fn salted(&self, salt: [u8; 16]) -> Self {
        match self.clone() {
            Self::Argon2(recipe) => Self::Argon2(argon2::Recipe { salt: salt.into(), ..recipe }),
            #[cfg(feature = "schemes")]
            Self::Bcrypt(recipe) => Self::Bcrypt(bcrypt::Recipe { salt, ..recipe }),
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(recipe) => Self::Pbkdf2(pbkdf2::Recipe { salt: salt.into(), ..recipe }),
            #[cfg(feature = "schemes")]
            Self::Scrypt(recipe) => Self::Scrypt(scrypt::Recipe { salt: salt.into(), ..recipe }),
            // No new hash is made with them.
            #[cfg(feature = "schemes")]
            recipe @ (Self::Phpass(_) | Self::ShaCrypt(_)) => recipe,
        }
    }

    /// The bytes of a new hash's tag: for Argon2 RFC 9106 §4, for scrypt as many.
    pub(super) const fn tag_bytes(&self) -> usize {
        match self {
            Self::Argon2(_) => 32,
            #[cfg(feature = "schemes")]
            Self::Bcrypt(_) => bcrypt::TAG_BYTES,
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(recipe) => recipe.digest.tag_bytes(),
            #[cfg(feature = "schemes")]
            Self::Phpass(_) => phpass::TAG_BYTES,
            #[cfg(feature = "schemes")]
            Self::Scrypt(_) => 32,
            #[cfg(feature = "schemes")]
            Self::ShaCrypt(recipe) => recipe.function.tag_bytes(),
        }
    }

    /// Whether a hash is cheaper to attack than one of `other`, a recipe of the same scheme.
    pub(super) fn is_weaker_than(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Argon2(own), Self::Argon2(other)) => own.is_weaker_than(other),
            #[cfg(feature = "schemes")]
            (Self::Bcrypt(own), Self::Bcrypt(other)) => own.is_weaker_than(other),
            #[cfg(feature = "schemes")]
            (Self::Pbkdf2(own), Self::Pbkdf2(other)) => own.is_weaker_than(other),
            #[cfg(feature = "schemes")]
            (Self::Scrypt(own), Self::Scrypt(other)) => own.is_weaker_than(other),
            #[cfg(feature = "schemes")]
            _ => true,
        }
    }
}

/// Room for what a hash works in.
///
/// # Errors
/// - [`ErrorCode::OutOfMemory`]: it could not be had.
pub(super) fn reserved<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut room = Vec::new();
    room.try_reserve_exact(length)
        .map_err(|_| Error::new(ErrorCode::OutOfMemory, "the memory that the password hash needs could not be had"))?;
    Ok(room)
}

/// The error for costs or lengths that a crate refuses, which what is done before does not let through.
pub(super) fn not_computed() -> Error {
    Error::new(ErrorCode::Internal, "the password hash could not be computed")
}
