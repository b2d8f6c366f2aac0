//! Who has the core, and until when.
//!
//! Invariant (*own core*): a scheduler and its records are used on one core only; by its interrupt handler, or
//! by a task with interrupts masked. So nobody sees a change half done. [`hold`] and [`release`] are the exception,
//! and say why.

use alloc::boxed::Box;
use core::cell::{Cell, UnsafeCell};
use core::ptr::{self, null_mut};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use Ordering::Relaxed;

use super::MAX;
use super::stack::Stack;
use crate::device::arch::context::Interrupted;
use crate::device::arch::timer::{Alarm, NEVER, swap_alarm};
use crate::device::arch::{Masked, event};
use crate::device::cores::{CORES, count, this};
use crate::device::{interrupts, park, timer};

/// The tasks of one core.
pub(crate) struct Scheduler {
    /// Each from `Box::into_raw`; the first is that of the code that opened the scope. Null for none.
    tasks: [AtomicPtr<Record>; MAX],
    /// The index of the task that has the core.
    current: AtomicUsize,
    /// How many ticks a task has the core for at a time; 0 outside of a scope.
    slice: AtomicU64,
    /// When the turn of the current task is over.
    turn_ends: AtomicU64,
    /// Up to when the time is accounted for.
    since: AtomicU64,
    /// Ticks for which all waited.
    idle: AtomicU64,
    /// How many locks the current task holds.
    held: AtomicU32,
    /// Whether the current task's turn was over while it held one.
    overdue: AtomicBool,
}

/// A task.
pub(super) struct Record {
    /// Its registers while it does not have the core.
    context: UnsafeCell<Interrupted>,
    /// The platform's timer while it does not have the core.
    alarm: Cell<Alarm>,
    /// The ticks for which it had the core.
    used: Cell<u64>,
    limit: Cell<Option<Limit>>,
    /// What it is parked on: it waits while this word holds `expected`, and no longer than `until`. Null if it
    /// does not wait.
    word: Cell<*const AtomicU32>,
    expected: Cell<u32>,
    /// A tick, or [`NEVER`].
    until: Cell<u64>,
    /// 1 when it has ended.
    done: AtomicU32,
    work: Cell<Option<Box<dyn FnOnce() + Send>>>,
    stack: Stack,
}

/// What to call when a task has had the core until its account says `end`, in ticks.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub(super) end: u64,
    pub(super) over: &'static (dyn Fn() + Sync),
}

/// `SPSR_EL1` of a task that begins: EL1 on SP_EL0, with interrupts let in (Arm ARM DDI 0487, "SPSR_EL1").
/// Debug exceptions and fast interrupts stay masked, as boot leaves them.
const FIRST_SPSR: u64 = 0x244;

impl Record {
    pub(super) fn new(stack: Stack, work: Box<dyn FnOnce() + Send>) -> Self {
        let mut context = Interrupted::zeroed();
        context.registers.pc = begin as *const () as u64;
        context.registers.sp = stack.top() as u64;
        context.registers.spsr = FIRST_SPSR;
        Self {
            context: UnsafeCell::new(context),
            alarm: Cell::new(Alarm::NONE),
            used: Cell::new(0),
            limit: Cell::new(None),
            word: Cell::new(ptr::null()),
            expected: Cell::new(0),
            until: Cell::new(NEVER),
            done: AtomicU32::new(0),
            work: Cell::new(Some(work)),
            stack,
        }
    }

    fn waits(&self, now: u64) -> bool {
        let word = self.word.get();
        if word.is_null() || now >= self.until.get() {
            return false;
        }
        // SAFETY: the task that is parked keeps the word alive, and is parked until the pointer is null again.
        unsafe { (*word).load(Ordering::Acquire) == self.expected.get() }
    }
}

impl Scheduler {
    pub(crate) const fn new() -> Self {
        Self {
            tasks: [const { AtomicPtr::new(null_mut()) }; MAX],
            current: AtomicUsize::new(0),
            slice: AtomicU64::new(0),
            turn_ends: AtomicU64::new(0),
            since: AtomicU64::new(0),
            idle: AtomicU64::new(0),
            held: AtomicU32::new(0),
            overdue: AtomicBool::new(false),
        }
    }

    /// Which of the core's tasks has it: 0 outside of a scope.
    pub(crate) fn task(&self) -> usize {
        self.current.load(Relaxed)
    }

    fn is_open(&self) -> bool {
        self.slice.load(Relaxed) != 0
    }

    /// The task in a slot, for what the scheduler does at once, with interrupts masked. Others take [`with`](Self::with).
    fn get(&self, slot: usize) -> Option<&Record> {
        let record = self.tasks[slot].load(Relaxed);
        // SAFETY: a record lives from `add` to `remove`, which its owner alone calls, and not meanwhile.
        (!record.is_null()).then(|| unsafe { &*record })
    }

    /// Looks at the task in a slot; `None` for an empty one. The reference ends before the owner, who is calling
    /// this, can free the task.
    fn with<R>(&self, slot: usize, look: impl for<'a> FnOnce(&'a Record) -> R) -> Option<R> {
        self.get(slot).map(look)
    }

    /// The task that has the core. There is one in a scope.
    fn current(&self) -> Option<&Record> {
        self.get(self.current.load(Relaxed))
    }

    /// The next task, after the current one, that can run.
    fn next(&self, now: u64) -> Option<usize> {
        let current = self.current.load(Relaxed);
        (1..MAX)
            .map(|distance| (current + distance) % MAX)
            .find(|slot| self.get(*slot).is_some_and(|record| !record.waits(now)))
    }

    /// Charges the time since the last call to the current task.
    fn account(&self, now: u64) {
        let passed = now - self.since.swap(now, Relaxed);
        let Some(task) = self.current() else { return };
        if !task.word.get().is_null() {
            self.idle.fetch_add(passed, Relaxed);
            return;
        }
        let used = task.used.get() + passed;
        task.used.set(used);
        if let Some(Limit { end, over }) = task.limit.get()
            && used >= end
        {
            task.limit.set(None);
            over();
        }
    }

    /// Sets the timer to when there is something to do.
    fn program(&self, now: u64) {
        let Some(current) = self.current() else {
            return;
        };
        let mut event = NEVER;
        if let Some(limit) = current.limit.get() {
            event = now + (limit.end - current.used.get().min(limit.end));
        }
        for task in (0..MAX).filter_map(|slot| self.get(slot)) {
            if task.waits(now) {
                event = event.min(task.until.get());
            } else if !ptr::eq(task, current) && !self.overdue.load(Relaxed) {
                event = event.min(self.turn_ends.load(Relaxed));
            }
        }
        match event {
            NEVER => timer::stop(),
            event => timer::once(event.saturating_sub(now), serve),
        }
    }

    /// Does what is due. The task that goes on afterwards is `interrupted`.
    fn serve(&self, interrupted: &mut Interrupted) {
        let now = timer::now();
        self.account(now);
        let Some(current) = self.current() else {
            return;
        };
        if current.waits(now) || now >= self.turn_ends.load(Relaxed) {
            let next = self.next(now);
            if next.is_some() && self.held.load(Relaxed) != 0 {
                self.overdue.store(true, Relaxed);
            } else {
                self.turn_ends
                    .store(now + self.slice.load(Relaxed), Relaxed);
                if let Some(next) = next {
                    self.switch(current, next, interrupted);
                }
            }
        }
        self.program(now);
    }

    fn switch(&self, from: &Record, next: usize, interrupted: &mut Interrupted) {
        self.current.store(next, Relaxed);
        let Some(to) = self.current() else { return };
        from.alarm.set(swap_alarm(to.alarm.get()));
        // SAFETY: the registers of a task that does not have the core are nobody else's (*own core*).
        unsafe {
            ptr::copy_nonoverlapping(interrupted, from.context.get(), 1);
            ptr::copy_nonoverlapping(to.context.get(), interrupted, 1);
        }
    }
}

/// What the rest of the firmware calls of this module. It goes by pointers, so that a firmware which opens no scope
/// has none of it.
struct Calls {
    interrupt: fn(&mut Interrupted),
    park: fn(&AtomicU32, u32, u64) -> bool,
    wake: fn(),
}

static CALLS: AtomicPtr<Calls> = AtomicPtr::new(null_mut());

/// `None` as long as no core has opened a scope.
fn calls() -> Option<&'static Calls> {
    // SAFETY: null, or what `open` has stored.
    unsafe { CALLS.load(Ordering::Acquire).as_ref() }
}

/// The timer's interrupt, and the one by which a core asks for another task.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    if let Some(calls) = calls() {
        (calls.interrupt)(interrupted);
    }
}

fn serve(interrupted: &mut Interrupted) {
    let scheduler = &this().scheduler;
    if scheduler.is_open() {
        scheduler.serve(interrupted);
    }
}

/// The current task takes a lock: it keeps the core until [`release`].
///
/// The count is that of the task which has the core: it is 0 whenever tasks change. So an interrupt between load and
/// store finds and leaves the same value.
#[inline]
pub(crate) fn hold() {
    let held = &this().scheduler.held;
    held.store(held.load(Relaxed) + 1, Relaxed);
}

/// The current task has freed a lock.
#[inline]
pub(crate) fn release() {
    let core = this();
    let held = core.scheduler.held.load(Relaxed) - 1;
    core.scheduler.held.store(held, Relaxed);
    // An interrupt that comes before the store finds the lock held and sets the flag; one that comes later does not.
    if held == 0 && core.scheduler.overdue.load(Relaxed) {
        core.scheduler.overdue.store(false, Relaxed);
        interrupts::reschedule(core);
    }
}

/// Has the cores that are in a scope look again who can run: somebody has changed a word and unparks.
pub(crate) fn wake() {
    if let Some(calls) = calls() {
        (calls.wake)();
    }
}

fn wake_cores() {
    let cores = CORES[..count()].iter();
    cores
        .filter(|core| core.scheduler.is_open())
        .for_each(interrupts::reschedule);
}

/// Parks the current task, until this tick at most; false outside of a scope.
pub(crate) fn park(word: &AtomicU32, expected: u32, until: u64) -> bool {
    calls().is_some_and(|calls| (calls.park)(word, expected, until))
}

fn park_task(word: &AtomicU32, expected: u32, until: u64) -> bool {
    let core = this();
    let scheduler = &core.scheduler;
    if !scheduler.is_open() {
        return false;
    }
    let mut masked = Masked::new();
    let now = timer::now();
    scheduler.account(now);
    let Some(task) = scheduler.current() else {
        return false;
    };
    task.expected.set(expected);
    task.until.set(until);
    task.word.set(word);
    loop {
        let now = timer::now();
        if !task.waits(now) {
            break;
        }
        if scheduler.next(now).is_some() {
            interrupts::reschedule(core);
        } else {
            scheduler.program(now);
            // `wfi` ends with a pending interrupt, also a masked one, so none can come between the look and the wait.
            event::wait_for_interrupt();
        }
        drop(masked);
        // The mask is off for a moment: the interrupt that ended the wait is taken here.
        masked = Masked::new();
    }
    scheduler.account(timer::now());
    task.word.set(ptr::null());
    drop(masked);
    true
}

/// Where a task begins, and what it does when it has ended.
///
/// # Safety
/// The record is that of the task, of which this is the first frame.
unsafe extern "C" fn begin(record: *const Record) -> ! {
    // SAFETY: the record lives until `done` is 1. After that the task has the core only as long as nobody has freed it,
    // which is why there is no reference to all of it, in this frame that never ends.
    unsafe {
        if let Some(work) = (*record).work.take() {
            work();
        }
        let done = &raw const (*record).done;
        (*done).store(1, Ordering::Release);
        park::unpark(&*done);
        loop {
            // The word stays 1, so the task is never scheduled again. Its stack is freed by the task that joins it, which
            // is why it does nothing else by now: it rings no alarm.
            park_task(&*done, 1, NEVER);
        }
    }
}

/// Begins a scope on this core.
pub(super) fn open(slice: u64) {
    const ALL: &Calls = &Calls {
        interrupt: serve,
        park: park_task,
        wake: wake_cores,
    };
    CALLS.store(ptr::from_ref(ALL).cast_mut(), Ordering::Release);
    let scheduler = &this().scheduler;
    assert!(!scheduler.is_open(), "this core is in a scope already");
    let first = Record::new(Stack::none(), Box::new(|| ()));
    scheduler.tasks[0].store(Box::into_raw(Box::new(first)), Relaxed);
    scheduler.current.store(0, Relaxed);
    scheduler.idle.store(0, Relaxed);
    let now = timer::now();
    scheduler.since.store(now, Relaxed);
    scheduler.turn_ends.store(now + slice, Relaxed);
    scheduler.slice.store(slice, Relaxed);
}

/// Ends it. No task is left but the first.
pub(super) fn close() {
    let scheduler = &this().scheduler;
    {
        let _masked = Masked::new();
        scheduler.slice.store(0, Relaxed);
        timer::stop();
    }
    remove(0);
}

/// Adds a task, and returns its slot.
pub(super) fn add(record: Record) -> Option<usize> {
    let record = Box::into_raw(Box::new(record));
    // SAFETY: it has an address now, and nobody else knows it.
    unsafe { (*(*record).context.get()).registers.x[0] = record as u64 };
    let scheduler = &this().scheduler;
    let Some(slot) = (1..MAX).find(|slot| scheduler.get(*slot).is_none()) else {
        // SAFETY: from `Box::into_raw`, and in no slot.
        drop(unsafe { Box::from_raw(record) });
        return None;
    };
    let _masked = Masked::new();
    scheduler.tasks[slot].store(record, Relaxed);
    let now = timer::now();
    scheduler.account(now);
    scheduler.program(now);
    Some(slot)
}

/// Frees a task that is done, or the scope's first one.
fn remove(slot: usize) {
    let record = this().scheduler.tasks[slot].swap(null_mut(), Relaxed);
    if !record.is_null() {
        // SAFETY: from `Box::into_raw` in `add` or `open`. The task is done, and does not have the core: the task that
        // calls this has.
        drop(unsafe { Box::from_raw(record) });
    }
}

/// Whether the task has ended; `None` for an empty slot.
pub(super) fn is_done(slot: usize) -> Option<bool> {
    let scheduler = &this().scheduler;
    scheduler.with(slot, |record| record.done.load(Ordering::Acquire) != 0)
}

/// Waits until the task has ended, and frees it. Nothing for an empty slot.
pub(super) fn join(slot: usize) {
    let scheduler = &this().scheduler;
    scheduler.with(slot, |record| {
        while record.done.load(Ordering::Acquire) == 0 {
            park::park(&record.done, 0, None);
        }
    });
    remove(slot);
}

/// The ticks for which a task had the core.
pub(super) fn used(slot: usize) -> u64 {
    let used = this().scheduler.with(slot, |record| record.used.get());
    used.unwrap_or(0)
}

/// The same for the task that calls this.
pub(super) fn used_by_current() -> u64 {
    let scheduler = &this().scheduler;
    let _masked = Masked::new();
    if scheduler.is_open() {
        scheduler.account(timer::now());
    }
    scheduler.current().map_or(0, |task| task.used.get())
}

/// The ticks for which all tasks waited.
pub(super) fn idle() -> u64 {
    this().scheduler.idle.load(Relaxed)
}

/// Sets the limit of the task that calls this, from what it has used, and returns the one before.
pub(super) fn limit(new: impl FnOnce(u64) -> Option<Limit>) -> Option<Limit> {
    let scheduler = &this().scheduler;
    let _masked = Masked::new();
    if !scheduler.is_open() {
        return None;
    }
    let now = timer::now();
    scheduler.account(now);
    let task = scheduler.current()?;
    let old = task.limit.replace(new(task.used.get()));
    scheduler.program(now);
    old
}

/// Whether the page below the stack of one of this core's tasks holds `address`.
pub(crate) fn guard(address: usize) -> bool {
    let scheduler = &this().scheduler;
    (0..MAX)
        .filter_map(|slot| scheduler.get(slot))
        .any(|record| record.stack.guards(address))
}
