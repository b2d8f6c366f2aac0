//! The suite that every platform passes, with two cores, on the first and on the second.
#![no_std]
#![no_main]

#[path = "common/suite.rs"]
mod suite;

use wasmetal_platform_bare::{cores, entry, platform};

entry!(main);

fn main() -> i32 {
    // The stacks of the second core stay.
    cores::start(1, || {}).expect("it starts").join();
    let frames = platform().free_frames();
    suite::conforms(Some(|job| {
        cores::join(1, || job(1), || job(0)).expect("the core is off");
    }));
    cores::start(1, || suite::conforms(None))
        .expect("the core is off")
        .join();
    assert_eq!(platform().free_frames(), frames, "frames are given back");
    0
}
