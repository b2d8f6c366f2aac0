//! wasmetal's platform on Linux, for x86-64 and aarch64.
//!
//! | the trait's | is |
//! |---|---|
//! | reservations, commit, protection | `mmap`, `mprotect` |
//! | initial images | a `memfd`, mapped private |
//! | publishing code | cache maintenance and `membarrier` |
//! | trap hook | signals on an alternate stack, earlier handlers chained |
//! | parking | futexes |
//! | interrupts and timers | `SIGURG` to a thread; earlier handlers get those that others send |
//! | the alarm | a thread of the platform's own, from the first alarm on |
//! | CPU features | what std detects |
//!
//! **Signal handlers of the program** are installed with `SA_ONSTACK` in threads that call WebAssembly. One without
//! runs on the stack of the guest that it interrupts, with what room that has left. Where not even its frame fits, the
//! signal is lost and the guest ends with the overflow of its stack; where the handler itself runs out of room, it is
//! the program's own overflow, which ends the process.
//!
//! **After `fork`** the child's thread can run guests and stop them; so do those that it was running. As always, what
//! another thread of the parent had locked stays locked. A child made by the bare system call has no timers.
//!
//! Besides the trait it offers [`for_each`], for compiling in parallel, and [`DirectoryCache`].
//!
//! # Features
//! `default-platform`, off by default: what is made without a platform, `wasmetal::Engine::default()` above all, takes
//! this one. It holds for programs that name this crate, by `use wasmetal_platform_linux as _;` if by nothing else: others
//! are linked without it.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod alarm;
mod arch;
mod cache;
mod directory;
mod image;
mod in_place;
mod memory;
mod parallel;
mod park;
#[cfg(feature = "default-platform")]
mod process;
mod trap;

pub use directory::DirectoryCache;
pub use parallel::for_each;

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use wasmetal_platform::{
    Capabilities, Image, Platform, Protection, Result, Rights, SavedRegisters, Thread, TrapHook,
};

/// Linux: one per process, see [`platform`].
#[derive(Debug)]
pub struct LinuxPlatform(());

/// See [`Platform::now`].
fn now() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The platform of this process.
#[must_use]
pub fn platform() -> &'static LinuxPlatform {
    static PLATFORM: LinuxPlatform = LinuxPlatform(());
    &PLATFORM
}

// SAFETY: the kernel keeps what the trait promises. mmap never hands out a range in use; a mapping
// keeps its contents and protection until it is changed; `Protection` has no value for write and
// execute; a forbidden access raises SIGSEGV or SIGBUS at the instruction, and `trap` asks the hook.
unsafe impl Platform for LinuxPlatform {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            page_size: memory::page_size(),
            commit_piece: usize::MAX,
            guard_pages: true,
            branch_protection: arch::branch_protection(),
            initial_images: true,
            park: true,
            interrupts: true,
            continues: true,
            alarm: true,
        }
    }

    fn cpu_feature(&self, name: &str) -> bool {
        arch::feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        memory::reserve(size, align)
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { memory::release(base, size) }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { memory::commit(base, size) }
    }

    unsafe fn populate(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { memory::populate(base, size) }
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { memory::decommit(base, size) }
    }

    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { memory::protect(base, size, protection) }
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { cache::publish(base, size) }
    }

    unsafe fn execute_in_place(
        &self,
        code: *const u8,
        size: usize,
        rights: Rights,
    ) -> Result<*const u8> {
        // SAFETY: the contract is the same.
        unsafe { in_place::execute(code.cast_mut(), size, rights)? };
        // SAFETY: the range can be read.
        unsafe { cache::publish(code, size) };
        Ok(code)
    }

    unsafe fn end_in_place(&self, code: *const u8, size: usize) {
        // SAFETY: the contract is the same.
        unsafe { in_place::end(code.cast_mut(), size) };
    }

    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        image::create(bytes, go_on)
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { image::map(image, base) }
    }

    unsafe fn drop_image(&self, image: Image) {
        // SAFETY: the caller's contract is the same.
        unsafe { image::drop(image) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        trap::set_hook(hook)
    }

    fn thread_init(&self) -> Option<fn() -> Result<()>> {
        Some(trap::thread_init)
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        park::park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        park::unpark(word);
    }

    fn now(&self) -> Duration {
        now()
    }

    fn current_thread(&self) -> Thread {
        trap::current_thread()
    }

    fn interrupt(&self, thread: Thread) {
        trap::interrupt(thread);
    }

    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        // SAFETY: the caller's promise.
        unsafe { trap::continue_interrupted(registers, begin, data) }
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        trap::set_timer(after)
    }

    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<()> {
        alarm::set(at, ring)
    }
}
