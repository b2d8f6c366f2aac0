//! A fault in an interrupt handler is reported on the emergency stack: exit code 102.
#![no_std]
#![no_main]

use wasmetal_platform_bare::{Interrupted, entry, timer};

entry!(main);

fn handler(_: &mut Interrupted) {
    // SAFETY: nothing is mapped there: this faults.
    unsafe { (0x1_2345_6788 as *mut u8).write_volatile(0) };
}

fn main() -> ! {
    timer::once(1, handler);
    loop {
        core::hint::spin_loop();
    }
}
