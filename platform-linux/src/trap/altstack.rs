//! The stack that signal handlers run on: one per thread, with a guard page below it.
//!
//! A stack overflow in generated code faults with the stack pointer in a guard page, so the handler
//! needs a stack of its own. Threads that Rust starts have one already, but hardly larger than what
//! the kernel itself pushes with AVX-512; others have none.

use core::cell::{Cell, OnceCell};
use core::{mem, ptr};

use rustix::mm::{self, MapFlags, MprotectFlags, ProtFlags};
use wasmetal_platform::{Error, Operation, Result};

use super::chain::last_errno;
use super::frame::frame_size;
use crate::memory;

/// What handlers can use, in bytes, beyond what the kernel pushes. The hook walks frames here, and
/// earlier handlers, which print backtraces, run here too.
const USABLE: usize = 64 << 10;

thread_local! {
    /// This thread has an alternate stack that is large enough.
    static READY: Cell<bool> = const { Cell::new(false) };
    /// The stack, if it is ours; freed when the thread ends.
    static STACK: OnceCell<AltStack> = const { OnceCell::new() };
}

/// Sees to it that this thread has a large enough alternate stack.
pub(crate) fn thread_init() -> Result<()> {
    match READY.get() {
        true => Ok(()),
        false => prepare(),
    }
}

#[cold]
fn prepare() -> Result<()> {
    // SAFETY: asks only.
    let current = unsafe { sigaltstack(None) }?;
    if current.ss_flags & libc::SS_DISABLE == 0 && current.ss_size >= size() {
        READY.set(true);
        return Ok(());
    }
    // Past the end of a thread's life there is nowhere to keep the stack.
    let error = Error::new(Operation::ThreadInit, 0);
    STACK
        .try_with(|slot| slot.set(AltStack::install()?).map_err(|_| error))
        .map_err(|_| error)??;
    READY.set(true);
    Ok(())
}

/// Bytes of a stack, without its guard page.
fn size() -> usize {
    (frame_size() + USABLE).next_multiple_of(memory::page_size())
}

/// The alternate stack of the thread that made it: a guard page, then [`size`] bytes.
struct AltStack {
    mapping: *mut u8,
}

impl AltStack {
    fn install() -> Result<Self> {
        let error = memory::error(Operation::ThreadInit);
        let guard = memory::page_size();
        let flags = MapFlags::PRIVATE | MapFlags::STACK;
        // SAFETY: without MAP_FIXED a new mapping replaces none; nobody knows it yet.
        let stack = unsafe {
            let mapping =
                mm::mmap_anonymous(ptr::null_mut(), guard + size(), ProtFlags::empty(), flags)
                    .map_err(&error)?;
            let stack = Self {
                mapping: mapping.cast(),
            };
            let rights = MprotectFlags::READ | MprotectFlags::WRITE;
            mm::mprotect(mapping.byte_add(guard), size(), rights).map_err(&error)?;
            stack
        };
        // SAFETY: the memory is `stack`'s own, for the kernel alone to use, until it is dropped.
        unsafe { sigaltstack(Some(stack.base())) }?;
        Ok(stack)
    }

    /// The lowest usable byte.
    fn base(&self) -> *mut u8 {
        self.mapping.wrapping_add(memory::page_size())
    }
}

impl Drop for AltStack {
    fn drop(&mut self) {
        READY.set(false);
        // SAFETY: asks, and then turns off a stack that the thread is not on: it runs destructors.
        unsafe {
            if sigaltstack(None).is_ok_and(|current| current.ss_sp == self.base().cast()) {
                let _ = sigaltstack(Some(ptr::null_mut()));
            }
        }
        // SAFETY: the kernel does not use the mapping any more, and nobody else ever did.
        unsafe { memory::release(self.mapping, memory::page_size() + size()) };
    }
}

/// `sigaltstack(2)`: returns the current stack, after making the [`size`] bytes at `new` the stack,
/// or turning it off if that is null.
///
/// # Safety
/// The memory at `new` is used for nothing else until another stack replaces it.
unsafe fn sigaltstack(new: Option<*mut u8>) -> Result<libc::stack_t> {
    let new = new.map(|base| libc::stack_t {
        ss_sp: base.cast(),
        ss_flags: if base.is_null() { libc::SS_DISABLE } else { 0 },
        ss_size: size(),
    });
    let mut old = mem::MaybeUninit::uninit();
    // SAFETY: both pointers are null or valid; `old` is written if the call succeeds; the caller
    // gives the stack away.
    unsafe {
        let new = new.as_ref().map_or(ptr::null(), ptr::from_ref);
        match libc::sigaltstack(new, old.as_mut_ptr()) {
            0 => Ok(old.assume_init()),
            _ => Err(memory::error(Operation::ThreadInit)(last_errno())),
        }
    }
}
