//! The module of Argon2 alone: what the crate exports to JavaScript, and nothing else.
//!
//! A package of its own, because the one that is linked last says how hard everything is optimized when it is put
//! together, Argon2 included, and says it by its own `opt-level`. So the crate's own code can be compiled for size.

extern crate countersign;
