//! Argon2's scratch memory: wiped after each hash, and kept for the next one where that costs nothing.

use core::cell::Cell;

use argon2::Block;

use crate::Error;
use crate::password::scratch::{KEPT, reserved};

/// The blocks that one hash works in: the first `used` of `blocks`.
pub(super) struct Memory {
    blocks: Vec<Block>,
    used: usize,
}

thread_local! {
    /// The blocks of the last hash, if they are [kept](KEPT). They are zero: each hash wipes them. To reuse them saves
    /// writing the zeros again, which takes a fifteenth of the time of a hash.
    static WIPED: Cell<Vec<Block>> = const { Cell::new(Vec::new()) };
}

/// Frees the kept blocks, for another scheme that is about to allocate.
#[cfg_attr(not(feature = "schemes"), expect(dead_code, reason = "for scrypt"))]
pub(in crate::password) fn release() {
    drop(WIPED.take());
}

impl Memory {
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): it could not be allocated.
    pub(super) fn zeroed(used: usize) -> Result<Self, Error> {
        let mut blocks = WIPED.take();
        if blocks.len() < used {
            // Freed first, so that the old and the new blocks are never allocated together.
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
        // One fill at memory speed; `zeroize` would write word by word. The black box keeps the compiler from removing it
        // as useless. A test of the compiled module checks that the memory is wiped.
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
    fn memory_that_cannot_be_allocated_is_an_error() {
        for blocks in [usize::MAX, isize::MAX as usize / 1024] {
            let error = Memory::zeroed(blocks).err().unwrap();
            assert_eq!(error.code(), ErrorCode::OutOfMemory);
        }
    }
}
