//! x86-64: CPU features, caches, and the registers of a signal's context.

use core::arch::{asm, naked_asm};
use core::ffi::c_void;

use rustix::mm::MprotectFlags;
use wasmetal_platform::{Fault, FaultKind, Resume, SavedRegisters};

use crate::trap;

super::features! { is_x86_feature_detected:
    "adx" "aes" "avx" "avx2" "avx512bf16" "avx512bitalg" "avx512bw" "avx512cd" "avx512dq" "avx512f"
    "avx512fp16" "avx512ifma" "avx512vbmi" "avx512vbmi2" "avx512vl" "avx512vnni"
    "avx512vp2intersect" "avx512vpopcntdq" "bmi1" "bmi2" "cmpxchg16b" "f16c" "fma" "fxsr" "gfni"
    "lzcnt" "movbe" "pclmulqdq" "popcnt" "rdrand" "rdseed" "sha" "sse" "sse2" "sse3" "sse4.1"
    "sse4.2" "sse4a" "ssse3" "tbm" "vaes" "vpclmulqdq" "xsave" "xsavec" "xsaveopt" "xsaves"
}

/// What executable pages have besides: Linux enforces no branch targets in user space here.
pub(crate) fn execute_flags() -> MprotectFlags {
    MprotectFlags::empty()
}

/// Branch targets are not enforced: see [`execute_flags`].
pub(crate) fn branch_protection() -> bool {
    false
}

/// Makes stores visible to instruction fetch on this core: they are already, fetch is coherent
/// with stores (Intel SDM volume 3, 13.6 "Self-Modifying Code").
///
/// # Safety
/// None here; it is the other architecture's.
pub(crate) unsafe fn synchronise_caches(_base: *const u8, _size: usize) {}

/// What the hook is told of the interrupted instruction.
pub(crate) fn fault(kind: FaultKind, context: &libc::ucontext_t) -> Fault {
    let register = |index: i32| context.uc_mcontext.gregs[index as usize] as usize;
    Fault {
        kind,
        pc: register(libc::REG_RIP),
        sp: register(libc::REG_RSP),
        fp: register(libc::REG_RBP),
        link: 0,
        pinned: register(libc::REG_R15),
    }
}

/// The interrupted stack pointer.
pub(crate) fn stack_pointer(context: &libc::ucontext_t) -> usize {
    context.uc_mcontext.gregs[libc::REG_RSP as usize] as usize
}

/// The signal handler: calls [`trap::handle`] with the stack pointer besides.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn handle_entry(
    signal: i32,
    info: *mut libc::siginfo_t,
    context: *mut c_void,
) {
    naked_asm!("mov rcx, rsp", "jmp {handle}", handle = sym trap::handle)
}

/// Whether the handler with this stack pointer at entry is the one that the kernel called: its return
/// address lies just below the context, where `sigreturn` looks for it.
pub(crate) fn called_by_kernel(
    sp: usize,
    _info: *const libc::siginfo_t,
    context: *const libc::ucontext_t,
) -> bool {
    sp + 8 == context.addr()
}

/// Makes `sigreturn` go on at `to`.
pub(crate) fn set_registers(context: &mut libc::ucontext_t, to: &Resume) {
    let mut set = |index: i32, value: usize| {
        context.uc_mcontext.gregs[index as usize] = value as libc::greg_t;
    };
    set(libc::REG_RIP, to.pc);
    set(libc::REG_RSP, to.sp);
    set(libc::REG_RBP, to.fp);
    set(libc::REG_RDI, to.args[0]);
    set(libc::REG_RSI, to.args[1]);
}

/// Leaves the signal handler for good and goes on at `to`.
///
/// # Safety
/// `context` is that of the running handler, whose frames hold nothing that needs dropping; `to` is
/// what the trap hook answered, and keeps the hook's contract.
pub(crate) unsafe fn jump(context: &libc::ucontext_t, to: &Resume) -> ! {
    // SAFETY: the kernel saved the state of the floating-point unit at `fpregs` when it entered the
    // handler; the FXSAVE image it starts with is there on every x86-64. The kernel gave the handler
    // default control words, so they are loaded from there. The direction flag is clear in compiled
    // code. The jump does not return, and only `rbp` and the named registers have meaning at `to.pc`.
    unsafe {
        let floats = context.uc_mcontext.fpregs;
        asm!(
            "ldmxcsr [{mxcsr}]",
            "fldcw [{cwd}]",
            "mov rsp, {sp}",
            "mov rbp, {fp}",
            "jmp {pc}",
            mxcsr = in(reg) &raw const (*floats).mxcsr,
            cwd = in(reg) &raw const (*floats).cwd,
            sp = in(reg) to.sp,
            fp = in(reg) to.fp,
            pc = in(reg) to.pc,
            in("rdi") to.args[0],
            in("rsi") to.args[1],
            options(noreturn),
        )
    }
}

/// The flags that instructions compute: carry, parity, adjust, zero, sign, overflow (Intel SDM volume 1, 3.4.3).
const FLAGS: libc::greg_t = 0x8d5;

/// The kernel's names for the general registers, in the order of their numbers.
const GENERAL: [i32; 16] = [
    libc::REG_RAX,
    libc::REG_RCX,
    libc::REG_RDX,
    libc::REG_RBX,
    libc::REG_RSP,
    libc::REG_RBP,
    libc::REG_RSI,
    libc::REG_RDI,
    libc::REG_R8,
    libc::REG_R9,
    libc::REG_R10,
    libc::REG_R11,
    libc::REG_R12,
    libc::REG_R13,
    libc::REG_R14,
    libc::REG_R15,
];

/// Keeps all registers of the interrupted code.
///
/// # Safety
/// `context` is that of a running handler.
pub(crate) unsafe fn keep(context: &libc::ucontext_t, registers: &mut SavedRegisters) {
    let machine = &context.uc_mcontext;
    for (register, index) in registers.general.iter_mut().zip(GENERAL) {
        *register = machine.gregs[index as usize] as u64;
    }
    registers.pc = machine.gregs[libc::REG_RIP as usize] as u64;
    registers.flags = machine.gregs[libc::REG_EFL as usize] as u64;
    // SAFETY: the kernel saved the state of the floating-point unit there, an FXSAVE image at the start.
    let floats = unsafe { &*machine.fpregs };
    registers.float_control = floats.mxcsr.into();
    for (vector, kept) in registers.vectors.iter_mut().zip(&floats._xmm) {
        let [a, b, c, d] = kept.element.map(u128::from);
        *vector = a | b << 32 | c << 64 | d << 96;
    }
}

/// Makes `sigreturn` go on with these registers. What code of the host keeps in the upper halves of vectors has no meaning
/// to code that uses the lower ones.
///
/// # Safety
/// `context` is that of a running handler; the registers were [kept](keep).
pub(crate) unsafe fn restore(context: &mut libc::ucontext_t, registers: &SavedRegisters) {
    let machine = &mut context.uc_mcontext;
    for (register, index) in registers.general.iter().zip(GENERAL) {
        machine.gregs[index as usize] = *register as libc::greg_t;
    }
    machine.gregs[libc::REG_RIP as usize] = registers.pc as libc::greg_t;
    let flags = &mut machine.gregs[libc::REG_EFL as usize];
    *flags = *flags & !FLAGS | registers.flags as libc::greg_t & FLAGS;
    // SAFETY: as in `keep`; the kernel restores these, whatever was in use when the signal came.
    let floats = unsafe { &mut *machine.fpregs };
    floats.mxcsr = registers.float_control as u32;
    for (vector, kept) in registers.vectors.iter().zip(&mut floats._xmm) {
        kept.element = [0, 32, 64, 96].map(|shift| (vector >> shift) as u32);
    }
}
