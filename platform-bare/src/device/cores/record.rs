//! What the firmware keeps for each core, found by `TPIDR_EL1`.

use core::mem::offset_of;
use core::ptr::null;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use spin::Mutex;

use super::{Job, state};
use crate::device::arch::registers::read;
use crate::device::board;
use crate::device::tasks::Scheduler;

/// The most cores that this firmware uses.
pub const MAX: usize = board::CORES;

/// A core. The assembly of boot and vectors knows the first fields.
///
/// The alignment keeps what two cores write out of one cache line.
#[repr(C, align(128))]
pub(crate) struct Core {
    /// Where the stacks begin: their ends, as they grow down. Set before the core starts, and kept.
    thread_stack: AtomicPtr<u8>,
    exception_stack: AtomicPtr<u8>,
    emergency_stack: AtomicPtr<u8>,
    /// `TTBR0_EL1`, `TTBR1_EL1` and `TCR_EL1` for the core to start with.
    pub(super) translation: [AtomicU64; 3],
    /// The core's place in [`CORES`].
    pub(crate) index: usize,
    /// The affinity fields of `MPIDR_EL1`.
    pub(crate) affinity: AtomicU64,
    /// The reservation that holds the stacks (see [`super::stacks`]); 0 before the first start, and
    /// for the first core.
    pub(super) stacks: AtomicUsize,
    /// What the core is doing: one of [`state`].
    pub(super) state: AtomicU32,
    /// What the core is to run.
    pub(super) job: Mutex<Option<Job>>,
    /// Whether the core must be told of new code (see [`super::sync`]).
    pub(super) online: AtomicBool,
    /// The last request for a context synchronization that the core has served.
    pub(super) synchronized: AtomicU64,
    /// Whether the core is to sleep no more (see [`super::sleep`]).
    pub(super) woken: AtomicBool,
    /// The ticks for which it has slept.
    pub(super) asleep: AtomicU64,
    /// The core's tasks.
    pub(crate) scheduler: Scheduler,
}

/// Offsets for the assembly.
pub(crate) const THREAD_STACK: usize = offset_of!(Core, thread_stack);
pub(crate) const EXCEPTION_STACK: usize = offset_of!(Core, exception_stack);
pub(crate) const EMERGENCY_STACK: usize = offset_of!(Core, emergency_stack);
pub(crate) const TRANSLATION: usize = offset_of!(Core, translation);

unsafe extern "C" {
    static __thread_stack_end: u8;
    static __exception_stack_end: u8;
    static __emergency_stack_end: u8;
}

impl Core {
    const fn new(index: usize, state: u32, stacks: [*const u8; 3]) -> Self {
        let [thread, exception, emergency] = stacks;
        Self {
            thread_stack: AtomicPtr::new(thread.cast_mut()),
            exception_stack: AtomicPtr::new(exception.cast_mut()),
            emergency_stack: AtomicPtr::new(emergency.cast_mut()),
            translation: [const { AtomicU64::new(0) }; 3],
            index,
            affinity: AtomicU64::new(0),
            stacks: AtomicUsize::new(0),
            state: AtomicU32::new(state),
            job: Mutex::new(None),
            online: AtomicBool::new(state == state::RUNNING),
            synchronized: AtomicU64::new(0),
            woken: AtomicBool::new(false),
            asleep: AtomicU64::new(0),
            scheduler: Scheduler::new(),
        }
    }

    const fn off(index: usize) -> Self {
        Self::new(index, state::OFF, [null(); 3])
    }

    /// Sets where the thread stack, the exception stack and the emergency stack begin.
    pub(super) fn set_stacks(&self, [thread, exception, emergency]: [*mut u8; 3]) {
        self.thread_stack.store(thread, Ordering::Relaxed);
        self.exception_stack.store(exception, Ordering::Relaxed);
        self.emergency_stack.store(emergency, Ordering::Relaxed);
    }
}

/// All cores. The first is the one that came out of reset; its stacks are the image's.
pub(crate) static CORES: [Core; MAX] = [
    Core::new(
        0,
        state::RUNNING,
        [
            &raw const __thread_stack_end,
            &raw const __exception_stack_end,
            &raw const __emergency_stack_end,
        ],
    ),
    Core::off(1),
    Core::off(2),
    Core::off(3),
    Core::off(4),
    Core::off(5),
    Core::off(6),
    Core::off(7),
];

/// The core that runs this.
#[inline]
pub(crate) fn this() -> &'static Core {
    let this = read!("tpidr_el1") as *const Core;
    // SAFETY: boot sets the register to the address of an element of `CORES` before anything else
    // runs on the core, and nobody changes it.
    unsafe { &*this }
}
