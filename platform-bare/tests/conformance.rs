//! The suite that every platform passes.
#![no_std]
#![no_main]

#[path = "common/suite.rs"]
mod suite;

use wasmetal_platform_bare::{entry, platform};

entry!(main);

fn main() -> i32 {
    let frames = platform().free_frames();
    suite::conforms(None);
    assert_eq!(platform().free_frames(), frames, "frames are given back");
    0
}
