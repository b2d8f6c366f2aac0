//! From a fault or a failed host function to an [`Error`](crate::Error).

mod backtrace;
// Twins: without the feature `demangle` names are shown as they are.
#[cfg_attr(not(feature = "demangle"), path = "no_symbol.rs")]
mod symbol;
#[cfg(feature = "exceptions")]
mod unwind;

pub use crate::abi::traps::Trap;
pub use backtrace::{FrameInfo, MemoryFault, WasmBacktrace};
#[cfg(feature = "exceptions")]
pub(crate) use unwind::find_handler;
