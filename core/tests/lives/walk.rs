//! Lets the calls of a life fail one after the other, and looks whether anything is lost.

use super::{Life, is_exhaustion, small};
use core::fmt::Arguments;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::Relaxed};
use core::time::Duration;
use wasmetal::{Config, Engine, Result};
use wasmetal_platform::{
    Capabilities, Error as PlatformError, Image, Operation, Platform, Protection, Rights,
    SavedRegisters, Thread, TrapHook,
};

/// What can be made to fail.
pub(crate) trait Fails {
    /// From now on the calls from `first` on fail, counted from 1, or that one alone.
    fn start(&self, first: usize, alone: bool);

    /// Ends the failures, and returns how many there were.
    fn stop(&self) -> usize;
}

/// Calls that are counted.
pub(crate) struct Failures {
    calls: AtomicUsize,
    first: AtomicUsize,
    alone: AtomicBool,
    failed: AtomicUsize,
}

impl Failures {
    pub(crate) const fn none() -> Self {
        Self {
            calls: AtomicUsize::new(0),
            first: AtomicUsize::new(usize::MAX),
            alone: AtomicBool::new(false),
            failed: AtomicUsize::new(0),
        }
    }

    /// Counts a call: whether it is to fail.
    pub(crate) fn is_due(&self) -> bool {
        let call = self.calls.fetch_add(1, Relaxed) + 1;
        let first = self.first.load(Relaxed);
        let due = call == first || call > first && !self.alone.load(Relaxed);
        self.failed.fetch_add(due.into(), Relaxed);
        due
    }
}

impl Fails for Failures {
    fn start(&self, first: usize, alone: bool) {
        self.calls.store(0, Relaxed);
        self.failed.store(0, Relaxed);
        self.alone.store(alone, Relaxed);
        self.first.store(first, Relaxed);
    }

    fn stop(&self) -> usize {
        self.first.store(usize::MAX, Relaxed);
        self.failed.load(Relaxed)
    }
}

/// A machine, with books, whose mappings fail when they are told to.
pub(crate) struct Machine {
    machine: &'static dyn Platform,
    pub(crate) reserved: AtomicUsize,
    pub(crate) images: AtomicUsize,
    /// A timer has been set.
    timer: AtomicBool,
    /// An alarm has been set.
    alarm: AtomicBool,
    pub(crate) failures: Failures,
}

impl Machine {
    pub(crate) const fn over(machine: &'static dyn Platform) -> Self {
        Self {
            machine,
            reserved: AtomicUsize::new(0),
            images: AtomicUsize::new(0),
            timer: AtomicBool::new(false),
            alarm: AtomicBool::new(false),
            failures: Failures::none(),
        }
    }

    fn check(&self, operation: Operation) -> Result<(), PlatformError> {
        match self.failures.is_due() {
            true => Err(PlatformError::new(operation, -1)),
            false => Ok(()),
        }
    }
}

// SAFETY: the machine's, which does the work.
unsafe impl Platform for Machine {
    fn capabilities(&self) -> Capabilities {
        self.machine.capabilities()
    }

    fn cpu_feature(&self, name: &str) -> bool {
        self.machine.cpu_feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8, PlatformError> {
        self.check(Operation::Reserve)?;
        let base = self.machine.reserve(size, align)?;
        self.reserved.fetch_add(size, Relaxed);
        Ok(base)
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        self.reserved.fetch_sub(size, Relaxed);
        // SAFETY: passed on.
        unsafe { self.machine.release(base, size) }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<(), PlatformError> {
        self.check(Operation::Commit)?;
        // SAFETY: passed on.
        unsafe { self.machine.commit(base, size) }
    }

    unsafe fn populate(&self, base: *mut u8, size: usize) {
        // SAFETY: passed on.
        unsafe { self.machine.populate(base, size) }
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        // SAFETY: passed on.
        unsafe { self.machine.decommit(base, size) }
    }

    unsafe fn protect(
        &self,
        base: *mut u8,
        size: usize,
        protection: Protection,
    ) -> Result<(), PlatformError> {
        self.check(Operation::Protect)?;
        // SAFETY: passed on.
        unsafe { self.machine.protect(base, size, protection) }
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: passed on.
        unsafe { self.machine.publish(base, size) }
    }

    unsafe fn execute_in_place(
        &self,
        code: *const u8,
        size: usize,
        rights: Rights,
    ) -> Result<*const u8, PlatformError> {
        self.check(Operation::Protect)?;
        // SAFETY: passed on.
        unsafe { self.machine.execute_in_place(code, size, rights) }
    }

    unsafe fn end_in_place(&self, code: *const u8, size: usize) {
        // SAFETY: passed on.
        unsafe { self.machine.end_in_place(code, size) }
    }

    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        self.check(Operation::MapImage).ok()?;
        let image = self.machine.create_image(bytes, go_on)?;
        self.images.fetch_add(1, Relaxed);
        Some(image)
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<(), PlatformError> {
        self.check(Operation::MapImage)?;
        // SAFETY: passed on.
        unsafe { self.machine.map_image(image, base) }
    }

    unsafe fn drop_image(&self, image: Image) {
        self.images.fetch_sub(1, Relaxed);
        // SAFETY: passed on.
        unsafe { self.machine.drop_image(image) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<(), PlatformError> {
        self.check(Operation::SetTrapHook)?;
        // SAFETY: passed on.
        unsafe { self.machine.set_trap_hook(hook) }
    }

    fn thread_init(&self) -> Option<fn() -> Result<(), PlatformError>> {
        self.machine.thread_init()
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        self.machine.park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        self.machine.unpark(word);
    }

    fn now(&self) -> Duration {
        self.machine.now()
    }

    fn current_thread(&self) -> Thread {
        self.machine.current_thread()
    }

    fn interrupt(&self, thread: Thread) {
        self.machine.interrupt(thread);
    }

    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        // SAFETY: passed on.
        unsafe { self.machine.continue_interrupted(registers, begin, data) }
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<(), PlatformError> {
        // The trap hook sets a timer again that has been set: that does not fail.
        if after.is_some() && !self.timer.load(Relaxed) {
            self.check(Operation::SetTimer)?;
        }
        self.timer.store(after.is_some(), Relaxed);
        self.machine.set_timer(after)
    }

    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<(), PlatformError> {
        // It does not fail where it has succeeded before.
        if !self.alarm.load(Relaxed) {
            self.check(Operation::SetAlarm)?;
        }
        self.alarm.store(true, Relaxed);
        self.machine.set_alarm(at, ring)
    }
}

/// What a walk looks at.
pub(crate) struct World {
    /// All that lives take and must give back.
    pub(crate) books: fn() -> [usize; 5],
    pub(crate) print: fn(Arguments<'_>),
    /// How far from one call that fails to the next: 1 for all, else up to this, at random.
    pub(crate) stride: u64,
}

impl World {
    /// Lets every call of a life fail, alone, and with all that follow.
    pub(crate) fn walk(&self, name: &str, config: &Config, life: Life<'_>, what: &dyn Fails) {
        // Makes what lives as long as the program.
        live(config, life, what).expect("there is enough");
        let mut random: u64 = 0x5eed_0001;
        for alone in [true, false] {
            let (mut first, mut count) = (1, 0);
            while self.check(name, config, life, what, first, alone) {
                count += 1;
                // Marsaglia's xorshift.
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                first += 1 + (random % self.stride) as usize;
            }
            assert!(count > 0);
            let which = if alone {
                "alone"
            } else {
                "with all that follow"
            };
            (self.print)(format_args!(
                "{name}: {count} of less than {first}, each {which}"
            ));
        }
    }

    /// Lives with a little more memory than is in use, and then with ever more of it, until there is enough.
    ///
    /// `limit` is told how much, in bytes, and `None` that there is no limit any more.
    pub(crate) fn squeeze(
        &self,
        name: &str,
        config: &Config,
        life: Life<'_>,
        limit: &dyn Fn(Option<usize>),
    ) {
        let alive = || life(&Engine::new(config)?);
        alive().expect("there is enough");
        let (mut room, mut count, mut enough) = (0, 0, 0);
        // That it was enough once may be luck.
        while enough < 3 {
            let before = (self.books)();
            limit(Some(room));
            let outcome = alive();
            limit(None);
            match &outcome {
                Ok(()) => enough += 1,
                Err(error) => assert!(is_exhaustion(error), "{name}, {room}: {error:?}"),
            }
            drop(outcome);
            assert_eq!((self.books)(), before, "{name}, {room}: something is lost");
            alive().expect("there is enough");
            count += 1;
            room += 256 + room / 16 * self.stride.min(8) as usize;
        }
        (self.print)(format_args!("{name}: {count} heaps of up to {room} bytes"));
    }

    /// Lets the `first` call fail, or all from there on; whether the life was long enough for that.
    fn check(
        &self,
        name: &str,
        config: &Config,
        life: Life<'_>,
        what: &dyn Fails,
        first: usize,
        alone: bool,
    ) -> bool {
        let before = (self.books)();
        what.start(first, alone);
        let outcome = live(config, life, what);
        let failed = what.stop();
        if let Err(error) = outcome {
            assert!(
                failed > 0 && is_exhaustion(&error),
                "{name}, {first}: {error:?}"
            );
        }
        let after = (self.books)();
        assert_eq!(
            after, before,
            "{name}, {first}, alone: {alone}: something is lost"
        );
        failed > 0
    }
}

/// Lives in an engine until something fails, and then again, in the same engine, with all that there is.
fn live(config: &Config, life: Life<'_>, what: &dyn Fails) -> Result<()> {
    let engine = Engine::new(config)?;
    let failed = life(&engine);
    let count = what.stop();
    if let Err(error) = &failed {
        assert!(count > 0 && is_exhaustion(error), "{error:?}");
        small(&engine).expect("the same engine goes on while the error lives");
    }
    drop(failed);
    life(&engine).expect("the same engine goes on");
    Ok(())
}
