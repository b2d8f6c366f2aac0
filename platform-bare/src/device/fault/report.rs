//! What is printed: registers, messages, backtraces.

use core::fmt::{self, Display, Write};
use core::panic::PanicInfo;

use super::{class, overflowed_stack};
use crate::device::arch::context::Registers;
use crate::device::arch::mmu;
use crate::device::console::Unlocked;
use crate::device::cores;

/// The deepest backtrace printed.
const FRAMES: usize = 32;

/// Reports a fault: registers and a backtrace.
pub(super) fn fault(registers: &Registers, vector: &str) {
    let _ = print_fault(&mut Unlocked::new(), registers, vector);
}

/// Reports a panic, with a backtrace.
#[inline(always)]
pub(super) fn panic(info: &PanicInfo<'_>) {
    let mut console = Unlocked::new();
    let _ = writeln!(console, "\non core {}: {info}", cores::current());
    backtrace(&mut console, frame_pointer());
}

/// What the code that confined a computation is told of its panic.
pub(super) fn message<'a>(info: &'a PanicInfo<'_>) -> &'a dyn Display {
    info
}

fn print_fault(console: &mut Unlocked, registers: &Registers, vector: &str) -> fmt::Result {
    let Registers {
        x,
        sp,
        pc,
        spsr,
        esr,
        far,
    } = registers;
    let class = class(registers);
    let (core, class_name) = (cores::current(), class_name(class));
    writeln!(console, "\nfault on core {core}: {vector}: {class_name}")?;
    if matches!(class, 0x20 | 0x21 | 0x24 | 0x25) {
        let access = match class {
            0x20 | 0x21 => "fetch from",
            _ if esr & 1 << 6 != 0 => "store to",
            _ => "load from",
        };
        writeln!(
            console,
            "  {} at a {access} {far:#018x}",
            status_name(esr & 0x3f)
        )?;
    }
    if let Some((core, stack)) = overflowed_stack(registers) {
        writeln!(console, "  overflow of the {stack} of core {core}")?;
    }
    writeln!(
        console,
        "  pc   {pc:#018x}  sp   {sp:#018x}  spsr {spsr:#010x}"
    )?;
    writeln!(console, "  esr  {esr:#018x}  far  {far:#018x}")?;
    for (row, values) in x.chunks(3).enumerate() {
        for (column, value) in values.iter().enumerate() {
            write!(console, "  x{:<3} {value:#018x}", row * 3 + column)?;
        }
        writeln!(console)?;
    }
    writeln!(console, "backtrace:\n  {pc:#x}")?;
    writeln!(console, "  {:#x} (x30)", x[30])?;
    backtrace(console, x[29] as usize);
    Ok(())
}

/// Prints the return addresses that a chain of frame records leads to (AAPCS64, "The frame pointer").
fn backtrace(console: &mut Unlocked, mut fp: usize) {
    for _ in 0..FRAMES {
        if fp == 0 || !fp.is_multiple_of(8) || !mmu::readable(fp) || !mmu::readable(fp + 8) {
            break;
        }
        // SAFETY: both words can be read, says the MMU. Whatever they hold is only printed, or
        // checked in the same way.
        let [next, return_address] = unsafe { *(fp as *const [usize; 2]) };
        if return_address == 0 {
            break;
        }
        let _ = writeln!(console, "  {return_address:#x}");
        if next <= fp {
            break;
        }
        fp = next;
    }
}

/// The frame record of the caller.
#[inline(always)]
fn frame_pointer() -> usize {
    let fp;
    // SAFETY: reads a register.
    unsafe {
        core::arch::asm!("mov {}, x29", out(reg) fp, options(nomem, nostack, preserves_flags))
    };
    fp
}

/// `ESR_EL1.EC` in words (Arm ARM DDI 0487).
const fn class_name(class: u64) -> &'static str {
    match class {
        0x00 => "undefined instruction",
        0x07 => "floating point is trapped",
        0x0d => "indirect branch to no landing pad",
        0x0e => "illegal execution state",
        0x15 => "supervisor call",
        0x18 => "trapped system instruction",
        0x1c => "pointer authentication failed",
        0x20 | 0x21 => "instruction abort",
        0x22 => "misaligned pc",
        0x24 | 0x25 => "data abort",
        0x26 => "misaligned sp",
        0x2f => "system error",
        0x3c => "breakpoint instruction",
        _ => "unknown class",
    }
}

/// The fault status code of an abort in words (Arm ARM DDI 0487, `ISS` of aborts).
const fn status_name(status: u64) -> &'static str {
    match status {
        0x00..=0x03 => "address size fault",
        0x04..=0x07 => "translation fault",
        0x08..=0x0b => "access flag fault",
        0x0c..=0x0f => "permission fault",
        0x10 | 0x13..=0x17 => "external abort",
        0x21 => "alignment fault",
        0x30 => "TLB conflict",
        _ => "fault",
    }
}
