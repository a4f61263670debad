//! An allocator that wipes whatever is freed.
//!
//! This crate wipes its own secrets on drop. The allocator covers what dependencies leave behind: intermediate numbers,
//! and a prime that RSA keys of the crate `rsa` keep in the parameters of their coefficient.

#[cfg(feature = "lite")]
use core::arch::wasm32::memory_size;
#[cfg(feature = "lite")]
use core::hint::black_box;
#[cfg(feature = "lite")]
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Makes memory grow in larger steps once there is much of it. Call it after a handle was made.
///
/// The allocator grows memory by as little as one page. V8 counts the whole memory as new garbage each time: with 110,000
/// keys alive, it collected all garbage for every page, and a key took ten times as long. A large block that is freed at
/// once stays with the allocator, which then serves thousands of keys before it has to grow again.
#[cfg(feature = "lite")]
pub(super) fn grow_in_steps() {
    let pages = memory_size::<0>();
    if pages <= SMALL_PAGES.max(PAGES.load(Ordering::Relaxed)) {
        return;
    }
    let mut spare = Vec::<u8>::new();
    // Without memory to spare, the next key takes longer.
    if spare.try_reserve_exact((pages / STEP).saturating_mul(PAGE_BYTES)).is_ok() {
        drop(black_box(spare));
    }
    PAGES.store(memory_size::<0>(), Ordering::Relaxed);
}

/// The size that memory had after the last step.
#[cfg(feature = "lite")]
static PAGES: AtomicUsize = AtomicUsize::new(0);

/// 8 MiB, below which memory grows by single pages.
#[cfg(feature = "lite")]
const SMALL_PAGES: usize = 128;

/// A step is an eighth of the memory.
#[cfg(feature = "lite")]
const STEP: usize = 8;

#[cfg(feature = "lite")]
const PAGE_BYTES: usize = 65_536;
