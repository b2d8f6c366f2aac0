//! The few instructions between the host's stack and a Wasm stack, for each architecture.
//!
//! Four pieces of assembly, the same on each:
//!
//! - `enter(vmctx, code, values, context, entry) -> status` saves the callee-saved registers in an *entry
//!   frame* on the host's stack, links it into the store's context, switches to the Wasm stack and
//!   calls the entry trampoline. It returns 0.
//! - `leave` is jumped to, with the frame pointer on the innermost entry frame and the status as first
//!   argument: it makes that `enter` return the status. What lies on the Wasm stack is abandoned. It
//!   works from any instruction of generated code, since it takes nothing but the frame pointer.
//! - `host_call(vmctx, values, context)` switches to the host's stack, pushes an *exit frame* right
//!   below the entry frame and calls the C function at the vmctx's second word. If its status is not 0, it goes to
//!   `leave`, or, after a throw, to where the exception is caught. It puts nothing on the Wasm stack, so it can't overflow that.
//!   If somebody has diverted the exit frame meanwhile, it returns to `interrupted` instead, which goes to `leave`.
//! - a stub per builtin does the same for a fixed function.
//!
//! A fifth, `exit_to_query(query)`, is such a stub that keeps all registers, below the exit frame: code that
//! might call it keeps its values where they are.
//!
//! With the feature `async` there is a sixth, `resume(context, suspension, go_on) -> status`: it makes an entry frame and
//! an exit frame for a call out that was left because it waits, calls `go_on` as that call would have gone on, and does
//! with its status what `host_call` does.
//!
//! Frames are linked by frame records (saved frame pointer, return address) all the way: from the exit
//! frame over those on the Wasm stack to the entry trampoline's, which points to the entry frame.

// Twins: Miri executes no assembly.
#[cfg(all(target_arch = "aarch64", not(miri)))]
mod aarch64;
#[cfg(miri)]
mod model;
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod x86_64;

#[cfg(all(target_arch = "aarch64", not(miri)))]
pub(crate) use aarch64::*;
#[cfg(miri)]
pub(crate) use model::*;
#[cfg(all(target_arch = "x86_64", not(miri)))]
pub(crate) use x86_64::*;
