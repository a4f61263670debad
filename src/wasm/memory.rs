//! An allocator that wipes whatever is freed.
//!
//! This crate wipes its own secrets on drop. The allocator covers what dependencies leave behind: intermediate numbers,
//! and a prime that RSA keys of the crate `rsa` keep in the parameters of their coefficient.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);
