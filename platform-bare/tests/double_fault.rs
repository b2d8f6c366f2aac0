//! A fault while a fault is reported ends the machine all the same: exit code 103.
#![no_std]
#![no_main]

use core::arch::asm;
use wasmetal_platform_bare::{entry, println};

entry!(main);

const UART: usize = 0x0900_0000;

/// Takes the serial port out of the page tables, so that reporting a fault faults.
fn unmap_console() {
    let mut table: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mrs {}, ttbr0_el1", out(reg) table) };
    for shift in [39, 30, 21] {
        // SAFETY: tables are in RAM at their physical addresses, and the port is mapped as a page.
        let descriptor = unsafe { ((table + (UART >> shift & 511) * 8) as *const usize).read() };
        assert_eq!(descriptor & 3, 3, "a table");
        table = descriptor & 0xffff_ffff_f000;
    }
    // SAFETY: the last table is in RAM at its physical address; nothing but the console uses this page.
    unsafe {
        ((table + (UART >> 12 & 511) * 8) as *mut usize).write_volatile(0);
        asm!("dsb ish", "tlbi vmalle1", "dsb ish", "isb");
    }
}

fn main() -> i32 {
    println!("faulting without a console");
    unmap_console();
    // SAFETY: an undefined instruction: this faults.
    unsafe { asm!("udf #0") };
    0
}
