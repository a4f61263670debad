//! Argon2 (RFC 9106), in memory that is asked for politely and wiped afterwards.

use core::cell::Cell;

use argon2::{Algorithm, Argon2, AssociatedData, Block, ParamsBuilder};
use zeroize::Zeroizing;

pub(super) use self::params::Params;
use super::recipe::not_computed;
use super::room::{KEPT, reserved};
use crate::Error;

mod params;

/// The three kinds of Argon2.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Variant {
    D,
    I,
    Id,
}

/// The versions of Argon2; the older one overwrites in later passes where the newer one mixes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, PartialOrd)]
pub(super) enum Version {
    V0x10,
    V0x13,
}

/// Everything that goes into a hash beside the password and its pepper.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) variant: Variant,
    pub(super) version: Version,
    pub(super) params: Params,
    pub(super) salt: Vec<u8>,
    pub(super) associated_data: Vec<u8>,
}

impl Recipe {
    /// A recipe for new hashes, without a salt: version 0x13 of Argon2id.
    pub(super) const fn new(params: Params) -> Self {
        let (variant, version) = (Variant::Id, Version::V0x13);
        Self { variant, version, params, salt: Vec::new(), associated_data: Vec::new() }
    }

    /// The tag of `password`, of `length` bytes. `secret` is the key K, empty where there is none.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): the memory could not be had.
    /// - [`ErrorCode::Internal`](crate::ErrorCode::Internal): a recipe outside Argon2's ranges, which the types before this
    ///   one do not let through.
    pub(super) fn tag(&self, password: &str, secret: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
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
        Argon2::new_with_secret(secret, self.algorithm(), self.version(), params)
            .and_then(|argon2| {
                argon2.hash_password_into_with_memory(password.as_bytes(), &self.salt, &mut tag, &mut memory)
            })
            .map_err(|_| not_computed())?;
        Ok(tag)
    }

    /// Whether a hash of `other` is harder to attack, in any respect but its variant and the lengths of salt and tag.
    pub(super) fn is_weaker_than(&self, other: &Self) -> bool {
        self.version < other.version || self.params.is_weaker_than(&other.params)
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

/// The blocks that Argon2 works in, `used` of them by this hash.
struct Memory {
    blocks: Vec<Block>,
    used: usize,
}

thread_local! {
    /// The blocks of the last hash, where they are kept: they have been wiped, and nobody else had them since, so that Argon2
    /// need not be the second to write them, which saves a fifteenth of the time.
    static WIPED: Cell<Vec<Block>> = const { Cell::new(Vec::new()) };
}

/// Gives back what is kept, for another scheme that is about to ask for memory.
#[cfg(feature = "schemes")]
pub(super) fn release() {
    drop(WIPED.take());
}

impl Memory {
    fn zeroed(used: usize) -> Result<Self, Error> {
        let mut blocks = WIPED.take();
        if blocks.len() < used {
            // What is too small goes first, so that both need not be had at once.
            drop(blocks);
            blocks = reserved(used)?;
            blocks.extend(core::iter::repeat_n(Block::new(), used));
        }
        Ok(Self { blocks, used })
    }
}

impl AsMut<[Block]> for Memory {
    fn as_mut(&mut self) -> &mut [Block] {
        self.blocks.get_mut(..self.used).unwrap_or_default()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // One fill at the speed of memory, where `zeroize` would write word by word; the black box keeps the compiler
        // from finding it useless. That it happens is tested on the compiled module.
        self.as_mut().fill(Block::new());
        core::hint::black_box(&self.blocks);
        if KEPT {
            WIPED.set(core::mem::take(&mut self.blocks));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;
    use crate::ErrorCode;

    #[test]
    fn memory_that_cannot_be_had_is_an_error() {
        for blocks in [usize::MAX, isize::MAX as usize / 1024] {
            let error = Memory::zeroed(blocks).err().unwrap();
            assert_eq!(error.code(), ErrorCode::OutOfMemory);
        }
    }
}
