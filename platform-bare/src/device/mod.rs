//! What runs on the device only, in the order in which it comes to life.

mod alarm;
pub(crate) mod arch;
pub(crate) mod board;
pub mod console;
mod continued;
pub mod cores;
#[cfg(all(feature = "critical-section", target_os = "none"))]
mod critical;
pub mod exit;
mod fault;
pub mod heap;
mod interrupts;
mod lock;
mod memory;
mod park;
mod payload;
pub mod perf;
mod platform;
pub mod random;
mod start;
pub mod tasks;
pub mod timer;
mod trap;

pub use arch::context::{Interrupted, Registers};
pub use payload::payload;
pub use platform::{BarePlatform, platform};
#[doc(hidden)]
pub use start::{Entry, Script};
