//! The host's stacks that the calls of a store are on: one for each thread that they have come to.
//!
//! A host function may lend its store to another thread, which calls into it while the first one waits. So entry frames
//! that are linked need not lie on one stack; each stack has a limit of its own, counted from its outermost call.

use crate::error::Result;
use crate::oom;
use alloc::vec::Vec;
use core::ptr;

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
    /// The platform's name of the thread; 0 where that has none.
    pub(crate) thread: u64,
    /// The innermost entry frame on the stack before; null on the first.
    pub(crate) below: *mut u8,
}

impl Default for HostStack {
    fn default() -> Self {
        Self {
            thread: 0,
            below: ptr::null_mut(),
        }
    }
}

impl HostStacks {
    /// An outermost call begins: the stack of its thread, `thread`, is the only one.
    pub(crate) fn begin(&mut self, thread: u64) {
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

    /// The thread of the innermost call.
    pub(crate) fn thread(&self) -> u64 {
        self.others.last().unwrap_or(&self.first).thread
    }

    /// All stacks, the innermost first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &HostStack> {
        self.others.iter().rev().chain([&self.first])
    }
}
