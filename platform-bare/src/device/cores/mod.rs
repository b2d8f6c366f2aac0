//! Further cores: starting one with something to run, and waiting for its result.
//!
//! There are no threads: a core that is started runs one function to its end and is off again. All
//! cores share the address space, the heap, the console and the trap hook. Each has stacks of its own
//! (as large as those of the first core, each above a guard page), its own timer and cycle counter,
//! and its own interrupts.
//!
//! ```ignore
//! let running = cores::start(1, || heavy(42))?;
//! light();
//! let result = running.join();
//! ```
//!
//! Cores are switched on and off by PSCI (Arm DEN 0022), in the way that the device tree names.

mod record;
mod sleep;
pub(crate) mod stacks;
pub(crate) mod sync;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use core::{array, fmt, mem};

use spin::{Mutex, Once};
use wasmetal_platform::Thread;

use super::arch::{self, cache, event, features, mmu, perf, registers::affinity, timer};
use super::{board, interrupts, park};

pub use record::MAX;
pub(crate) use record::{
    CORES, Core, EMERGENCY_STACK, EXCEPTION_STACK, THREAD_STACK, TRANSLATION, this,
};
pub(crate) use sleep::wake_others;
pub use sleep::{asleep, sleep_until, wake};

/// What a core is doing.
pub(crate) mod state {
    /// Nothing: it can be started.
    pub(crate) const OFF: u32 = 0;
    /// It is on its way, for somebody who waits for it.
    pub(crate) const STARTING: u32 = 1;
    /// It runs its job.
    pub(crate) const RUNNING: u32 = 2;
    /// It is not like the first core, and goes off again.
    pub(crate) const REFUSED: u32 = 3;
}

/// What a core runs, and the flag that it raises (from 0 to 1) when it has stopped.
pub(crate) struct Job {
    work: Work,
    done: Arc<AtomicU32>,
}

type Work = Box<dyn FnOnce() + Send>;

/// How many cores the board has that this firmware can use.
static COUNT: AtomicUsize = AtomicUsize::new(1);

/// What the first core can do; another one is used only if it can do the same.
static IDENTITY: Once<features::Identity> = Once::new();

/// How long a core may take to go off, and to come on, in seconds.
const PATIENCE: u64 = 10;

/// Why a core was not started. What it was to run has been dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartError {
    /// The board has no core of this index, or no PSCI to start it by. See [`count`].
    NoSuchCore,
    /// The core runs something.
    Busy,
    /// No memory for the core's stacks.
    OutOfMemory,
    /// The board's firmware refused, with this PSCI error code (Arm DEN 0022, "Return error codes").
    Refused(i64),
    /// The core differs from the first in features or caches, so that code made for one would not
    /// run on the other.
    Different,
    /// The core did not come on, or go off, within ten seconds.
    Silent,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchCore => f.write_str("no such core"),
            Self::Busy => f.write_str("the core is busy"),
            Self::OutOfMemory => f.write_str("out of memory for a core's stacks"),
            Self::Refused(code) => write!(f, "the board refuses to start the core (PSCI {code})"),
            Self::Different => f.write_str("the core differs from the first"),
            Self::Silent => f.write_str("the core does not answer"),
        }
    }
}

impl core::error::Error for StartError {}

/// A core that was started. Dropping this leaves it running, and its result is dropped.
#[derive(Debug)]
#[must_use = "`join` waits for the core"]
pub struct Running<R> {
    done: Arc<AtomicU32>,
    result: Arc<Mutex<Option<R>>>,
}

impl<R> Running<R> {
    /// Waits until the function has returned and the core can be started again, and returns what the
    /// function did. (If it never returns, nor does this; if it panics, the machine ends.)
    ///
    pub fn join(self) -> R {
        while !self.is_finished() {
            park::park(&self.done, 0, None);
        }
        let result = self.result.lock().take();
        result.expect("a core that is done has left its result")
    }

    /// Whether [`join`](Self::join) would return at once.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.done.load(Ordering::Acquire) != 0
    }
}

/// How many cores can be used, the first included: at least 1, at most [`MAX`]. Indices are below it.
#[must_use]
pub fn count() -> usize {
    COUNT.load(Ordering::Relaxed)
}

/// The index of the core that runs this. 0 is the core that runs `main`.
#[inline]
#[must_use]
pub fn current() -> usize {
    this().index
}

/// The name of what runs on this core, for [`interrupt`]: of the core, from 1 on, in the lower half, and of its task in a
/// scope in the upper one.
pub(crate) fn thread() -> Thread {
    let core = this();
    let name = (core.scheduler.task() as u64) << 32 | (core.index as u64 + 1);
    // SAFETY: there are few cores, so that the lower half is not 0.
    unsafe { Thread::new_unchecked(name) }
}

/// The index of the core in such a name.
fn core_of(thread: Thread) -> usize {
    (thread.get() as u32 as usize).wrapping_sub(1)
}

/// Has the core of that name ask the trap hook soon. Fit for handlers.
///
/// If the task of that name does not have the core, the hook is asked about another one for nothing, and again
/// when that task has it.
pub(crate) fn interrupt(thread: Thread) {
    let core = CORES[..count()].get(core_of(thread));
    if let Some(core) = core.filter(|core| core.online.load(Ordering::Relaxed)) {
        // A write to ICC_SGI1R_EL1 is not ordered after stores otherwise.
        sync::dsb();
        interrupts::ask(core);
    }
}

/// Switches a core on, runs `there` on it and `here` on this core at the same time, and returns both
/// results when both are done. What they borrow lives on meanwhile.
///
/// # Errors
/// As for [`start`]; neither function has run then.
pub fn join<A, B>(
    index: usize,
    there: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> Result<(A, B), StartError>
where
    A: Send,
{
    // SAFETY: the core is waited for below, and a panic on the way ends the machine.
    let running = unsafe { start_borrowing(index, there) }?;
    let here = here();
    Ok((running.join(), here))
}

/// Runs `job(0)` to `job(count - 1)` on this core and on all others that are off, and returns when all are
/// done: what `wasmetal::Config::parallel_compilation` asks for.
///
/// Cores that cannot be started are done without.
pub fn for_each(count: usize, job: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            job(index);
        }
    };
    let helpers = 1..self::count().min(count.max(1));
    let running = array::from_fn::<_, MAX, _>(|index| {
        // SAFETY: the core is waited for below, and a panic on the way ends the machine.
        let start = || unsafe { start_borrowing(index, work) };
        helpers.contains(&index).then(|| start().ok()).flatten()
    });
    work();
    running.into_iter().flatten().for_each(Running::join);
}

/// Switches a core on, which then runs `work`, with interrupts let in.
///
/// The core's stacks are allocated when it is first started, and kept for the next time.
///
/// # Errors
/// The core does not exist, is busy, or cannot be started.
pub fn start<R, F>(index: usize, work: F) -> Result<Running<R>, StartError>
where
    R: Send + 'static,
    F: FnOnce() -> R + Send + 'static,
{
    // SAFETY: nothing is borrowed.
    unsafe { start_borrowing(index, work) }
}

/// As [`start`].
///
/// # Safety
/// What `work` and its result borrow lives until [`Running::join`] has returned.
unsafe fn start_borrowing<R: Send>(
    index: usize,
    work: impl FnOnce() -> R + Send,
) -> Result<Running<R>, StartError> {
    let core = CORES[..count()].get(index).ok_or(StartError::NoSuchCore)?;
    let claimed = core.state.compare_exchange(
        state::OFF,
        state::STARTING,
        Ordering::Acquire,
        Ordering::Relaxed,
    );
    claimed.map_err(|_| StartError::Busy)?;
    let running = Running {
        done: Arc::new(AtomicU32::new(0)),
        result: Arc::new(Mutex::new(None)),
    };
    let result = running.result.clone();
    let work: Box<dyn FnOnce() + Send + '_> = Box::new(move || {
        let value = work();
        *result.lock() = Some(value);
    });
    let job = Job {
        // SAFETY: only the lifetime changes. The caller promises that what is borrowed lives until
        // `join` has returned; `work` has been called and dropped by then, its result taken out.
        work: unsafe { mem::transmute::<Box<dyn FnOnce() + Send + '_>, Work>(work) },
        done: running.done.clone(),
    };
    let started = prepare(core).and_then(|()| launch(core, job));
    match started {
        Ok(()) => Ok(running),
        Err(error) => {
            core.state.store(state::OFF, Ordering::Release);
            Err(error)
        }
    }
}

/// Gets ready what a core needs to come on, and sees to it that it is off.
fn prepare(core: &Core) -> Result<(), StartError> {
    stacks::allocate(core)?;
    let translation = mmu::translation();
    for (slot, value) in core.translation.iter().zip(translation) {
        slot.store(value, Ordering::Relaxed);
    }
    // A core that has just been left may still be on its way off, and PSCI refuses to switch on one that is on.
    let affinity = core.affinity.load(Ordering::Relaxed);
    wait(|| board::is_off(affinity))
}

/// Switches a core on, and waits until it has the job.
fn launch(core: &'static Core, job: Job) -> Result<(), StartError> {
    *core.job.lock() = Some(job);
    // The core reads its record before it has caches: from the point of coherency, with MMU off
    // (Arm ARM DDI 0487, "Mismatched memory attributes").
    // SAFETY: the record is mapped.
    unsafe { cache::clean(core as *const Core as usize, size_of::<Core>()) };
    let affinity = core.affinity.load(Ordering::Relaxed);
    let entry = arch::boot::entry();
    let answer = board::switch_on(affinity, entry, core as *const Core as usize)
        .map_err(StartError::Refused)
        .and_then(|()| wait(|| core.state.load(Ordering::Acquire) != state::STARTING));
    // A core that comes on takes its job for good or leaves it there; one that is late finds none.
    let left = core.job.lock().take();
    match (left, answer) {
        (None, _) => Ok(()),
        (Some(_), Ok(())) => Err(StartError::Different),
        (Some(_), Err(error)) => Err(error),
    }
}

/// Waits until the condition holds.
fn wait(condition: impl Fn() -> bool) -> Result<(), StartError> {
    let begin = timer::now();
    while !condition() {
        if timer::now() - begin > PATIENCE * timer::frequency() {
            return Err(StartError::Silent);
        }
        event::wait();
    }
    Ok(())
}

/// Finds out which cores there are. Runs on the first core while the device tree is mapped.
pub(crate) fn find() {
    IDENTITY.call_once(features::identity);
    let count = board::find_cores(affinity(), &mut |index, affinity| {
        CORES[index].affinity.store(affinity, Ordering::Relaxed);
    });
    COUNT.store(count, Ordering::Relaxed);
}

/// What each core sets up for itself, the first included. Interrupts come in from then on.
pub(crate) fn set_up() {
    // Whether the timer is on at reset is unknown.
    timer::stop();
    timer::set_alarm(timer::Alarm::NONE);
    interrupts::start(this());
    perf::start();
    event::start();
}

/// Called once per start by the boot code, with translation, stacks and vectors in place.
pub(crate) extern "C" fn enter() -> ! {
    let core = this();
    if IDENTITY.get() != Some(&features::identity()) {
        core.state.store(state::REFUSED, Ordering::Release);
        board::switch_off();
    }
    // The job is taken before the state changes: the core that waits for this one may give up until then, and takes
    // the job back if it does.
    let job = {
        let mut job = core.job.lock();
        let taken = job.take();
        if taken.is_some() {
            core.state.store(state::RUNNING, Ordering::Release);
            event::send();
        }
        taken
    };
    // There is no job if the core that started this one has given up waiting and taken it back.
    if let Some(Job { work, done }) = job {
        set_up();
        sync::join();
        work();
        arch::mask_interrupts();
        timer::stop();
        timer::set_alarm(timer::Alarm::NONE);
        sync::leave();
        interrupts::stop(core);
        core.state.store(state::OFF, Ordering::Release);
        done.store(1, Ordering::Release);
        park::unpark(&done);
    }
    board::switch_off();
}
