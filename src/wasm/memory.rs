//! The memory of a module: what is freed is wiped, by whomever it was used.
//!
//! Our own secrets are wiped where they are dropped. This is for what is not ours to wipe: the numbers that the crates work
//! with on the way, and the prime that an RSA key of the crate `rsa` leaves in the parameters of its coefficient.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);
