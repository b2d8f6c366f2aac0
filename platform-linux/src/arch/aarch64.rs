//! aarch64: CPU features, caches, and the registers of a signal's context.

use core::arch::{asm, naked_asm};
use core::ffi::c_void;

use rustix::mm::MprotectFlags;
use wasmetal_platform::{Fault, FaultKind, Resume, SavedRegisters};

use crate::trap;

super::features! { is_aarch64_feature_detected:
    "aes" "asimd" "bf16" "bti" "crc" "dit" "dotprod" "dpb" "dpb2" "f32mm" "f64mm" "fcma" "fhm"
    "flagm" "fp" "fp16" "frintts" "i8mm" "jsconv" "lse" "lse2" "mte" "neon" "paca" "pacg" "pmull"
    "rand" "rcpc" "rcpc2" "rdm" "sb" "sha2" "sha3" "sm4" "ssbs" "sve" "sve2" "tme"
}

/// What executable pages have besides: enforced branch targets (BTI) where the CPU has them.
pub(crate) fn execute_flags() -> MprotectFlags {
    match branch_protection() {
        true => MprotectFlags::BTI,
        false => MprotectFlags::empty(),
    }
}

/// Whether branch targets are enforced. The kernel reports the feature only if it honours `PROT_BTI`.
pub(crate) fn branch_protection() -> bool {
    std::arch::is_aarch64_feature_detected!("bti")
}

/// Makes stores to the range visible to instruction fetch: Arm ARM (DDI 0487) B2.7.4, "Instruction
/// cache maintenance". The cache operations reach every core; the pipeline of this one is flushed.
///
/// # Safety
/// The range is readable.
pub(crate) unsafe fn synchronise_caches(base: *const u8, size: usize) {
    let ctr: usize;
    // SAFETY: CTR_EL0 can be read at EL0 (or is emulated) on Linux.
    unsafe { asm!("mrs {}, ctr_el0", out(reg) ctr, options(nomem, nostack)) }
    // Line sizes are the logarithm of a number of 4-byte words (Arm ARM D24.2.34).
    let data_line = 4 << (ctr >> 16 & 0xf);
    let instruction_line = 4 << (ctr & 0xf);
    let lines = |line: usize| (base.addr() & !(line - 1)..base.addr() + size).step_by(line);

    if ctr & 1 << 28 == 0 {
        for line in lines(data_line) {
            // SAFETY: cleans a line of a readable range; Linux allows it at EL0.
            unsafe { asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags)) }
        }
    }
    // SAFETY: a barrier.
    unsafe { asm!("dsb ish", options(nostack, preserves_flags)) }
    if ctr & 1 << 29 == 0 {
        for line in lines(instruction_line) {
            // SAFETY: invalidates a line of a readable range; Linux allows it at EL0.
            unsafe { asm!("ic ivau, {}", in(reg) line, options(nostack, preserves_flags)) }
        }
    }
    // SAFETY: barriers.
    unsafe { asm!("dsb ish", "isb", options(nostack, preserves_flags)) }
}

/// What the hook is told of the interrupted instruction.
pub(crate) fn fault(kind: FaultKind, context: &libc::ucontext_t) -> Fault {
    let machine = &context.uc_mcontext;
    Fault {
        kind,
        pc: machine.pc as usize,
        sp: machine.sp as usize,
        fp: machine.regs[29] as usize,
        link: machine.regs[30] as usize,
        pinned: machine.regs[21] as usize,
    }
}

/// The interrupted stack pointer.
pub(crate) fn stack_pointer(context: &libc::ucontext_t) -> usize {
    context.uc_mcontext.sp as usize
}

/// The signal handler: calls [`trap::handle`] with the stack pointer besides.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn handle_entry(
    signal: i32,
    info: *mut libc::siginfo_t,
    context: *mut c_void,
) {
    naked_asm!("hint #34", "mov x3, sp", "b {handle}", handle = sym trap::handle)
}

/// Whether the handler with this stack pointer at entry is the one that the kernel called: the frame
/// where `sigreturn` looks for it begins with the siginfo.
pub(crate) fn called_by_kernel(
    sp: usize,
    info: *const libc::siginfo_t,
    _context: *const libc::ucontext_t,
) -> bool {
    sp == info.addr()
}

/// Makes `sigreturn` go on at `to`.
pub(crate) fn set_registers(context: &mut libc::ucontext_t, to: &Resume) {
    /// The kind of the last branch, which a fault at a branch target leaves behind (Arm ARM C5.2.19).
    const BTYPE: u64 = 3 << 10;
    let machine = &mut context.uc_mcontext;
    machine.pc = to.pc as u64;
    machine.pstate &= !BTYPE;
    machine.sp = to.sp as u64;
    machine.regs[29] = to.fp as u64;
    machine.regs[0] = to.args[0] as u64;
    machine.regs[1] = to.args[1] as u64;
}

/// Leaves the signal handler for good and goes on at `to`.
///
/// # Safety
/// `context` is that of the running handler, whose frames hold nothing that needs dropping; `to` is
/// what the trap hook answered, and keeps the hook's contract.
pub(crate) unsafe fn jump(_context: &libc::ucontext_t, to: &Resume) -> ! {
    // SAFETY: the kernel enters a handler with FPCR as it was, and compiled code does not change it.
    // `ret` makes no demand on the branch target (BTYPE is zero after it). It does not return here,
    // and only `x29` and the named registers have meaning at `to.pc`.
    unsafe {
        asm!(
            "mov sp, {sp}",
            "mov x29, {fp}",
            "ret {pc}",
            sp = in(reg) to.sp,
            fp = in(reg) to.fp,
            pc = in(reg) to.pc,
            in("x0") to.args[0],
            in("x1") to.args[1],
            options(noreturn),
        )
    }
}

/// What code has of the program status: the condition flags, and the kind of the last branch (Arm ARM DDI 0487,
/// C5.2.19).
const FLAGS: u64 = 0xf << 28 | 3 << 10;

/// The kernel's record of the floating-point and vector registers (`struct fpsimd_context` in Linux's
/// `arch/arm64/include/uapi/asm/sigcontext.h`).
#[repr(C)]
struct Floats {
    magic: u32,
    size: u32,
    fpsr: u32,
    fpcr: u32,
    vectors: [u128; 32],
}

/// The kernel's record of the registers of SVE (`struct sve_context`), where the CPU has it: the lower halves of `z0` to
/// `z31`, which follow it, are the vector registers.
#[repr(C)]
struct Sve {
    magic: u32,
    size: u32,
    /// Of a register, in bytes.
    length: u16,
    rest: [u16; 3],
}

/// A record among what the kernel saved, which is one after another, by its magic number.
///
/// # Safety
/// `context` is that of a running handler.
unsafe fn record<T>(context: *const libc::ucontext_t, magic: u32) -> Option<*mut T> {
    /// After `fault_address`, `regs`, `sp`, `pc` and `pstate`, aligned to 16.
    const RECORDS: usize = (size_of::<u64>() * (1 + 31 + 3)).next_multiple_of(16);
    // SAFETY: the caller's promise: each record begins with its number and its size, and the last has the number 0.
    unsafe {
        let machine = (&raw const (*context).uc_mcontext).cast::<u8>();
        let mut record = machine.add(RECORDS).cast::<[u32; 2]>();
        loop {
            match *record {
                [0, _] => return None,
                [number, _] if number == magic => return Some(record.cast_mut().cast()),
                [_, size] => record = record.byte_add(size as usize),
            }
        }
    }
}

/// The record of the floating-point and vector registers, which is always there.
///
/// # Safety
/// As for [`record`].
unsafe fn floats(context: *const libc::ucontext_t) -> *mut Floats {
    const MAGIC: u32 = 0x4650_8001;
    // SAFETY: the caller's promise.
    unsafe { record(context, MAGIC) }.expect("the kernel saves them")
}

/// Gives the registers of SVE the vectors, if they were saved. Linux takes these from the other record in any case;
/// QEMU's emulation of it does not.
///
/// # Safety
/// As for [`record`].
unsafe fn set_sve(context: *const libc::ucontext_t, vectors: &[u128; 32]) {
    const MAGIC: u32 = 0x5356_4501;
    // SAFETY: the caller's promise; the record is as long as it says.
    unsafe {
        let Some(sve) = record::<Sve>(context, MAGIC) else {
            return;
        };
        let length = usize::from((*sve).length);
        if (*sve).size as usize >= size_of::<Sve>() + vectors.len() * length {
            let registers = sve.add(1).cast::<u8>();
            for (i, vector) in vectors.iter().enumerate() {
                registers.add(i * length).cast::<u128>().write(*vector);
            }
        }
    }
}

/// Keeps all registers of the interrupted code.
///
/// # Safety
/// `context` is that of a running handler.
pub(crate) unsafe fn keep(context: &libc::ucontext_t, registers: &mut SavedRegisters) {
    let machine = &context.uc_mcontext;
    registers.general = machine.regs;
    registers.sp = machine.sp;
    registers.pc = machine.pc;
    registers.flags = machine.pstate;
    // SAFETY: the caller's promise.
    let floats = unsafe { &*floats(context) };
    registers.float_control = floats.fpcr.into();
    registers.float_status = floats.fpsr.into();
    registers.vectors = floats.vectors;
}

/// Makes `sigreturn` go on with these registers.
///
/// # Safety
/// `context` is that of a running handler; the registers were [kept](keep).
pub(crate) unsafe fn restore(context: &mut libc::ucontext_t, registers: &SavedRegisters) {
    // SAFETY: the caller's promise.
    unsafe {
        let floats = floats(context);
        (*floats).fpcr = registers.float_control as u32;
        (*floats).fpsr = registers.float_status as u32;
        (*floats).vectors = registers.vectors;
        set_sve(context, &registers.vectors);
    }
    let machine = &mut context.uc_mcontext;
    machine.regs = registers.general;
    machine.sp = registers.sp;
    machine.pc = registers.pc;
    machine.pstate = machine.pstate & !FLAGS | registers.flags & FLAGS;
}
