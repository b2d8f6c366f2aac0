//! From a fault or a failed host function to an [`Error`](crate::Error).

mod backtrace;
mod handler;
#[cfg(feature = "exceptions")]
mod unwind;

pub use crate::abi::traps::Trap;
pub(crate) use backtrace::MAX_FRAMES;
pub use backtrace::{FrameInfo, WasmBacktrace};
pub(crate) use handler::hook;
#[cfg(feature = "exceptions")]
pub use unwind::ThrownException;
#[cfg(feature = "exceptions")]
pub(crate) use unwind::{Landing, find_handler};

/// What the trap hook, or an exit that failed, leaves for the code that called `enter`.
///
/// `pc` and `fp` are where the backtrace starts. The frames stay readable until the Wasm stack is
/// entered again: the host runs on another stack.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct RaisedTrap {
    /// The instruction that faulted, or the call of the host function or builtin that failed.
    pub pc: usize,
    /// The frame pointer there.
    pub fp: usize,
    /// The entry frame of the code that was left. Dangling: only compared.
    pub entry_frame: usize,
    /// Which trap; of no meaning after a failure.
    pub trap: Option<Trap>,
    /// The address of a memory fault.
    pub address: Option<usize>,
    /// The stack pointer and the link register, if the code was interrupted: it may have had no frame record yet, or
    /// none any more.
    pub interrupted: Option<[usize; 2]>,
}
