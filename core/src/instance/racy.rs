//! Copying and filling memory that other threads read and write at the same time.
//!
//! Rust has no plain access for that: a race is undefined behaviour, of atomics of different sizes too.
//! So each access is an instruction of assembly, which does what generated code does. Bytes that
//! nobody else writes meanwhile are copied as by `ptr::copy`; of others, each is some value that was
//! written there (threads proposal: bulk operators are accesses byte by byte, in no order).

use arch::{copy_8, copy_32, copy_byte, store_8, store_byte};

/// Copies `len` bytes; the ranges may overlap.
///
/// # Safety
/// `len` bytes can be read at `src` and written at `dst`, as long as this lasts. Nobody has a reference
/// to what is written that says that it is not.
pub(crate) unsafe fn copy(src: *const u8, dst: *mut u8, len: usize) {
    // SAFETY (all): within the ranges. Each step loads all that it stores before it stores, and no step
    // stores what a later one loads: upwards that holds unless `dst` lies behind `src` in its range.
    let upwards = dst.addr().wrapping_sub(src.addr()) >= len;
    let mut at = if upwards { 0 } else { len };
    let mut left = len;
    macro_rules! steps {
        ($size:literal, $copy:ident) => {
            while left >= $size {
                left -= $size;
                if !upwards {
                    at -= $size;
                }
                // SAFETY: see above.
                unsafe { $copy(src.add(at), dst.add(at)) };
                if upwards {
                    at += $size;
                }
            }
        };
    }
    steps!(32, copy_32);
    steps!(8, copy_8);
    steps!(1, copy_byte);
}

/// Fills `len` bytes.
///
/// # Safety
/// As for [`copy`].
pub(crate) unsafe fn fill(dst: *mut u8, value: u8, len: usize) {
    let word = u64::from_ne_bytes([value; 8]);
    let words = len / 8;
    // SAFETY: within the range.
    unsafe {
        for i in 0..words {
            store_8(dst.add(8 * i), word);
        }
        for i in 8 * words..len {
            store_byte(dst.add(i), value);
        }
    }
}

/// The accesses. Addresses need no alignment.
///
/// # Safety (all)
/// The bytes are there. Nothing but memory at `dst` is changed.
#[cfg(target_arch = "x86_64")]
mod arch {
    use core::arch::asm;

    #[inline(always)]
    pub(super) unsafe fn copy_32(src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "movdqu {low}, [{src}]",
                "movdqu {high}, [{src} + 16]",
                "movdqu [{dst}], {low}",
                "movdqu [{dst} + 16], {high}",
                src = in(reg) src,
                dst = in(reg) dst,
                low = out(xmm_reg) _,
                high = out(xmm_reg) _,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn copy_8(src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "mov {value}, [{src}]",
                "mov [{dst}], {value}",
                src = in(reg) src,
                dst = in(reg) dst,
                value = out(reg) _,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn copy_byte(src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "mov {value}, [{src}]",
                "mov [{dst}], {value}",
                src = in(reg) src,
                dst = in(reg) dst,
                value = out(reg_byte) _,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn store_8(dst: *mut u8, value: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "mov [{dst}], {value}",
                dst = in(reg) dst,
                value = in(reg) value,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn store_byte(dst: *mut u8, value: u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "mov [{dst}], {value}",
                dst = in(reg) dst,
                value = in(reg_byte) value,
                options(nostack, preserves_flags),
            );
        }
    }
}

/// The accesses. Addresses need no alignment.
///
/// # Safety (all)
/// The bytes are there. Nothing but memory at `dst` is changed.
#[cfg(target_arch = "aarch64")]
mod arch {
    use core::arch::asm;

    #[inline(always)]
    pub(super) unsafe fn copy_32(src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "ldp {a}, {b}, [{src}]",
                "ldp {c}, {d}, [{src}, #16]",
                "stp {a}, {b}, [{dst}]",
                "stp {c}, {d}, [{dst}, #16]",
                src = in(reg) src,
                dst = in(reg) dst,
                a = out(reg) _,
                b = out(reg) _,
                c = out(reg) _,
                d = out(reg) _,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn copy_8(src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "ldr {value}, [{src}]",
                "str {value}, [{dst}]",
                src = in(reg) src,
                dst = in(reg) dst,
                value = out(reg) _,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn copy_byte(src: *const u8, dst: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "ldrb {value:w}, [{src}]",
                "strb {value:w}, [{dst}]",
                src = in(reg) src,
                dst = in(reg) dst,
                value = out(reg) _,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn store_8(dst: *mut u8, value: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "str {value}, [{dst}]",
                dst = in(reg) dst,
                value = in(reg) value,
                options(nostack, preserves_flags),
            );
        }
    }

    #[inline(always)]
    pub(super) unsafe fn store_byte(dst: *mut u8, value: u8) {
        // SAFETY: the caller's promise.
        unsafe {
            asm!(
                "strb {value:w}, [{dst}]",
                dst = in(reg) dst,
                value = in(reg) u32::from(value),
                options(nostack, preserves_flags),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn copies_like_ptr_copy() {
        let bytes: Vec<u8> = (0..200_u32).map(|i| (i * 7) as u8).collect();
        for len in (0..70).chain([99, 128, 130]) {
            for (src, dst) in [(0, 70), (70, 0), (3, 5), (5, 3), (0, 33), (33, 0), (8, 8)] {
                let (mut ours, mut theirs) = (bytes.clone(), bytes.clone());
                theirs.copy_within(src..src + len, dst);
                let base = ours.as_mut_ptr();
                // SAFETY: both ranges lie in `ours`.
                unsafe { copy(base.add(src), base.add(dst), len) };
                assert_eq!(ours, theirs, "{len} bytes from {src} to {dst}");
            }
        }
    }

    #[test]
    fn fills() {
        for len in 0..40 {
            let mut bytes = [1_u8; 48];
            // SAFETY: the range lies in `bytes`.
            unsafe { fill(bytes.as_mut_ptr().add(3), 0xa5, len) };
            let filled = |i: usize| (3..3 + len).contains(&i);
            assert!((0..48).all(|i| bytes[i] == if filled(i) { 0xa5 } else { 1 }));
        }
    }
}
