//! Argon2 (RFC 9106), in scratch memory that is allocated fallibly and wiped.

pub(in crate::password) mod memory;
pub(in crate::password) mod params;

use argon2::{Algorithm, AssociatedData, ParamsBuilder};
use zeroize::Zeroizing;

use self::memory::Memory;
use self::params::Params;
use crate::Error;
use crate::password::costs::OutOfRange;
use crate::password::kdf::{Family, Kdf, not_computed, thousandths};
use crate::password::limits::Limits;
use crate::password::params::ParamsOptions;

/// Argon2 with everything but the password and the pepper.
#[derive(Clone, Debug)]
pub(in crate::password) struct Argon2 {
    pub(in crate::password) variant: Variant,
    pub(in crate::password) version: Version,
    pub(in crate::password) params: Params,
    pub(in crate::password) salt: Vec<u8>,
    pub(in crate::password) associated_data: Vec<u8>,
}

/// The three variants of Argon2.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) enum Variant {
    D,
    I,
    Id,
}

/// The versions of Argon2. From the second pass on, 0x10 overwrites memory and 0x13 XORs into it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, PartialOrd)]
pub(in crate::password) enum Version {
    V0x10 = 0x10,
    V0x13 = 0x13,
}

impl Argon2 {
    /// For new hashes: Argon2id version 0x13, without a salt.
    pub(in crate::password) fn of_policy(options: &ParamsOptions, limits: &Limits) -> Result<Self, OutOfRange> {
        Ok(Self {
            variant: Variant::Id,
            version: Version::V0x13,
            params: Params::of_policy(options, limits)?,
            salt: Vec::new(),
            associated_data: Vec::new(),
        })
    }

    const fn algorithm(&self) -> Algorithm {
        match self.variant {
            Variant::D => Algorithm::Argon2d,
            Variant::I => Algorithm::Argon2i,
            Variant::Id => Algorithm::Argon2id,
        }
    }

    const fn version(&self) -> argon2::Version {
        match self.version {
            Version::V0x10 => argon2::Version::V0x10,
            Version::V0x13 => argon2::Version::V0x13,
        }
    }
}

impl Kdf for Argon2 {
    fn family(&self) -> Family {
        match self.variant {
            Variant::D => Family::Argon2d,
            Variant::I => Family::Argon2i,
            Variant::Id => Family::Argon2id,
        }
    }

    fn strength(&self) -> [u64; 3] {
        [self.version as u64, self.params.memory_kib().into(), self.params.work()]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        self.params.costs()
    }

    fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// RFC 9106 §4.
    fn tag_bytes(&self) -> usize {
        32
    }

    fn scratch_bytes(&self) -> usize {
        (self.params.memory_kib() as usize).saturating_mul(1024)
    }

    fn work(&self, limits: &Limits, _: usize, _: usize) -> u64 {
        thousandths(self.params.work(), limits.argon2_work())
    }

    fn takes_secret(&self) -> bool {
        true
    }

    fn tag(&self, password: &str, secret: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        let params = ParamsBuilder::new()
            .m_cost(self.params.memory_kib())
            .t_cost(self.params.passes())
            .p_cost(self.params.lanes())
            .data(AssociatedData::new(&self.associated_data).map_err(|_| not_computed())?)
            .output_len(length)
            .build()
            .map_err(|_| not_computed())?;
        let mut memory = Memory::zeroed(params.block_count())?;
        let mut tag = Zeroizing::new(vec![0; length]);
        argon2::Argon2::new_with_secret(secret, self.algorithm(), self.version(), params)
            .and_then(|argon2| {
                argon2.hash_password_into_with_memory(password.as_bytes(), &self.salt, &mut tag, &mut memory)
            })
            .map_err(|_| not_computed())?;
        Ok(tag)
    }
}
