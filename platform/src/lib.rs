//! What wasmetal asks of a machine, and nothing else: the [`Platform`] trait.
//!
//! The core is built on these promises, so the trait is `unsafe`: an implementation that lies breaks
//! the sandbox. No type here knows of WebAssembly; no type in the core knows of an operating system.
//!
//! | feature | adds |
//! |---|---|
//! | `fake` | `fake`, a platform for tests that rejects calls in a wrong order (needs std) |
//! | `conformance` | `conformance`, the checks that every platform passes |

#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

#[cfg(any(test, feature = "fake"))]
extern crate std;

mod cache;
pub mod confine;
mod error;
mod memory;
mod process;
mod registers;
mod trap;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
#[cfg(any(test, feature = "fake"))]
pub mod fake;

pub use cache::{Cache, CacheKey, Medium, MediumError, RegionCache};
pub use error::{Error, Operation, Result};
pub use memory::{Image, Protection, Rights};
pub use process::{default_platform, set_default};
pub use registers::SavedRegisters;
pub use trap::{Fault, FaultKind, Resume, TrapHook};

use core::fmt;
use core::num::NonZeroU64;
use core::sync::atomic::AtomicU32;
use core::time::Duration;

/// The name of a thread or core: what [`Platform::current_thread`] says. Of what it consists is the platform's affair.
pub type Thread = NonZeroU64;

/// What a machine offers. Constant for the life of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The granule of every mapping and protection, in bytes: a power of two.
    pub page_size: usize,
    /// An access to a page without the right permission raises a fault that reaches the trap hook.
    /// Without it (no MMU), the core compiles explicit bounds and stack checks.
    pub guard_pages: bool,
    /// How many bytes [`commit`](Platform::commit) makes accessible in a time that nobody who waits for an interrupt
    /// notices, some microseconds: a multiple of the page size. A guest that can be interrupted grows its memory in
    /// pieces of this size. `usize::MAX` where the time does not grow with the size, since pages are cleared when they
    /// are touched.
    pub commit_piece: usize,
    /// Branch targets are enforced (BTI, CET-IBT) in pages mapped executable.
    pub branch_protection: bool,
    /// [`create_image`](Platform::create_image) may succeed: it is worth preparing an image.
    pub initial_images: bool,
    /// [`park`](Platform::park) and [`unpark`](Platform::unpark) work: threads or cores can wait for
    /// each other without spinning, and for time to pass. Without it, the core calls neither, and
    /// WebAssembly that would wait gets an error.
    pub park: bool,
    /// What runs can be interrupted: [`interrupt`](Platform::interrupt) and
    /// [`set_timer`](Platform::set_timer) end in the trap hook, with
    /// [`FaultKind::Interrupt`]. Without it, the core calls neither, and a store can't be
    /// interrupted from outside.
    pub interrupts: bool,
    /// What was interrupted can be continued later, on any thread or core: [`Resume::keep`] and
    /// [`continue_interrupted`](Platform::continue_interrupted) work. Only with `interrupts`. Without it, time slices of
    /// asynchronous calls end at calls of the host only.
    pub continues: bool,
    /// [`set_alarm`](Platform::set_alarm) and [`now`](Platform::now) work: when a time has come, ordinary code is called
    /// that wakes tasks. Without it, a deadline ends an asynchronous call that waits when that is polled next, and code
    /// waits in a shared memory for a time by being [parked](Platform::park).
    pub alarm: bool,
}

/// The machine underneath: memory, protection, instruction cache, traps.
///
/// All methods may be called from any thread or core at any time, except where a method says
/// otherwise. Addresses and sizes passed in are multiples of [`Capabilities::page_size`] unless a
/// method says otherwise; sizes are never zero.
///
/// A *reservation* is the range that one [`reserve`](Self::reserve) returned. A page of it is either
/// *reserved* (inaccessible, costs no memory) or *committed* (backed by memory, with a
/// [`Protection`]).
///
/// # Safety
///
/// The implementor promises what each method's text promises. Above all:
/// - no two live reservations overlap each other or any memory the program uses for something else;
/// - a committed page keeps its contents and protection until the owner changes it;
/// - no page is ever both writable and executable;
/// - with [`Capabilities::guard_pages`], an access that the page's state forbids never completes and
///   is reported to the hook with the exact pc.
pub unsafe trait Platform: Send + Sync {
    /// What this machine offers.
    fn capabilities(&self) -> Capabilities;

    /// Whether the CPU (every core of it) has the feature with this name.
    ///
    /// Names are those of Rust's `target_feature` for the architecture (`"lse"`, `"avx2"`).
    /// An unknown name is a feature that is absent. A lie makes generated code raise undefined
    /// instruction traps where none is expected.
    fn cpu_feature(&self, name: &str) -> bool;

    /// Reserves `size` bytes of address space, aligned to `align` (a power of two, at least a page),
    /// all of it inaccessible.
    ///
    /// The cost does not grow with `size`, beyond a few pages of bookkeeping.
    ///
    /// # Errors
    /// Address space (or bookkeeping memory) is exhausted; nothing has changed.
    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8>;

    /// Gives back a whole reservation with all it has committed.
    ///
    /// # Safety
    /// `base` and `size` are those of one reservation; nothing refers into it any more, on any
    /// core, and no core executes in it.
    unsafe fn release(&self, base: *mut u8, size: usize);

    /// Backs reserved pages with zeroed memory, readable and writable.
    ///
    /// # Errors
    /// Memory is exhausted; every page of the range is reserved as before.
    ///
    /// # Safety
    /// The range lies in one live reservation and every page of it is reserved.
    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()>;

    /// Says that all of a range is about to be written for the first time since it was committed. A platform that backs
    /// pages when they are touched may back them all at once; the default does nothing. Nothing else changes.
    ///
    /// # Safety
    /// The range lies in one live reservation and every page of it is committed and writable.
    unsafe fn populate(&self, base: *mut u8, size: usize) {
        let _ = (base, size);
    }

    /// Makes pages reserved again and gives their memory back. Contents are lost.
    ///
    /// Pages that are reserved already stay so. This can't fail: what it needs was
    /// allocated by [`commit`](Self::commit).
    ///
    /// # Safety
    /// The range lies in one live reservation; nothing refers to its contents any more.
    unsafe fn decommit(&self, base: *mut u8, size: usize);

    /// Sets the protection of committed pages.
    ///
    /// For [`Protection::ReadExecute`] the caller calls [`publish`](Self::publish) on the range
    /// first: the order is write, publish, protect.
    ///
    /// # Errors
    /// The machine is out of the bookkeeping memory that a split mapping needs; every page of the
    /// range has either its old or the new protection.
    ///
    /// # Safety
    /// The range lies in one live reservation and is committed; no live reference relies on a right
    /// that is taken away.
    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()>;

    /// Makes bytes just written to `[base, base + size)` visible to instruction fetch on every core,
    /// now and before the pages turn executable. No alignment is asked for.
    ///
    /// On return, no core fetches what these addresses held before. An implementation that skips
    /// this lets stale code run.
    ///
    /// # Safety
    /// The range is committed and readable.
    unsafe fn publish(&self, base: *const u8, size: usize);

    /// Makes finished code executable where it lies, in ROM, flash or a mapped file: nothing is copied, and nothing
    /// is ever written. Returns the address at which it is executed, a multiple of the page size, which may be
    /// another than `code`.
    ///
    /// `rights` spares the platform to find out what the pages' rights are.
    ///
    /// `code` is a multiple of the page size; `size` need not be, and what follows on the last page turns
    /// executable as well. On return, instruction fetch sees these bytes on every core.
    ///
    /// # Errors
    /// The machine has no such thing, or no address space or bookkeeping memory left, or a part of the memory, what
    /// follows on the last page included, can be written through this mapping, or its rights can't be told. Nothing has
    /// changed.
    ///
    /// # Safety
    /// The range is readable, and nobody writes to what backs it until
    /// [`end_in_place`](Self::end_in_place). `rights` is true of its whole pages.
    unsafe fn execute_in_place(
        &self,
        code: *const u8,
        size: usize,
        rights: Rights,
    ) -> Result<*const u8> {
        let (_, _, _) = (code, size, rights);
        Err(Error::new(Operation::Protect, 0))
    }

    /// Takes back what [`execute_in_place`](Self::execute_in_place) did: pages that no other use has a part of have the
    /// rights again that they had before.
    ///
    /// # Safety
    /// `code` is what that returned, for `size`, and no core executes there.
    unsafe fn end_in_place(&self, code: *const u8, size: usize) {
        let (_, _) = (code, size);
    }

    /// Makes an initial image out of `bytes` that can be mapped copy-on-write many times.
    ///
    /// `bytes` need not be a multiple of a page: the rest of the last page reads as zero. `None`
    /// where this machine has no such thing, or none to spare: the caller copies instead.
    ///
    /// It is made in pieces, each in a time that nobody who waits for an interrupt notices. Before the next, the platform
    /// asks `go_on`; where that says no, nothing is made, and the answer is `None`.
    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        let (_, _) = (bytes, go_on);
        None
    }

    /// Backs `[base, base + image size in whole pages)` with a private copy-on-write view of
    /// `image`, readable and writable. Replaces whatever state these pages had.
    ///
    /// The cost does not grow with the size, beyond a few pages of bookkeeping: pages are copied when they are
    /// written to.
    ///
    /// # Errors
    /// The machine is out of memory or mappings; the pages are as before or reserved.
    ///
    /// # Safety
    /// The range lies in one live reservation; `image` came from this platform's
    /// [`create_image`](Self::create_image) and has not been dropped; nothing refers to the
    /// contents that the range had.
    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<()> {
        let (_, _) = (image, base);
        Err(Error::new(Operation::MapImage, 0))
    }

    /// Frees an image. Views of it that are mapped stay valid.
    ///
    /// # Safety
    /// `image` came from this platform's [`create_image`](Self::create_image) and is not used again.
    unsafe fn drop_image(&self, image: Image) {
        let _ = image;
    }

    /// Installs the one hook that is asked about every fault (see [`TrapHook`]), on all cores.
    ///
    /// Installing the same hook again is no error and changes nothing.
    ///
    /// # Errors
    /// Another hook is installed, or the machine refuses.
    ///
    /// # Safety
    /// The hook keeps the contract of [`TrapHook`], for ever.
    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()>;

    /// What a thread must run once before it takes its first fault in generated code (an alternate
    /// signal stack, say). `None` where there is nothing to do.
    ///
    /// The function is cheap when the thread has run it before, and the caller calls it on each
    /// outermost entry.
    fn thread_init(&self) -> Option<fn() -> Result<()>> {
        None
    }

    /// Blocks the calling thread or core as long as `word` holds `expected`, but no longer than
    /// `timeout`; without one, for ever.
    ///
    /// Returns when the word holds something else: at once if it does so at the call, else when the
    /// word has been changed and [`unpark`](Self::unpark) was called for it after that. No such call
    /// is lost, whenever it comes: to compare and to fall asleep are one step to those who unpark.
    /// The only other reason to return is that the time has passed, by a clock that never goes back;
    /// so the caller tells from the word which it was. Wake-ups that the machine makes up (a signal,
    /// an event for somebody else) are slept over.
    ///
    /// A timeout is never cut short, and is exceeded by as little as the machine allows. One that is
    /// too long for its clock is none. Zero is a comparison.
    ///
    /// The call orders no other memory: the caller loads the word with the ordering that it needs.
    /// It is not called in a trap hook, nor with a lock held that somebody needs in order to unpark.
    ///
    /// A platform that returns too early makes waits in Wasm time out before their time; one that
    /// loses a wake-up makes them last for ever; neither breaks the sandbox. There is no failure: what
    /// can go wrong is known beforehand, and said by [`Capabilities::park`]. Without that capability
    /// nobody calls this; the default returns at once.
    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        let (_, _, _) = (word, expected, timeout);
    }

    /// Wakes every thread or core that is [parked](Self::park) on `word`, to look at it again.
    ///
    /// The caller has changed the word, before this call in the same thread. The word need not differ
    /// for those who wake up: they go on sleeping if it is as they expect. Waking nobody is no error
    /// and leaves nothing behind.
    ///
    /// The same word means the same address. The call returns without waiting for those it wakes.
    /// Who unparks keeps the word alive during the call, though a thread that saw the change may be
    /// done with it.
    ///
    /// Without [`Capabilities::park`] nobody calls this; the default does nothing.
    ///
    /// It may be called in the trap hook and in interrupt handlers: it takes no lock.
    fn unpark(&self, word: &AtomicU32) {
        let _ = word;
    }

    /// Time since some moment: it never goes back, and is the same on all threads and cores.
    ///
    /// It may be called in the trap hook. Without [`Capabilities::interrupts`] and [`Capabilities::alarm`] nobody calls this.
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    /// The name of the calling thread or core, for [`interrupt`](Self::interrupt). No two threads that are alive have
    /// the same.
    ///
    /// It may be called in the trap hook, where it names the thread or core that was interrupted, and costs a
    /// few instructions. Without [`Capabilities::interrupts`] nobody calls this.
    fn current_thread(&self) -> Thread {
        Thread::MIN
    }

    /// Asks the trap hook soon, on the thread or core with this [name](Self::current_thread), with
    /// [`FaultKind::Interrupt`] and the registers of whatever runs there then.
    ///
    /// It may be called on any thread or core, in the trap hook and in interrupt handlers: it takes no lock and
    /// does not wait. What the caller wrote before is visible to the hook. No call is lost, but several may
    /// end in one question. One question too many is harmless, so the name may be that of a
    /// thread which is gone, or does something else by now.
    ///
    /// Where tasks are scheduled on a core, by the platform or by a firmware on top of it, the code that returns from
    /// *any* interrupt asks the hook about the context that is returned to, so that a task which
    /// was not running when it was interrupted is when it is next switched to. The hook tells by the
    /// stack pointer what it is asked about.
    ///
    /// Without [`Capabilities::interrupts`] nobody calls this; the default does nothing.
    fn interrupt(&self, thread: Thread) {
        let _ = thread;
    }

    /// Has the calling thread or core go on with code whose registers were [kept](Resume::keep): at that instruction, with
    /// all of them, whatever thread or core it was on.
    ///
    /// Right before that, it calls `begin(data)`, as a trap hook is called: nothing interrupts the thread between the two. An
    /// [`interrupt`](Self::interrupt) that has not asked the hook by then does so at that instruction; the hook may be asked
    /// there without one. What the calling code has on its stack stays.
    ///
    /// Without [`Capabilities::continues`] nobody calls this; the default panics.
    ///
    /// # Safety
    /// The registers were kept by this platform. The code at their pc may run on this thread, on the stack that they name.
    /// `begin` keeps the contract of a [`TrapHook`]. The calling frame is never returned to, and needs no drop.
    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        let (_, _, _) = (registers, begin, data);
        unreachable!("the platform does not continue what it has interrupted")
    }

    /// Asks the trap hook as [`interrupt`](Self::interrupt) does, once, when `after` has passed, on the calling
    /// thread or core. `None` means no more. Each call replaces what the one before it on this thread or core has set.
    ///
    /// The hook is not asked before its time because of this, or is so without harm, and afterwards as
    /// soon as the machine allows. A time that is too long for the clock is none.
    ///
    /// It may be called in the trap hook, and does not fail on a thread where it has succeeded before. On another, which
    /// may be about to call it for the first time, it may fail there and then changes nothing.
    ///
    /// # Errors
    /// The machine has no timer left for this thread. Without [`Capabilities::interrupts`] nobody
    /// calls this; the default fails.
    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        let _ = after;
        Err(Error::new(Operation::SetTimer, 0))
    }

    /// Calls `ring` when the clock ([`now`](Self::now)) has come to `at`.
    ///
    /// There is one alarm for all threads and cores, and all give the same `ring`. Of the times that were set the earliest
    /// counts. When it has come, all of them are forgotten, and then `ring` is called: who waits for a later time sets that
    /// again. The call is as soon after its time as the machine allows, and never before it; a time that is too long for the
    /// clock does not come.
    ///
    /// `ring` is ordinary code: it takes locks, allocates, sets the alarm, and calls wakers, which are anybody's. So it is
    /// called neither in the trap hook nor in a handler that may have interrupted who holds a lock, but on a thread where
    /// nobody waits for it; or, where there are no threads, on a core that waits, in [`park`](Self::park) or by what the
    /// platform has for executors: on such a machine the alarm is late for as long as no core waits. It may panic, where
    /// panics can be caught: then it is called again, for what it has not come to.
    ///
    /// This is not called in the trap hook, nor with a lock held that `ring` takes.
    ///
    /// If it does not ring, what waits for a time waits for ever; nothing else breaks.
    ///
    /// # Errors
    /// The machine has nobody who could call it. Once it has succeeded it does not fail. Without
    /// [`Capabilities::alarm`] nobody calls this; the default fails.
    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<()> {
        let (_, _) = (at, ring);
        Err(Error::new(Operation::SetAlarm, 0))
    }
}

impl fmt::Debug for dyn Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Platform")
            .field(&self.capabilities())
            .finish()
    }
}
