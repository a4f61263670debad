//! PBKDF2 (RFC 8018 §5.2) with HMAC.

use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::Error;
use crate::password::costs::{Bound, Cost, OutOfRange};
use crate::password::hmac_key::check_no_padding;
use crate::password::kdf::{Family, Kdf, thousandths};
use crate::password::limits::Limits;
use crate::password::params::ParamsOptions;

/// The digest under HMAC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

const ITERATIONS: Cost = Cost { name: "iterations", symbol: "iterations", limit: "pbkdf2Iterations" };

/// A number of iterations, within limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) struct Params {
    iterations: u32,
}

impl Params {
    pub(in crate::password) fn new(iterations: u64, limits: &Limits) -> Result<Self, OutOfRange> {
        let iterations = ITERATIONS.at_most(iterations, limits.pbkdf2_iterations)?;
        if iterations < 1 { Err(ITERATIONS.beyond(Bound::Minimum("1"))) } else { Ok(Self { iterations }) }
    }

    /// For a stored tag of `tag_bytes`. Each block of the tag costs all iterations, and all blocks together must be within the
    /// limit.
    pub(in crate::password) fn of_tag(
        digest: Digest,
        iterations: u64,
        tag_bytes: usize,
        limits: &Limits,
    ) -> Result<Self, OutOfRange> {
        let blocks = tag_bytes.div_ceil(digest.tag_bytes()) as u64;
        Self::new(blocks.saturating_mul(iterations), limits)?;
        Self::new(iterations, limits)
    }

    /// For new hashes, for which RFC 8018 §4.2 sets a minimum of 1000.
    fn of_policy(digest: Digest, iterations: Option<u64>, limits: &Limits) -> Result<Self, OutOfRange> {
        let params = Self::new(iterations.unwrap_or(digest.default_iterations()), limits)?;
        if params.iterations < 1000 { Err(ITERATIONS.beyond(Bound::Minimum("1000"))) } else { Ok(params) }
    }

    pub(in crate::password) const fn iterations(self) -> u32 {
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

    /// The length of the digest. A longer tag would double our work and add nothing to an attacker's.
    pub(in crate::password) const fn tag_bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// PBKDF2 with everything but the password.
#[derive(Clone, Debug)]
pub(in crate::password) struct Pbkdf2 {
    pub(in crate::password) digest: Digest,
    pub(in crate::password) params: Params,
    pub(in crate::password) salt: Vec<u8>,
}

impl Pbkdf2 {
    /// For new hashes, without a salt.
    pub(in crate::password) fn of_policy(
        digest: Digest,
        options: &ParamsOptions,
        limits: &Limits,
    ) -> Result<Self, OutOfRange> {
        let params = Params::of_policy(digest, options.iterations, limits)?;
        Ok(Self { digest, params, salt: Vec::new() })
    }
}

impl Kdf for Pbkdf2 {
    fn family(&self) -> Family {
        match self.digest {
            Digest::Sha1 => Family::Pbkdf2Sha1,
            Digest::Sha256 => Family::Pbkdf2Sha256,
            Digest::Sha512 => Family::Pbkdf2Sha512,
        }
    }

    fn strength(&self) -> [u64; 3] {
        [self.params.iterations.into(), 0, 0]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        vec![(ITERATIONS.name, self.params.iterations)]
    }

    fn salt(&self) -> &[u8] {
        &self.salt
    }

    fn tag_bytes(&self) -> usize {
        self.digest.tag_bytes()
    }

    fn work(&self, limits: &Limits, _: usize, tag_bytes: usize) -> u64 {
        let blocks = tag_bytes.div_ceil(self.digest.tag_bytes()) as u64;
        thousandths(blocks.saturating_mul(self.params.iterations.into()), limits.pbkdf2_iterations.into())
    }

    fn check_reads_whole(&self, password: &str) -> Result<(), Error> {
        check_no_padding(password)
    }

    fn is_ambiguous(&self, password: &str) -> bool {
        check_no_padding(password).is_err()
    }

    fn tag(&self, password: &str, _: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut tag = Zeroizing::new(vec![0; length]);
        let run = match self.digest {
            Digest::Sha1 => pbkdf2_hmac::<Sha1>,
            Digest::Sha256 => pbkdf2_hmac::<Sha256>,
            Digest::Sha512 => pbkdf2_hmac::<Sha512>,
        };
        run(password.as_bytes(), &self.salt, self.params.iterations, &mut tag);
        Ok(tag)
    }
}
