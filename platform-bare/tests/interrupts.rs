//! A 1 kHz timer interrupt leaves every register of the code that it stops as it was.
#![no_std]
#![no_main]

use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering};
use wasmetal_platform_bare::{Interrupted, entry, println, timer};

entry!(main);

static TICKS: AtomicU64 = AtomicU64::new(0);

/// Clobbers what a handler may: floating-point registers and their status.
fn tick(_: &mut Interrupted) {
    TICKS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: the vectors save and restore all of these.
    unsafe {
        asm!(
            "fmov d0, #1.0", "fmov d1, #3.0", "fdiv d2, d0, d1", "movi v8.16b, #0xee",
            "movi v17.16b, #0xdd", "movi v31.16b, #0xcc", "mov x9, #-1",
            "msr fpcr, xzr", "msr fpsr, xzr",
            out("v0") _, out("v1") _, out("v2") _, out("v8") _, out("v17") _, out("v31") _,
            out("x9") _,
        );
    }
}

/// Round towards zero, and the "inexact" flag: neither is what a fresh processor has.
const FPCR: u64 = 3 << 22;
const FPSR: u64 = 1 << 4;

/// Fills v0 to v31 and x1 to x15 from `seed`, spins, and compares. Returns how many differ.
fn hold(seed: u64) -> u64 {
    let differences: u64;
    // SAFETY: registers only, all declared.
    unsafe {
        asm!(
            "msr fpcr, {fpcr}",
            "msr fpsr, {fpsr}",
            ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            "add {t}, {seed}, #\\n",
            "dup v\\n\\().2d, {t}",
            ".endr",
            ".irp n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
            "add x\\n, {seed}, #\\n",
            ".endr",
            "mov {d}, #20000",
            "2:",
            "subs {d}, {d}, #1",
            "b.ne 2b",
            ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            "add {t}, {seed}, #\\n",
            "fmov {u}, d\\n",
            "cmp {t}, {u}",
            "cinc {d}, {d}, ne",
            "mov {u}, v\\n\\().d[1]",
            "cmp {t}, {u}",
            "cinc {d}, {d}, ne",
            ".endr",
            ".irp n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
            "add {t}, {seed}, #\\n",
            "cmp {t}, x\\n",
            "cinc {d}, {d}, ne",
            ".endr",
            "mrs {t}, fpcr",
            "cmp {t}, {fpcr}",
            "cinc {d}, {d}, ne",
            "mrs {t}, fpsr",
            "cmp {t}, {fpsr}",
            "cinc {d}, {d}, ne",
            "msr fpcr, xzr",
            fpcr = in(reg) FPCR, fpsr = in(reg) FPSR, seed = in(reg) seed,
            t = out(reg) _, u = out(reg) _, d = out(reg) differences,
            out("x1") _, out("x2") _, out("x3") _, out("x4") _, out("x5") _, out("x6") _,
            out("x7") _, out("x8") _, out("x9") _, out("x10") _, out("x11") _, out("x12") _,
            out("x13") _, out("x14") _, out("x15") _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _, out("v16") _, out("v17") _,
            out("v18") _, out("v19") _, out("v20") _, out("v21") _, out("v22") _, out("v23") _,
            out("v24") _, out("v25") _, out("v26") _, out("v27") _, out("v28") _, out("v29") _,
            out("v30") _, out("v31") _,
        );
    }
    differences
}

/// Where `hold_forever` is left for, by the handler.
fn leave(interrupted: &mut Interrupted) {
    interrupted.registers.x[0] = 0;
}

fn main() -> i32 {
    timer::periodic(timer::frequency() / 1000, tick);
    let mut seed = 0x0123_4567_89ab_cdef;
    while TICKS.load(Ordering::Relaxed) < 200 {
        assert_eq!(hold(seed), 0, "registers that an interrupt changed");
        seed = seed.rotate_left(7) ^ 0x55;
    }
    timer::stop();
    let ticks = TICKS.load(Ordering::Relaxed);
    hold(seed);
    assert_eq!(TICKS.load(Ordering::Relaxed), ticks, "stopped");

    // A handler can change what it stopped: this loop ends no other way.
    let begin = timer::now();
    timer::once(timer::frequency() / 100, leave);
    // SAFETY: the handler clears x0.
    unsafe { asm!("2:", "cbnz x0, 2b", inout("x0") 1u64 => _) };
    assert!(timer::now() - begin >= timer::frequency() / 100);
    println!("{ticks} ticks");
    0
}
