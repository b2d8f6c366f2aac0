//! How a confined computation is ended from outside: by time, or by an interrupt of the store that it is for.

use super::{HEADER, LEFT_STOPPED, Scope, arch, host_stack_pointer, panics};
use crate::Result;
use crate::activation::Deadline;
use crate::activation::signals::Interrupts;
use crate::interrupt;
use core::sync::atomic::Ordering;
use core::time::Duration;
use wasmetal_platform::confine::{self, STACK_REGION};
use wasmetal_platform::{Fault, Platform, Resume};

/// How long the hook waits before it comes back to a computation that panics.
const PANIC: Duration = Duration::from_millis(1);

/// When a computation is to end.
pub(crate) struct Stop<'a> {
    platform: &'static dyn Platform,
    deadline: Deadline,
    interrupts: Option<&'a Interrupts>,
}

impl<'a> Stop<'a> {
    /// In the time `after` from now, or with the store of `interrupts`; `None` if nothing is to end it. The
    /// platform has interrupts.
    pub(crate) fn new(
        platform: &'static dyn Platform,
        after: Option<Duration>,
        interrupts: Option<&'a Interrupts>,
    ) -> Option<Self> {
        if after.is_none() && interrupts.is_none() {
            return None;
        }
        Some(Self {
            platform,
            deadline: match after {
                Some(after) => Deadline::after(platform, after),
                None => Deadline::NEVER,
            },
            interrupts,
        })
    }

    /// Whether it is to end now. Any thread may ask; the hook too.
    pub(crate) fn must_stop(&self) -> bool {
        self.is_interrupted() || self.deadline.has_come(self.platform)
    }

    /// Whether its store is to end.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupts
            .is_some_and(|interrupts| interrupts.must_stop())
    }

    /// When it is to end.
    fn deadline(&self) -> Deadline {
        let store = self
            .interrupts
            .map_or(Deadline::NEVER, Interrupts::deadline);
        self.deadline.min(store)
    }

    /// Makes this thread one whose timer can be set.
    ///
    /// # Errors
    /// There is none for it.
    pub(super) fn prepare(&self) -> Result<()> {
        // The first hasher of a program makes a seed under a lock. Here nobody can be cut off with that lock held.
        let _ = hashbrown::DefaultHashBuilder::default();
        interrupt::prepare_timer(self.platform)
    }

    /// Sets the timer. On the confined stack, so that the hook, which may set it again at any time, knows
    /// of the computation.
    pub(super) fn set_timer(&self) {
        interrupt::reset_timer(self.platform, self.deadline());
    }
}

/// What the trap hook finds where it interrupts a computation.
pub(crate) struct Interrupted {
    /// The stack pointer of the host, which waits for it.
    pub host_sp: usize,
    /// When the hook is to look again.
    pub deadline: Deadline,
    /// Where to go on, if it ends now.
    pub resume: Option<Resume>,
}

/// The confined computation that an interrupt has hit, if it was one.
pub(crate) fn interrupted(fault: &Fault) -> Option<Interrupted> {
    let region = confine::region_of(fault.sp)?;
    // SAFETY: code runs with its stack pointer in the region, so it has been entered, and `run` has written the scope's
    // address before that. The scope lives as long; what is looked at there is atomic or constant.
    let (host_sp, scope) = unsafe {
        let header = (region + STACK_REGION - HEADER) as *const *const Scope;
        (host_stack_pointer(region), &**header.add(1))
    };
    let mut found = Interrupted {
        host_sp,
        deadline: Deadline::NEVER,
        resume: None,
    };
    let Some(stop) = scope.stop else {
        return Some(found);
    };
    if !stop.must_stop() {
        found.deadline = stop.deadline();
    } else if panics::is_panicking() {
        // The unwinder may hold a lock of the program's, which would stay locked. A panic ends soon by itself.
        found.deadline = Deadline::after(stop.platform, PANIC);
    } else if scope.outside.load(Ordering::SeqCst) {
        scope.late.store(true, Ordering::SeqCst);
    } else {
        found.resume = Some(Resume {
            pc: arch::leave as *const () as usize,
            sp: host_sp,
            fp: fault.fp,
            args: [host_sp, LEFT_STOPPED],
            keep: None,
        });
    }
    Some(found)
}
