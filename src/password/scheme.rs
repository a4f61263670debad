//! The schemes of stored hashes, by name.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::{Error, ErrorCode};

/// Declares [`Scheme`] from one list, so that the variants, and their names cannot drift.
macro_rules! schemes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// How a stored hash was made.
        ///
        /// Five of them make new hashes: [`Scheme::Argon2id`], [`Scheme::Scrypt`], [`Scheme::Bcrypt`],
        /// [`Scheme::Pbkdf2Sha256`] and [`Scheme::Pbkdf2Sha512`]. The others are there to be checked, and replaced.
        ///
        /// ```
        /// use countersign::password::Scheme;
        ///
        /// assert_eq!("argon2id".parse::<Scheme>()?, Scheme::Argon2id);
        /// assert_eq!(Scheme::Argon2id.name(), "argon2id");
        /// # Ok::<(), countersign::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Scheme {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Scheme {
            /// Every scheme, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in a policy and in an answer.
            #[must_use]
            #[inline(never)]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

schemes! {
    /// Argon2 with memory access that depends on the password: fastest, and open to timing of the cache.
    Argon2d = "argon2d";
    /// Argon2 with memory access that does not depend on the password: weaker against trade-offs of memory for time.
    Argon2i = "argon2i";
    /// Argon2 with half a pass of the second kind and the rest of the first: what RFC 9106 §4 wants supported, and the
    /// scheme of new hashes unless a policy says otherwise.
    Argon2id = "argon2id";
    /// ASP.NET Core Identity's third format: PBKDF2 in a binary envelope.
    AspnetIdentityV3 = "aspnet-identity-v3";
    /// bcrypt: 4 KiB of memory, and no more than 72 bytes of a password.
    Bcrypt = "bcrypt";
    /// passlib's bcrypt over a SHA-256 of the password, keyed or not.
    BcryptSha256 = "bcrypt-sha256";
    /// better-auth's scrypt, at a cost that its strings do not name.
    BetterAuth = "better-auth";
    /// Django's bcrypt over a SHA-256 of the password.
    DjangoBcryptSha256 = "django-bcrypt-sha256";
    /// The scrypt of Lucia's first versions, at a cost that its strings do not name.
    LuciaLegacy = "lucia-legacy";
    /// PBKDF2 with HMAC-SHA-1.
    Pbkdf2Sha1 = "pbkdf2-sha1";
    /// PBKDF2 with HMAC-SHA-256 (RFC 8018): no memory, for those who may use nothing else.
    Pbkdf2Sha256 = "pbkdf2-sha256";
    /// PBKDF2 with HMAC-SHA-512, of which graphics processors gain less.
    Pbkdf2Sha512 = "pbkdf2-sha512";
    /// Repeated MD5, as `WordPress` had it before 6.8.
    Phpass = "phpass";
    /// scrypt (RFC 7914).
    Scrypt = "scrypt";
    /// Repeated SHA-256, `$5$`, of Unix systems.
    Sha256Crypt = "sha256-crypt";
    /// Repeated SHA-512, `$6$`, of Unix systems.
    Sha512Crypt = "sha512-crypt";
    /// bcrypt over an HMAC-SHA-384 of the password, as `WordPress` has it since 6.8.
    Wordpress = "wordpress";
}

impl FromStr for Scheme {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not the name of a scheme. Names are case-sensitive.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|scheme| scheme.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "not a known scheme"))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer).unwrap_or_default();
        name.parse().map_err(|_| de::Error::custom("expected a known scheme"))
    }
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn schemes_are_alphabetical_and_named_like_their_variants() {
        let names: Vec<_> = Scheme::ALL.iter().map(|scheme| scheme.name()).collect();
        assert!(names.is_sorted());
        for scheme in Scheme::ALL {
            assert_eq!(format!("{scheme:?}").to_lowercase(), scheme.name().replace('-', ""));
        }
    }
}
