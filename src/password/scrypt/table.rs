//! scrypt's large table, and the mixing of an entry with it: scryptROMix (RFC 7914 §5).

use core::mem::swap;

use super::quad::Quad;
use super::reserved;
use crate::Error;

/// 64 bytes as four vectors of four words, each a diagonal of Salsa20's square, so that its columns and its rows are
/// worked on four at a time.
type Block = [Quad; 4];

const ZERO: Block = [Quad::ZERO; 4];

/// The words of each vector, one after the other.
const DIAGONALS: [usize; 16] = [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11];

/// The table, and two entries that are worked on. All of it is derived from a password, and wiped.
pub(super) struct Table {
    entries: Vec<Block>,
    entry: Vec<Block>,
    next: Vec<Block>,
    rounds: usize,
}

impl Table {
    /// Room for N entries of 128 * r bytes.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`](crate::ErrorCode::OutOfMemory): it could not be had.
    pub(super) fn reserved(cost: u32, block_size: u32) -> Result<Self, Error> {
        let length = (block_size as usize).saturating_mul(2);
        let rounds = 1_usize.checked_shl(cost).unwrap_or(usize::MAX);
        let (mut entry, mut next) = (reserved(length)?, reserved(length)?);
        let entries = reserved(length.saturating_mul(rounds))?;
        entry.resize(length, ZERO);
        next.resize(length, ZERO);
        Ok(Self { entries, entry, next, rounds })
    }

    /// Mixes an entry of 128 * r bytes.
    pub(super) fn mix(&mut self, bytes: &mut [u8]) {
        for (block, bytes) in self.entry.iter_mut().zip(bytes.as_chunks::<64>().0) {
            *block = read(bytes);
        }
        self.entries.clear();
        for _ in 0..self.rounds {
            self.entries.extend_from_slice(&self.entry);
            self.step();
        }
        for _ in 0..self.rounds {
            self.add_one_of_the_table();
            self.step();
        }
        for (block, bytes) in self.entry.iter().zip(bytes.as_chunks_mut::<64>().0) {
            write(block, bytes);
        }
    }

    /// Adds, bit by bit, the entry that the entry itself names: Integerify of RFC 7914 §5, step 3.
    fn add_one_of_the_table(&mut self) {
        let named = self.entry.last().map_or(0, |block| block[0].words()[0]) as usize;
        let start = (named & self.rounds.wrapping_sub(1)).wrapping_mul(self.entry.len());
        let chosen = self.entries.get(start..).unwrap_or_default();
        for (block, other) in self.entry.iter_mut().zip(chosen) {
            *block = added(*block, *other);
        }
    }

    /// scryptBlockMix (RFC 7914 §4): each block is mixed with the one before it, and those at even places go first.
    fn step(&mut self) {
        let (even, odd) = self.next.split_at_mut(self.entry.len() >> 1);
        let mut last = self.entry.last().copied().unwrap_or(ZERO);
        for (pair, (even, odd)) in self.entry.as_chunks::<2>().0.iter().zip(even.iter_mut().zip(odd)) {
            last = salsa20_8(added(last, pair[0]));
            *even = last;
            last = salsa20_8(added(last, pair[1]));
            *odd = last;
        }
        swap(&mut self.entry, &mut self.next);
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // One fill at the speed of memory, as for Argon2.
        for blocks in [&mut self.entries, &mut self.entry, &mut self.next] {
            blocks.fill(ZERO);
            core::hint::black_box(&*blocks);
        }
    }
}

fn added(mut left: Block, right: Block) -> Block {
    left.iter_mut().zip(right).for_each(|(own, other)| *own = own.xor(other));
    left
}

/// Salsa20/8 (RFC 7914 §3).
#[inline(always)]
#[expect(clippy::inline_always, reason = "a block stays in registers between two of them")]
fn salsa20_8(block: Block) -> Block {
    let [mut a, mut b, mut c, mut d] = block;
    for _ in 0..4 {
        (a, b, c, d) = quarters(a, b, c, d);
        (b, c, d) = (b.turned::<1>(), c.turned::<2>(), d.turned::<3>());
        // The rows are the columns of the square the other way round.
        (a, d, c, b) = quarters(a, d, c, b);
        (b, c, d) = (b.turned::<3>(), c.turned::<2>(), d.turned::<1>());
    }
    let mut sum = block;
    sum.iter_mut().zip([a, b, c, d]).for_each(|(own, other)| *own = own.plus(other));
    sum
}

/// Four of Salsa20's quarter rounds at once.
#[inline(always)]
#[expect(clippy::inline_always, reason = "as above")]
fn quarters(a: Quad, b: Quad, c: Quad, d: Quad) -> (Quad, Quad, Quad, Quad) {
    let b = b.xor(a.plus(d).rotated::<7>());
    let c = c.xor(b.plus(a).rotated::<9>());
    let d = d.xor(c.plus(b).rotated::<13>());
    (a.xor(d.plus(c).rotated::<18>()), b, c, d)
}

fn read(bytes: &[u8; 64]) -> Block {
    let word = |index: usize| bytes.as_chunks::<4>().0.get(index).map_or(0, |word| u32::from_le_bytes(*word));
    let mut words = DIAGONALS.iter().map(|index| word(*index));
    [(); 4].map(|()| Quad::new([(); 4].map(|()| words.next().unwrap_or_default())))
}

fn write(block: &Block, bytes: &mut [u8; 64]) {
    let places = bytes.as_chunks_mut::<4>().0;
    for (word, index) in block.iter().flat_map(|quad| quad.words()).zip(DIAGONALS) {
        if let Some(place) = places.get_mut(index) {
            *place = word.to_le_bytes();
        }
    }
}
