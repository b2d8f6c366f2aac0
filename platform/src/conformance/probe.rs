//! Single accesses that may fault, with the fault as a value: for the checks, and for a platform's own
//! tests.
//!
//! ```text
//! attempt ──call──> probe ──fault──> platform ──> hook
//!    ^                                              │ found the frame of the attempt
//!    └──────────── landing <────────resume──────────┘
//! ```

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{arch, continued};
use crate::{Fault, Resume};

/// A fault that an attempt ended in, and what the resumption set.
#[derive(Clone, Copy, Debug)]
pub struct Caught {
    /// What the hook was told.
    pub fault: Fault,
    /// The registers where execution resumed.
    pub found: Resume,
    /// The floating-point control register where execution resumed (`MXCSR`, `FPCR`).
    pub control: usize,
}

/// How many attempts can be under way at a time, on all threads or cores.
const SLOTS: usize = 32;

static ATTEMPTS: [Slot; SLOTS] = [const { Slot::new() }; SLOTS];

/// An attempt under way. The assembly knows the order of the first fields.
#[repr(C)]
pub(super) struct Slot {
    /// The frame of `attempt`, by which the hook finds the slot; 0 while there is none.
    frame: AtomicUsize,
    /// What `landing` found: sp, fp, the arguments, floating-point control.
    found: [AtomicUsize; 5],
    taken: AtomicBool,
    /// Written by the hook, and read when the attempt is over.
    caught: UnsafeCell<Option<Fault>>,
}

// SAFETY: `caught` is used only by the thread that has `taken` the slot, in the hook and after it.
unsafe impl Sync for Slot {}

impl Slot {
    const fn new() -> Self {
        Self {
            frame: AtomicUsize::new(0),
            found: [const { AtomicUsize::new(0) }; 5],
            taken: AtomicBool::new(false),
            caught: UnsafeCell::new(None),
        }
    }
}

/// The trap hook of the checks: takes the faults of attempts, and no others.
pub fn hook(fault: &Fault) -> Option<Resume> {
    if let Some(answer) = continued::hook(fault) {
        return answer;
    }
    // Probes leave the frame pointer alone, so it is still the attempt's.
    let frame = fault.fp;
    let slot = ATTEMPTS
        .iter()
        .find(|slot| frame != 0 && slot.frame.load(Ordering::Relaxed) == frame)?;
    // SAFETY: the frame is on the faulting thread's stack, so the attempt is that thread's, and it is
    // suspended here.
    unsafe { *slot.caught.get() = Some(*fault) };
    Some(answer(fault))
}

/// What the hook answers to the fault of an attempt.
pub(super) fn answer(fault: &Fault) -> Resume {
    Resume {
        pc: arch::landing as *const () as usize,
        // Any place on the attempt's stack: the landing restores what the attempt saved.
        sp: fault.fp - 512,
        fp: fault.fp,
        args: [usize::MAX / 3, usize::MAX / 7],
        keep: None,
    }
}

/// Ends an attempt because of a fault, on another stack than its own, in what the attempt has called: what the hook answers.
///
/// # Safety
/// The attempt is under way on this thread, which is interrupted.
pub(super) unsafe fn catch(slot: &Slot, fault: &Fault) -> Resume {
    let fp = slot.frame.load(Ordering::Relaxed);
    // SAFETY: the caller's promise.
    unsafe { *slot.caught.get() = Some(*fault) };
    answer(&Fault { fp, ..*fault })
}

/// Calls the function at `code` with two arguments. If it faults, or calling it does, the fault.
///
/// [`hook`] must be the platform's trap hook: otherwise a fault is nobody's.
///
/// # Errors
/// The fault.
///
/// # Safety
/// At `code` is a function without a frame of its own (it keeps the frame pointer), or nothing that
/// could be executed. What it does, up to a fault, is sound.
///
/// # Panics
/// If too many attempts are under way.
pub unsafe fn attempt(code: usize, args: [usize; 2]) -> Result<usize, Caught> {
    // SAFETY: the caller's promise.
    unsafe { attempt_in(code, args, |_| ()) }
}

/// As [`attempt`], and tells before the call in which slot it is.
///
/// # Errors
/// The fault.
///
/// # Safety
/// As for [`attempt`].
///
/// # Panics
/// As [`attempt`].
pub(super) unsafe fn attempt_in(
    code: usize,
    args: [usize; 2],
    told: impl FnOnce(&'static Slot),
) -> Result<usize, Caught> {
    let slot = ATTEMPTS
        .iter()
        .find(|slot| !slot.taken.swap(true, Ordering::Acquire))
        .expect("too many attempts at a time");
    told(slot);
    // SAFETY: the slot is ours since it was taken, and the caller vouches for the code.
    let (value, caught) = unsafe {
        *slot.caught.get() = None;
        let value = arch::attempt(code, args[0], args[1], slot);
        (value, *slot.caught.get())
    };
    slot.frame.store(0, Ordering::Relaxed);
    let [sp, fp, a, b, control] = slot.found.each_ref().map(|at| at.load(Ordering::Relaxed));
    slot.taken.store(false, Ordering::Release);
    match caught {
        None => Ok(value),
        Some(fault) => Err(Caught {
            fault,
            found: Resume {
                pc: arch::landing as *const () as usize,
                sp,
                fp,
                args: [a, b],
                keep: None,
            },
            control,
        }),
    }
}

/// A function that makes one access.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    entry: usize,
    offset: usize,
}

impl Probe {
    /// Loads the byte at the argument.
    #[must_use]
    pub fn load() -> Self {
        Self::new(arch::load as *const (), arch::OFFSET)
    }

    /// Loads the eight bytes at the argument, of any alignment.
    #[must_use]
    pub fn load_wide() -> Self {
        Self::new(arch::load_wide as *const (), arch::OFFSET)
    }

    /// Stores a byte at the argument.
    #[must_use]
    pub fn store() -> Self {
        Self::new(arch::store as *const (), arch::OFFSET)
    }

    /// An illegal instruction.
    #[must_use]
    pub fn illegal() -> Self {
        Self::new(arch::illegal as *const (), arch::OFFSET)
    }

    /// Divides by zero. `None` where that is no fault.
    #[must_use]
    pub fn divide() -> Option<Self> {
        arch::DIVIDE_OFFSET.map(|offset| Self::new(arch::divide as *const (), offset))
    }

    /// Makes the argument the stack pointer, and pushes until it faults.
    #[must_use]
    pub fn overflow() -> Self {
        Self::new(arch::overflow as *const (), arch::OVERFLOW_OFFSET)
    }

    /// Sets the byte at the argument to 1, and then spins until the next one is not 0.
    pub(super) fn spin() -> Self {
        Self::new(arch::spin as *const (), arch::OFFSET)
    }

    /// The address of its first instruction.
    pub(super) fn entry(self) -> usize {
        self.entry
    }

    fn new(entry: *const (), offset: usize) -> Self {
        let entry = entry as usize;
        Self { entry, offset }
    }

    /// The address of the instruction that makes the access.
    #[must_use]
    pub fn pc(self) -> usize {
        self.entry + self.offset
    }

    /// Makes the access. If it goes through, what a load loaded.
    ///
    /// # Errors
    /// The fault.
    ///
    /// # Safety
    /// The access is sound if it does not fault.
    pub unsafe fn attempt(self, argument: usize) -> Result<usize, Caught> {
        // SAFETY: probes have no frame; the caller vouches for the access.
        unsafe { attempt(self.entry, [argument, 0x5a]) }
    }
}
