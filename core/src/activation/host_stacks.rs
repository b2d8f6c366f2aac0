//! The host's stacks that the calls of a store are on: one for each thread that they have come to.
//!
//! A host function may lend its store to another thread, which calls into it while the first one waits. So entry frames
//! that are linked need not lie on one stack; each stack has a limit of its own, counted from its outermost call.

use super::arch;
use super::context::StoreContext;
use crate::error::Result;
use crate::oom;
use alloc::vec::Vec;
use core::ptr;
use wasmetal_platform::Thread;

/// The stacks, outermost first.
#[derive(Debug, Default)]
pub(crate) struct HostStacks {
    first: HostStack,
    /// The stacks of threads that the store was lent to: hardly ever any.
    others: Vec<HostStack>,
}

/// A stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostStack {
    /// The thread; `None` where the platform has no names for them.
    pub(crate) thread: Option<Thread>,
    /// The innermost entry frame on the stack before; null on the first.
    pub(crate) below: *mut u8,
}

impl Default for HostStack {
    fn default() -> Self {
        Self {
            thread: None,
            below: ptr::null_mut(),
        }
    }
}

impl HostStacks {
    /// An outermost call begins: the stack of its thread, `thread`, is the only one.
    pub(crate) fn begin(&mut self, thread: Option<Thread>) {
        self.others.clear();
        self.first = HostStack {
            thread,
            ..HostStack::default()
        };
    }

    /// The next calls are on another stack, of a thread that the store was lent to.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(crate) fn add(&mut self, stack: HostStack) -> Result<()> {
        Ok(oom::push(&mut self.others, stack)?)
    }

    /// The calls on the innermost stack have ended: the next ones are on the stack before it.
    pub(crate) fn remove(&mut self) {
        self.others.pop();
    }

    /// The thread of the innermost call; `None` where the platform has no names for them.
    pub(crate) fn thread(&self) -> Option<Thread> {
        self.others.last().unwrap_or(&self.first).thread
    }

    /// All stacks, the innermost first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &HostStack> {
        self.others.iter().rev().chain([&self.first])
    }
}

/// The thread of the Wasm code of a store that has called the host. That may have lent the store to `current`, which
/// asks.
///
/// # Safety
/// The context is a live store's, whose Wasm code has called.
pub(crate) unsafe fn calling_thread(
    context: *const StoreContext,
    current: Thread,
) -> Option<Thread> {
    // SAFETY: the caller's promise.
    unsafe {
        match is_on_this_stack(context) {
            true => Some(current),
            false => (*context).host_stacks.thread(),
        }
    }
}

/// Whether the innermost call of a store is on the stack of who asks, where that has room for more. The names of
/// threads do not say all: a thread may come to the stack of one that is gone, and take the short way in.
///
/// # Safety
/// The context is a live store's, in which no code runs.
#[inline]
pub(crate) unsafe fn is_on_this_stack(context: *const StoreContext) -> bool {
    // SAFETY: the caller's promise.
    let (limit, frame) = unsafe { ((*context).host_stack_limit, (*context).entry_frame) };
    (limit..frame.addr()).contains(&arch::stack_pointer())
}
