//! What a platform tells of a fault, and where execution resumes.

use crate::SavedRegisters;
use core::ptr::NonNull;

/// Why the trap hook is asked: the kind of a synchronous hardware fault, or an interrupt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A load, store or instruction fetch that the page's state forbids.
    Memory {
        /// The address accessed, where the machine tells.
        address: Option<usize>,
    },
    /// An undefined or trapping instruction (`udf`, `ud2`).
    IllegalInstruction,
    /// An arithmetic fault (x86 `#DE`).
    Arithmetic,
    /// No fault: somebody called [`interrupt`](crate::Platform::interrupt), the time that
    /// [`set_timer`](crate::Platform::set_timer) was given has passed, or something else has
    /// interrupted this thread or core. If the hook answers `None`, the interrupted code goes on as if
    /// nothing had happened, with all its registers.
    Interrupt,
}

/// A fault, as the hook sees it: registers at the faulting instruction. After an interrupt: registers at
/// the instruction that would be next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// The address of the instruction that faulted, or would be next.
    pub pc: usize,
    /// The stack pointer.
    pub sp: usize,
    /// The frame pointer (`x29`, `rbp`).
    pub fp: usize,
    /// The link register (`x30`); 0 on machines that have none.
    pub link: usize,
    /// The register that Cranelift calls the pinned one (`x21`, `r15`): a callee-saved one of the C calling convention.
    /// Generated code may keep there what is to be known of it when it stops.
    pub pinned: usize,
}

/// Where and how execution goes on after a fault that the hook has taken.
///
/// A resumption is no return: every other general and vector register holds anything, as do the
/// condition flags. What the code at `pc` needs it finds by `args` and the stack. Floating-point
/// control (rounding mode, exception masks) is as it was at the fault. This lets a platform leave a
/// fault without restoring what nobody reads.
#[derive(Clone, Copy, Debug)]
pub struct Resume {
    /// Where to go on.
    pub pc: usize,
    /// The stack pointer there.
    pub sp: usize,
    /// The frame pointer there.
    pub fp: usize,
    /// What the first two argument registers of the platform's C calling convention hold there.
    pub args: [usize; 2],
    /// Where all registers of the code that was interrupted are to be kept, so that it can be
    /// [continued](crate::Platform::continue_interrupted). Only after an interrupt, and with
    /// [`Capabilities::continues`](crate::Capabilities::continues). The place is valid for writes.
    pub keep: Option<NonNull<SavedRegisters>>,
}

/// Asked about every synchronous fault: `Some` takes it and says where to go on, `None` leaves it to
/// the platform's own fault path, untouched.
///
/// Asked about interrupts as well, if the platform has them: with [`FaultKind::Interrupt`], and never with
/// the kind of a fault that somebody else's signal or interrupt only looks like.
///
/// It runs in the context of the fault (a signal handler, an exception vector) on a stack of its
/// own: it does not allocate, does not panic, and waits for no lock without a bound. After an interrupt, which may
/// have stopped the holder of a lock, it does not wait at all. The platform
/// runs it on the core that faulted, with the faulting context suspended. An interrupt does not interrupt the
/// hook while that is asked about another one on the same thread or core.
pub type TrapHook = fn(&Fault) -> Option<Resume>;
