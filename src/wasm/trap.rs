//! A deliberate panic for the tests of trap recovery. Only builds with the feature `test-trap` have it.

use wasm_bindgen::prelude::wasm_bindgen;

/// Panics at a depth of recursion, with some of the shadow stack in use, as a defect deep in a call would.
#[wasm_bindgen]
#[expect(clippy::panic, reason = "the purpose of this function")]
pub fn test_trap(depth: u32) -> u32 {
    let frame = std::hint::black_box([depth; 64]);
    match depth.checked_sub(1) {
        Some(less) => test_trap(less) ^ std::hint::black_box(frame).iter().fold(0, |left, right| left ^ right),
        None => panic!("a deliberate panic"),
    }
}
