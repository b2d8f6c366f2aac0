//! What the platform's operations cost, in instructions (run with icount), and upper bounds of it.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::arch::{asm, global_asm};
use core::hint::black_box;

use wasmetal_platform::{Fault, Platform, Protection, Resume};
use wasmetal_platform_bare::{entry, perf, platform, println};

entry!(main);

const PAGE: usize = 4096;

unsafe extern "C" {
    safe fn faulting_instruction();
    safe fn resumption();
}

fn hook(fault: &Fault) -> Option<Resume> {
    (fault.pc == faulting_instruction as *const () as usize).then_some(Resume {
        pc: resumption as *const () as usize,
        sp: fault.sp,
        fp: fault.fp,
        args: [1, 2],
        keep: None,
    })
}

global_asm!(
    ".global faulting_instruction",
    ".global resumption",
    "trap_round_trip:",
    "stp x29, x30, [sp, #-96]!",
    "stp x19, x20, [sp, #16]",
    "stp x21, x22, [sp, #32]",
    "stp x23, x24, [sp, #48]",
    "stp x25, x26, [sp, #64]",
    "stp x27, x28, [sp, #80]",
    "faulting_instruction:",
    "udf #0",
    "resumption:",
    "ldp x19, x20, [sp, #16]",
    "ldp x21, x22, [sp, #32]",
    "ldp x23, x24, [sp, #48]",
    "ldp x25, x26, [sp, #64]",
    "ldp x27, x28, [sp, #80]",
    "ldp x29, x30, [sp], #96",
    "ret",
);

fn trap() {
    // SAFETY: the call keeps what the C calling convention says, but for d8 to d15, and the hook
    // resumes inside it.
    unsafe {
        asm!("bl trap_round_trip", clobber_abi("C"),
            out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _);
    }
}

/// Runs `work` twice, so that tables and lists are warm, and checks what the second time took.
fn cost(name: &str, bound: u64, mut work: impl FnMut()) {
    let mut taken = 0;
    for _ in 0..2 {
        let start = perf::instructions();
        black_box(&mut work)();
        taken = perf::instructions() - start;
    }
    println!("{name:<40} {taken:>7} instructions");
    assert!(taken <= bound, "more than {bound}");
}

fn main() -> i32 {
    let platform = platform();
    // SAFETY: the hook keeps its contract.
    unsafe { platform.set_trap_hook(hook) }.expect("the first hook");
    // A neighbour, so that the upper tables are there.
    let neighbour = platform.reserve(PAGE, PAGE).expect("address space");
    // SAFETY: the page is reserved.
    unsafe { platform.commit(neighbour, PAGE) }.expect("memory");

    cost("nothing", 20, || {});
    cost("trap round trip", 150, trap);
    let mut base = core::ptr::null_mut();
    cost("reserve 6 GiB and release", 500, || {
        base = platform.reserve(6 << 30, 2 << 20).expect("address space");
        // SAFETY: nothing refers into it.
        unsafe { platform.release(base, 6 << 30) };
    });
    for (size, bound) in [(64, 120), (4096, 400)] {
        cost("allocate and free", bound, || {
            drop(black_box(Vec::<u8>::with_capacity(size)));
        });
    }
    for pages in [1, 16, 256] {
        let size = pages * PAGE;
        println!("{pages} pages:");
        let pages = pages as u64;
        cost("  commit and decommit", 1700 + pages * 220, || {
            base = platform.reserve(6 << 30, 2 << 20).expect("address space");
            // SAFETY: the start of a new reservation; nothing refers into it.
            unsafe {
                platform.commit(base, size).expect("memory");
                platform.release(base, 6 << 30);
            }
        });
        base = platform.reserve(size, PAGE).expect("address space");
        // SAFETY: all of a new reservation, and nothing refers into it.
        unsafe {
            platform.commit(base, size).expect("memory");
            cost("  protect", 360 + pages * 15, || {
                platform
                    .protect(base, size, Protection::Read)
                    .expect("nothing to split");
            });
            cost("  publish", 100 + pages * 530, || {
                platform.publish(base, size)
            });
            platform.release(base, size);
        }
    }
    0
}
