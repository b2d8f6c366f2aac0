//! `memcpy`, `memmove`, `memset`, `memcmp`: strong symbols in place of compiler_builtins' slow ones.
//!
//! Written in assembly, because a compiler makes calls of these functions out of such loops. All use
//! unaligned accesses, and so need normal memory. Short lengths load everything before they store
//! anything, with two accesses that may overlap, so that copies of up to 64 bytes need no thought
//! about overlapping operands.

use core::arch::naked_asm;
use core::ffi::c_void;

/// ISO C 7.26.2.1. Copies as `memmove` does: telling the two apart costs more than it saves.
///
/// # Safety
/// `n` bytes can be read at `source` and written at `target`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(target: *mut c_void, source: *const c_void, n: usize) -> *mut c_void {
    naked_asm!("b memmove")
}

/// ISO C 7.26.2.2.
///
/// # Safety
/// `n` bytes can be read at `source` and written at `target`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(target: *mut c_void, source: *const c_void, n: usize) -> *mut c_void {
    naked_asm!(
        // x3 = target; x4, x5 = the ends.
        "add x4, x1, x2",
        "add x5, x0, x2",
        "cmp x2, #16",
        "b.lo 2f",
        "cmp x2, #64",
        "b.hi 5f",
        "cmp x2, #32",
        "b.hi 1f",
        "ldr q0, [x1]",
        "ldr q1, [x4, #-16]",
        "str q0, [x0]",
        "str q1, [x5, #-16]",
        "ret",
        "1:",
        "ldp q0, q1, [x1]",
        "ldp q2, q3, [x4, #-32]",
        "stp q0, q1, [x0]",
        "stp q2, q3, [x5, #-32]",
        "ret",
        // Fewer than 16.
        "2:",
        "tbz x2, #3, 3f",
        "ldr x6, [x1]",
        "ldr x7, [x4, #-8]",
        "str x6, [x0]",
        "str x7, [x5, #-8]",
        "ret",
        "3:",
        "tbz x2, #2, 4f",
        "ldr w6, [x1]",
        "ldr w7, [x4, #-4]",
        "str w6, [x0]",
        "str w7, [x5, #-4]",
        "ret",
        // At most 3: the first, the middle and the last byte.
        "4:",
        "cbz x2, 9f",
        "lsr x8, x2, #1",
        "ldrb w6, [x1]",
        "ldrb w7, [x1, x8]",
        "ldrb w9, [x4, #-1]",
        "strb w6, [x0]",
        "strb w7, [x0, x8]",
        "strb w9, [x5, #-1]",
        "9:",
        "ret",
        // More than 64: upwards, unless the target starts inside the source.
        "5:",
        "sub x8, x0, x1",
        "cmp x8, x2",
        "b.lo 7f",
        // The last 64 bytes are loaded first: the loop may overwrite them.
        "mov x3, x0",
        "ldp q4, q5, [x4, #-64]",
        "ldp q6, q7, [x4, #-32]",
        "sub x2, x2, #64",
        "6:",
        "ldp q0, q1, [x1], #64",
        "ldp q2, q3, [x1, #-32]",
        "stp q0, q1, [x3], #64",
        "stp q2, q3, [x3, #-32]",
        "subs x2, x2, #64",
        "b.hi 6b",
        "stp q4, q5, [x5, #-64]",
        "stp q6, q7, [x5, #-32]",
        "ret",
        // Downwards, with the first 64 bytes loaded first.
        "7:",
        "ldp q4, q5, [x1]",
        "ldp q6, q7, [x1, #32]",
        "sub x2, x2, #64",
        "8:",
        "ldp q0, q1, [x4, #-32]",
        "ldp q2, q3, [x4, #-64]!",
        "stp q0, q1, [x5, #-32]",
        "stp q2, q3, [x5, #-64]!",
        "subs x2, x2, #64",
        "b.hi 8b",
        "stp q4, q5, [x0]",
        "stp q6, q7, [x0, #32]",
        "ret",
    )
}

/// ISO C 7.26.6.1.
///
/// # Safety
/// `n` bytes can be written at `target`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(target: *mut c_void, value: i32, n: usize) -> *mut c_void {
    naked_asm!(
        // x3 = where the next store goes; x5 = the end.
        "dup v0.16b, w1",
        "add x5, x0, x2",
        "cmp x2, #16",
        "b.lo 2f",
        "cmp x2, #64",
        "b.hi 5f",
        "str q0, [x0]",
        "str q0, [x5, #-16]",
        "cmp x2, #32",
        "b.ls 1f",
        "str q0, [x0, #16]",
        "str q0, [x5, #-32]",
        "1:",
        "ret",
        // Fewer than 16.
        "2:",
        "tbz x2, #3, 3f",
        "str d0, [x0]",
        "str d0, [x5, #-8]",
        "ret",
        "3:",
        "tbz x2, #2, 4f",
        "str s0, [x0]",
        "str s0, [x5, #-4]",
        "ret",
        // At most 3: the first, the middle and the last byte.
        "4:",
        "cbz x2, 1b",
        "lsr x8, x2, #1",
        "strb w1, [x0]",
        "strb w1, [x0, x8]",
        "strb w1, [x5, #-1]",
        "ret",
        // More than 64.
        "5:",
        "mov x3, x0",
        "ands w1, w1, #0xff",
        "b.ne 7f",
        // Zeroes, by blocks of x6 bytes where the CPU has them (DCZID_EL0: bit 4 forbids, bits 3:0
        // are the logarithm of the size in words) and at least one whole block fits.
        "mrs x6, dczid_el0",
        "tbnz x6, #4, 7f",
        "mov x7, #4",
        "lsl x6, x7, x6",
        "cmp x2, x6, lsl #1",
        "b.lo 7f",
        "sub x7, x6, #1",
        "add x4, x0, x7",
        "bic x4, x4, x7",
        "bic x7, x5, x7",
        // Up to the first block; the last store may reach into it.
        "cmp x3, x4",
        "b.hs 11f",
        "10:",
        "stp q0, q0, [x3], #32",
        "cmp x3, x4",
        "b.lo 10b",
        "11:",
        "sub x8, x7, x6, lsl #3",
        "cmp x4, x8",
        "b.hi 13f",
        // Eight blocks at a time.
        "12:",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "dc zva, x4",
        "add x4, x4, x6",
        "cmp x4, x8",
        "b.ls 12b",
        "cmp x4, x7",
        "b.hs 14f",
        "13:",
        "dc zva, x4",
        "add x4, x4, x6",
        "cmp x4, x7",
        "b.lo 13b",
        "14:",
        // What is left, if anything.
        "mov x3, x4",
        "subs x2, x5, x4",
        "b.ne 7f",
        "ret",
        // x2 bytes from x3: all of it but the last 64, then the last 64. There are at least 64
        // bytes before the end that are ours.
        "7:",
        "subs x2, x2, #64",
        "b.ls 9f",
        "8:",
        "stp q0, q0, [x3], #64",
        "stp q0, q0, [x3, #-32]",
        "subs x2, x2, #64",
        "b.hi 8b",
        "9:",
        "stp q0, q0, [x5, #-64]",
        "stp q0, q0, [x5, #-32]",
        "ret",
    )
}

/// ISO C 7.26.4.1.
///
/// # Safety
/// `n` bytes can be read at `a` and at `b`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const c_void, b: *const c_void, n: usize) -> i32 {
    naked_asm!(
        "subs x2, x2, #16",
        "b.lo 3f",
        "1:",
        "ldp x4, x5, [x0], #16",
        "ldp x6, x7, [x1], #16",
        "cmp x4, x6",
        "ccmp x5, x7, #0, eq",
        "b.ne 2f",
        "subs x2, x2, #16",
        "b.hs 1b",
        // The last 16 bytes, some of them for the second time.
        "add x0, x0, x2",
        "add x1, x1, x2",
        "ldp x4, x5, [x0]",
        "ldp x6, x7, [x1]",
        // The first of the two words that differs decides, by its first byte that differs.
        "2:",
        "cmp x4, x6",
        "csel x4, x4, x5, ne",
        "csel x6, x6, x7, ne",
        "22:",
        "rev x4, x4",
        "rev x6, x6",
        "cmp x4, x6",
        "cset w0, ne",
        "cneg w0, w0, lo",
        "ret",
        // Fewer than 16.
        "3:",
        "add x2, x2, #16",
        "tbz x2, #3, 4f",
        "sub x2, x2, #8",
        "ldr x4, [x0]",
        "ldr x6, [x1]",
        "ldr x5, [x0, x2]",
        "ldr x7, [x1, x2]",
        "b 2b",
        "4:",
        "tbz x2, #2, 5f",
        "sub x2, x2, #4",
        "ldr w4, [x0]",
        "ldr w6, [x1]",
        "ldr w5, [x0, x2]",
        "ldr w7, [x1, x2]",
        "b 2b",
        // At most 3.
        "5:",
        "mov x4, xzr",
        "mov x6, xzr",
        "cbz x2, 22b",
        "6:",
        "ldrb w4, [x0], #1",
        "ldrb w6, [x1], #1",
        "subs x2, x2, #1",
        "ccmp w4, w6, #0, ne",
        "b.eq 6b",
        "b 22b",
    )
}

/// Like `memcmp`, but only whether the result is zero counts: what `==` on slices compiles to.
///
/// # Safety
/// `n` bytes can be read at `a` and at `b`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const c_void, b: *const c_void, n: usize) -> i32 {
    naked_asm!("b memcmp")
}
