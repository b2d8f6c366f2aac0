//! Why a platform could not do what it was asked.

use core::fmt;

/// The result of a platform operation.
pub type Result<T> = core::result::Result<T, Error>;

/// What was asked of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// [`Platform::reserve`](crate::Platform::reserve)
    Reserve,
    /// [`Platform::commit`](crate::Platform::commit)
    Commit,
    /// [`Platform::protect`](crate::Platform::protect)
    Protect,
    /// [`Platform::map_image`](crate::Platform::map_image)
    MapImage,
    /// [`Platform::set_trap_hook`](crate::Platform::set_trap_hook)
    SetTrapHook,
    /// [`Platform::thread_init`](crate::Platform::thread_init)
    ThreadInit,
    /// [`Platform::set_timer`](crate::Platform::set_timer)
    SetTimer,
    /// [`Platform::set_alarm`](crate::Platform::set_alarm)
    SetAlarm,
}

/// A platform operation failed; what it was to change is as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was asked.
    pub operation: Operation,
    /// The machine's own number for the cause (`errno` on Linux), 0 where there is none.
    pub code: i32,
}

impl Error {
    /// An error of `operation`, with the machine's own `code`.
    #[must_use]
    pub const fn new(operation: Operation, code: i32) -> Self {
        Self { operation, code }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.operation {
            Operation::Reserve => "out of address space",
            Operation::Commit => "out of memory",
            Operation::Protect => "cannot change memory protection",
            Operation::MapImage => "cannot map an initial image",
            Operation::SetTrapHook => "cannot install the trap hook",
            Operation::ThreadInit => "cannot prepare this thread for traps",
            Operation::SetTimer => "no timer for this thread",
            Operation::SetAlarm => "nobody can be woken by an alarm",
        })?;
        match self.code {
            0 => Ok(()),
            code => write!(f, " (code {code})"),
        }
    }
}

impl core::error::Error for Error {}
