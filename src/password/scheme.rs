//! The schemes of stored hashes, by name.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::{Error, ErrorCode};

/// Declares [`Scheme`] from one list of variants and names.
macro_rules! schemes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// How a stored hash was made.
        ///
        /// Five schemes make new hashes: [`Scheme::Argon2id`], [`Scheme::Scrypt`], [`Scheme::Bcrypt`],
        /// [`Scheme::Pbkdf2Sha256`] and [`Scheme::Pbkdf2Sha512`]. The others are only checked, and replaced.
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

            /// The name in a policy and in an answer, such as `"argon2id"`.
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
    /// Argon2 whose memory access depends on the password: the fastest, but open to cache-timing attacks.
    Argon2d = "argon2d";
    /// Argon2 whose memory access does not depend on the password: weaker against time-memory trade-offs.
    Argon2i = "argon2i";
    /// Argon2 that starts like Argon2i and goes on like Argon2d: recommended by RFC 9106 §4, and the scheme of new hashes
    /// unless a policy says otherwise.
    Argon2id = "argon2id";
    /// ASP.NET Identity 2 and `Crypto.HashPassword`: PBKDF2 in a binary envelope.
    AspnetIdentityV2 = "aspnet-identity-v2";
    /// ASP.NET Core Identity, version 3: PBKDF2 in a binary envelope.
    AspnetIdentityV3 = "aspnet-identity-v3";
    /// bcrypt: uses 4 KiB of memory and the first 72 bytes of a password.
    Bcrypt = "bcrypt";
    /// passlib's bcrypt of the password's SHA-256 or HMAC-SHA-256.
    BcryptSha256 = "bcrypt-sha256";
    /// better-auth's scrypt. Its costs are fixed and not in the hash.
    BetterAuth = "better-auth";
    /// Django's bcrypt of the password's SHA-256.
    DjangoBcryptSha256 = "django-bcrypt-sha256";
    /// Repeated SHA-512: Drupal 7 to 10.0.
    Drupal = "drupal";
    /// Firebase Authentication's scrypt, with the signer key of its project in the hash.
    FirebaseScrypt = "firebase-scrypt";
    /// The scrypt of Lucia 1. Its costs are fixed and not in the hash.
    LuciaLegacy = "lucia-legacy";
    /// MD5-crypt: `$1$` on Unix systems, `$apr1$` in Apache's password files.
    Md5Crypt = "md5-crypt";
    /// PBKDF2 with HMAC-SHA-1.
    Pbkdf2Sha1 = "pbkdf2-sha1";
    /// PBKDF2 with HMAC-SHA-256 (RFC 8018): needs no memory; for where rules allow nothing else.
    Pbkdf2Sha256 = "pbkdf2-sha256";
    /// PBKDF2 with HMAC-SHA-512, which graphics processors speed up less.
    Pbkdf2Sha512 = "pbkdf2-sha512";
    /// Repeated MD5: `WordPress` before 6.8, and phpBB.
    Phpass = "phpass";
    /// One digest of the password, in a form of our own for what nothing marks. A policy must accept it by name.
    PlainDigest = "plain-digest";
    /// One digest of the password, mostly with a salt, in a form that says so: `{SSHA}`, Werkzeug's `sha256$`.
    SaltedDigest = "salted-digest";
    /// scrypt (RFC 7914).
    Scrypt = "scrypt";
    /// SHA1-crypt: `$sha1$` on `NetBSD`.
    Sha1Crypt = "sha1-crypt";
    /// SHA-crypt with SHA-256: `$5$` on Unix systems.
    Sha256Crypt = "sha256-crypt";
    /// SHA-crypt with SHA-512: `$6$` on Unix systems.
    Sha512Crypt = "sha512-crypt";
    /// bcrypt of the password's HMAC-SHA-384: `WordPress` since 6.8.
    Wordpress = "wordpress";
    /// yescrypt: `$y$` on Linux systems.
    Yescrypt = "yescrypt";
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
