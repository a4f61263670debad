//! Everything that goes into a hash beside the password, whatever the scheme.

use zeroize::Zeroizing;

use super::argon2;
#[cfg(feature = "schemes")]
use super::scheme::Scheme;
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

    /// Expects a password that the scheme reads all of, and tells from all others.
    ///
    /// # Errors
    /// - [`ErrorCode::PasswordInvalid`]: with a NUL, for bcrypt, or with one at its end, where it is a key of HMAC.
    /// - [`ErrorCode::PasswordTooLong`]: longer than the 72 bytes of bcrypt.
    #[cfg_attr(not(feature = "schemes"), expect(clippy::unnecessary_wraps, reason = "Argon2 reads everything"))]
    pub(super) fn check_reads_whole(&self, password: &str) -> Result<(), Error> {
        match self {
            #[cfg(feature = "schemes")]
            Self::Bcrypt(_) => bcrypt::check_reads_whole(password),
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(_) | Self::Scrypt(_) if self.is_ambiguous(password) => {
                Err(Error::new(ErrorCode::PasswordInvalid, "password ends in a NUL, which HMAC takes for padding"))
            }
            _ => {
                let _ = password;
                Ok(())
            }
        }
    }

    /// Whether another password has the same tag, by what the scheme does about a NUL: bcrypt begins a password again after
    /// it, and HMAC, of which the password is the key, fills up short keys with more of them. A long password of bcrypt is
    /// taken for what was set, though bcrypt has not read its end: a program types it, or it ends with Devise's pepper. Who
    /// makes a slip there gets that for a password.
    pub(super) fn is_ambiguous(&self, password: &str) -> bool {
        match self {
            #[cfg(feature = "schemes")]
            Self::Bcrypt(_) => password.contains('\0'),
            #[cfg(feature = "schemes")]
            Self::Pbkdf2(_) | Self::Scrypt(_) => password.ends_with('\0'),
            _ => {
                let _ = password;
                false
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

    /// The bytes of scratch memory that it works in, beside some kilobytes.
    pub(super) fn scratch_bytes(&self) -> usize {
        match self {
            Self::Argon2(recipe) => recipe.params.scratch_bytes(),
            #[cfg(feature = "schemes")]
            Self::Scrypt(recipe) => recipe.params.scratch_bytes(),
            #[cfg(feature = "schemes")]
            _ => 0,
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

    /// Whether the two are one computation, of which the costs alone say which is harder to attack.
    pub(super) fn is_kin(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Argon2(own), Self::Argon2(other)) => own.variant == other.variant,
            #[cfg(feature = "schemes")]
            (Self::Pbkdf2(own), Self::Pbkdf2(other)) => own.digest == other.digest,
            #[cfg(feature = "schemes")]
            (Self::Bcrypt(_), Self::Bcrypt(_)) | (Self::Scrypt(_), Self::Scrypt(_)) => true,
            #[cfg(feature = "schemes")]
            _ => false,
        }
    }

    /// How computations compare at sound costs: memory that cannot be shared first, then what hardware made for them gains.
    /// Zero is what nothing is hashed with any more. And the scheme of new hashes whose defaults are sound costs.
    #[cfg(feature = "schemes")]
    pub(super) const fn rank(&self) -> (u8, Scheme) {
        match self {
            Self::Argon2(recipe) if matches!(recipe.variant, argon2::Variant::Id) => (6, Scheme::Argon2id),
            Self::Scrypt(_) => (5, Scheme::Scrypt),
            Self::Argon2(_) => (4, Scheme::Argon2id),
            Self::Bcrypt(_) => (3, Scheme::Bcrypt),
            Self::Pbkdf2(recipe) => match recipe.digest {
                pbkdf2::Digest::Sha512 => (2, Scheme::Pbkdf2Sha512),
                pbkdf2::Digest::Sha256 => (1, Scheme::Pbkdf2Sha256),
                pbkdf2::Digest::Sha1 => (0, Scheme::Pbkdf2Sha256),
            },
            Self::Phpass(_) | Self::ShaCrypt(_) => (0, Scheme::Argon2id),
        }
    }

    /// Whether a hash is cheaper to attack than one of `other`, of the same computation.
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

/// The error for costs or lengths that a crate refuses, which what is done before does not let through.
pub(super) fn not_computed() -> Error {
    Error::new(ErrorCode::Internal, "the password hash could not be computed")
}
