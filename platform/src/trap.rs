//! What a platform tells of a fault, and where execution resumes.

/// The kind of a synchronous hardware fault.
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
}

/// A fault, as the hook sees it: registers at the faulting instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// The address of the instruction that faulted.
    pub pc: usize,
    /// The stack pointer.
    pub sp: usize,
    /// The frame pointer (`x29`, `rbp`).
    pub fp: usize,
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
}

/// Asked about every synchronous fault: `Some` takes it and says where to go on, `None` leaves it to
/// the platform's own fault path, untouched.
///
/// Asked about synchronous faults only, never about a signal or interrupt that someone sent.
///
/// It runs in the context of the fault (a signal handler, an exception vector) on a stack of its
/// own: it does not allocate, does not panic, and waits for no lock without a bound. The platform
/// runs it on the core that faulted, with the faulting context suspended.
pub type TrapHook = fn(&Fault) -> Option<Resume>;
