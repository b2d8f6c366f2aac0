//! Machines for tests: Linux, but for something.

use std::sync::atomic::AtomicU32;
use std::time::Duration;
use wasmetal::Platform;
use wasmetal_platform::{
    Capabilities, Image, Protection, Result, Rights, SavedRegisters, Thread, TrapHook,
};
use wasmetal_platform_linux::platform;

/// How a machine differs from Linux: what is not said is the same.
pub(crate) trait Machine: Send + Sync {
    fn capabilities(&self) -> Capabilities {
        platform().capabilities()
    }

    /// Before pages are committed.
    fn commits(&self) -> Result<()> {
        Ok(())
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        platform().park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        platform().unpark(word);
    }

    fn now(&self) -> Duration {
        platform().now()
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        platform().set_timer(after)
    }
}

/// The platform of such a machine.
#[derive(Debug)]
pub(crate) struct Like<M>(pub(crate) M);

// SAFETY: it is Linux, which does the work; a machine promises less, or fails.
unsafe impl<M: Machine> Platform for Like<M> {
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn cpu_feature(&self, name: &str) -> bool {
        platform().cpu_feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        platform().reserve(size, align)
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().release(base, size) }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        self.0.commits()?;
        // SAFETY: the caller's contract is the same.
        unsafe { platform().commit(base, size) }
    }

    unsafe fn populate(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().populate(base, size) }
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().decommit(base, size) }
    }

    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().protect(base, size, protection) }
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().publish(base, size) }
    }

    unsafe fn execute_in_place(
        &self,
        code: *const u8,
        size: usize,
        rights: Rights,
    ) -> Result<*const u8> {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().execute_in_place(code, size, rights) }
    }

    unsafe fn end_in_place(&self, code: *const u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().end_in_place(code, size) }
    }

    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        platform().create_image(bytes, go_on)
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().map_image(image, base) }
    }

    unsafe fn drop_image(&self, image: Image) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().drop_image(image) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().set_trap_hook(hook) }
    }

    fn thread_init(&self) -> Option<fn() -> Result<()>> {
        platform().thread_init()
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        self.0.park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        self.0.unpark(word);
    }

    fn now(&self) -> Duration {
        self.0.now()
    }

    fn current_thread(&self) -> Thread {
        platform().current_thread()
    }

    fn interrupt(&self, thread: Thread) {
        platform().interrupt(thread);
    }

    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().continue_interrupted(registers, begin, data) }
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        self.0.set_timer(after)
    }

    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<()> {
        platform().set_alarm(at, ring)
    }
}
