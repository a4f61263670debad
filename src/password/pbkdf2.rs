//! PBKDF2 (RFC 8018 §5.2) with HMAC.

use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::costs::{Cost, OutOfRange};
use super::limits::Limits;

/// The digests there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

const ITERATIONS: Cost = Cost { name: "iterations", symbol: "iterations", limit: "pbkdf2Iterations" };

/// A number of iterations, within limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Params {
    iterations: u32,
}

impl Params {
    pub(super) fn new(iterations: u64, limits: &Limits) -> Result<Self, OutOfRange> {
        let iterations = ITERATIONS.at_most(iterations, limits.pbkdf2_iterations)?;
        if iterations < 1 { Err(ITERATIONS.too_low("1")) } else { Ok(Self { iterations }) }
    }

    /// For new hashes, of which RFC 8018 §4.2 wants a thousand iterations at least.
    pub(super) fn of_policy(digest: Digest, iterations: Option<u64>, limits: &Limits) -> Result<Self, OutOfRange> {
        let params = Self::new(iterations.unwrap_or(digest.default_iterations()), limits)?;
        if params.iterations < 1000 { Err(ITERATIONS.too_low("1000")) } else { Ok(params) }
    }

    pub(super) const fn iterations(self) -> u32 {
        self.iterations
    }
}

impl Digest {
    /// OWASP Password Storage Cheat Sheet.
    const fn default_iterations(self) -> u64 {
        match self {
            Self::Sha1 => 1_400_000,
            Self::Sha256 => 600_000,
            Self::Sha512 => 220_000,
        }
    }

    /// Of new hashes: all that the digest gives, for more would cost us double and an attacker nothing.
    pub(super) const fn tag_bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// Everything that goes into a hash beside the password.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) digest: Digest,
    pub(super) params: Params,
    pub(super) salt: Vec<u8>,
}

impl Recipe {
    /// The tag of `password`, of `length` bytes.
    pub(super) fn tag(&self, password: &str, length: usize) -> Zeroizing<Vec<u8>> {
        let mut tag = Zeroizing::new(vec![0; length]);
        let run = match self.digest {
            Digest::Sha1 => pbkdf2_hmac::<Sha1>,
            Digest::Sha256 => pbkdf2_hmac::<Sha256>,
            Digest::Sha512 => pbkdf2_hmac::<Sha512>,
        };
        run(password.as_bytes(), &self.salt, self.params.iterations, &mut tag);
        tag
    }

    pub(super) fn costs(&self) -> Vec<(&'static str, u32)> {
        vec![(ITERATIONS.name, self.params.iterations)]
    }

    pub(super) const fn is_weaker_than(&self, other: &Self) -> bool {
        self.params.iterations < other.params.iterations
    }
}
