//! The suite that every platform passes.
#![no_std]
#![no_main]

use wasmetal_platform::Platform;
use wasmetal_platform::conformance::{Outcome, Scope, run};
use wasmetal_platform_bare::{entry, platform, println};

entry!(main);

/// Why checks may be skipped here, and how many are.
fn expected_skips() -> usize {
    const NO_IMAGES: usize = 4;
    const NO_DIVISION_FAULT: usize = 1;
    const NOBODY_PARKS: usize = 7;
    let no_landing_pads = !platform().capabilities().branch_protection;
    NO_IMAGES + NO_DIVISION_FAULT + NOBODY_PARKS + usize::from(no_landing_pads)
}

fn main() -> i32 {
    let frames = platform().free_frames();
    let mut skipped = 0;
    let passed = run(platform(), Scope::ALL, &mut |name, outcome| {
        println!("{outcome:?}: {name}");
        skipped += usize::from(matches!(outcome, Outcome::Skipped(_)));
    });
    assert_eq!(skipped, expected_skips());
    assert_eq!(platform().free_frames(), frames, "frames are given back");
    i32::from(!passed)
}
