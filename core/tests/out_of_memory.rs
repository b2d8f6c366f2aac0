//! Memory that runs out at any point of the runtime's life: always an error, nothing lost, and life goes on.
//!
//! Every allocation of a life fails, alone and with all that follow, and every mapping. (A program of its own, for
//! its allocator.)

extern crate alloc;

mod lives;

use lives::{Life, is_exhaustion};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use wasmetal::error::Error;
use wasmetal::{Config, Engine};
use wasmetal_platform::confine::{self, Allocator};
use wasmetal_platform::{
    Capabilities, Error as PlatformError, Image, Operation, Platform, Protection, TrapHook,
};

/// Which calls fail: those from `first` on, counted from 1, or that one alone.
struct Failures {
    calls: AtomicUsize,
    first: AtomicUsize,
    alone: AtomicBool,
    failed: AtomicUsize,
}

impl Failures {
    const fn none() -> Self {
        Self {
            calls: AtomicUsize::new(0),
            first: AtomicUsize::new(usize::MAX),
            alone: AtomicBool::new(false),
            failed: AtomicUsize::new(0),
        }
    }

    fn start(&self, first: usize, alone: bool) {
        self.calls.store(0, Relaxed);
        self.failed.store(0, Relaxed);
        self.alone.store(alone, Relaxed);
        self.first.store(first, Relaxed);
    }

    /// Ends the failures, and returns how many there were.
    fn stop(&self) -> usize {
        self.first.store(usize::MAX, Relaxed);
        self.failed.load(Relaxed)
    }

    fn is_due(&self) -> bool {
        let (call, first) = (
            self.calls.fetch_add(1, Relaxed) + 1,
            self.first.load(Relaxed),
        );
        let due = call == first || call > first && !self.alone.load(Relaxed);
        self.failed.fetch_add(due.into(), Relaxed);
        due
    }
}

/// The system's, with books, which fails when it is told to.
struct Heap {
    blocks: AtomicUsize,
    bytes: AtomicUsize,
    failures: Failures,
}

// SAFETY: blocks are the system's.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.failures.is_due() {
            return std::ptr::null_mut();
        }
        self.blocks.fetch_add(1, Relaxed);
        self.bytes.fetch_add(layout.size(), Relaxed);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.blocks.fetch_sub(1, Relaxed);
        self.bytes.fetch_sub(layout.size(), Relaxed);
        // SAFETY: passed on.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static HEAP: Allocator<Heap> = Allocator::new(Heap {
    blocks: AtomicUsize::new(0),
    bytes: AtomicUsize::new(0),
    failures: Failures::none(),
});

/// Linux, with books, which fails when it is told to.
struct Machine {
    reserved: AtomicUsize,
    images: AtomicUsize,
    failures: Failures,
}

static MACHINE: Machine = Machine {
    reserved: AtomicUsize::new(0),
    images: AtomicUsize::new(0),
    failures: Failures::none(),
};

impl Machine {
    fn check(&self, operation: Operation) -> Result<(), PlatformError> {
        match self.failures.is_due() {
            true => Err(PlatformError::new(operation, -1)),
            false => Ok(()),
        }
    }

    fn linux() -> &'static wasmetal_platform_linux::LinuxPlatform {
        wasmetal_platform_linux::platform()
    }
}

// SAFETY: Linux's, which does the work.
unsafe impl Platform for Machine {
    fn capabilities(&self) -> Capabilities {
        Self::linux().capabilities()
    }

    fn cpu_feature(&self, name: &str) -> bool {
        Self::linux().cpu_feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8, PlatformError> {
        self.check(Operation::Reserve)?;
        self.reserved.fetch_add(size, Relaxed);
        Self::linux().reserve(size, align)
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        self.reserved.fetch_sub(size, Relaxed);
        // SAFETY: passed on.
        unsafe { Self::linux().release(base, size) }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<(), PlatformError> {
        self.check(Operation::Commit)?;
        // SAFETY: passed on.
        unsafe { Self::linux().commit(base, size) }
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        // SAFETY: passed on.
        unsafe { Self::linux().decommit(base, size) }
    }

    unsafe fn protect(
        &self,
        base: *mut u8,
        size: usize,
        protection: Protection,
    ) -> Result<(), PlatformError> {
        self.check(Operation::Protect)?;
        // SAFETY: passed on.
        unsafe { Self::linux().protect(base, size, protection) }
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: passed on.
        unsafe { Self::linux().publish(base, size) }
    }

    fn create_image(&self, bytes: &[u8]) -> Option<Image> {
        self.check(Operation::MapImage).ok()?;
        let image = Self::linux().create_image(bytes)?;
        self.images.fetch_add(1, Relaxed);
        Some(image)
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<(), PlatformError> {
        self.check(Operation::MapImage)?;
        // SAFETY: passed on.
        unsafe { Self::linux().map_image(image, base) }
    }

    unsafe fn drop_image(&self, image: Image) {
        self.images.fetch_sub(1, Relaxed);
        // SAFETY: passed on.
        unsafe { Self::linux().drop_image(image) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<(), PlatformError> {
        self.check(Operation::SetTrapHook)?;
        // SAFETY: passed on.
        unsafe { Self::linux().set_trap_hook(hook) }
    }

    fn thread_init(&self) -> Option<fn() -> Result<(), PlatformError>> {
        Self::linux().thread_init()
    }

    fn park(&self, word: &std::sync::atomic::AtomicU32, expected: u32, timeout: Option<Duration>) {
        Self::linux().park(word, expected, timeout);
    }

    fn unpark(&self, word: &std::sync::atomic::AtomicU32) {
        Self::linux().unpark(word);
    }
}

/// All that a life takes and must give back.
fn books() -> [usize; 5] {
    let heap = HEAP.get();
    [
        heap.blocks.load(Relaxed),
        heap.bytes.load(Relaxed),
        confine::drawn(),
        MACHINE.reserved.load(Relaxed),
        MACHINE.images.load(Relaxed),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Allocations,
    Mappings,
}

impl What {
    fn failures(self) -> &'static Failures {
        match self {
            Self::Allocations => &HEAP.get().failures,
            Self::Mappings => &MACHINE.failures,
        }
    }
}

/// Lives in an engine until something fails, and then again, in the same engine, with all that there is.
fn live(config: &Config, life: Life, failures: &Failures) -> Result<(), Error> {
    let engine = Engine::new(config)?;
    let failed = life(&engine);
    let count = failures.stop();
    if let Err(error) = &failed {
        assert!(count > 0 && is_exhaustion(error), "{error:?}");
        lives::small(&engine).expect("the same engine goes on while the error lives");
    }
    drop(failed);
    life(&engine).expect("the same engine goes on");
    Ok(())
}

/// Lets the `first` call fail, or all from there on; whether the life was long enough for that.
fn check(name: &str, config: &Config, life: Life, what: What, first: usize, alone: bool) -> bool {
    let before = books();
    what.failures().start(first, alone);
    let outcome = live(config, life, what.failures());
    let failed = what.failures().stop();
    if let Err(error) = outcome {
        assert!(
            failed > 0 && is_exhaustion(&error),
            "{name} {what:?} {first}: {error:?}"
        );
    }
    assert_eq!(
        books(),
        before,
        "{name}, {what:?}, {first}, alone: {alone}: something is lost"
    );
    failed > 0
}

fn walk(name: &str, config: &Config, life: Life, what: What) {
    // Makes what lives as long as the program.
    live(config, life, what.failures()).expect("there is enough");
    let start = Instant::now();
    for alone in [true, false] {
        let count = (1..).take_while(|&first| check(name, config, life, what, first, alone));
        let count = count.count();
        assert!(count > 0);
        let which = if alone {
            "each alone"
        } else {
            "each and all that follow"
        };
        println!(
            "{name}: {count} {what:?}, {which}: {:.1} s",
            start.elapsed().as_secs_f32()
        );
    }
}

fn main() {
    let mut guards = Config::new(&MACHINE);
    guards.gc_heap_initial_size(1 << 16);
    let mut moving = guards.clone();
    moving.memory_reservation(0);
    moving.gc_heap_reservation(0);
    for (config, kind) in [(&guards, "guards"), (&moving, "no reservation")] {
        for (life, name) in [(lives::small as Life, "small"), (lives::large, "large")] {
            for what in [What::Allocations, What::Mappings] {
                walk(&format!("{name} life, {kind}"), config, life, what);
            }
        }
    }
}
