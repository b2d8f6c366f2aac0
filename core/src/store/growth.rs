//! What becomes of a memory or table that is to grow.
#![forbid(unsafe_code)]

use super::{ResourceLimiter, StoreOpaque};
use crate::abi::traps::Trap;
use crate::error::{Error, Result};

/// What is to grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Growing {
    /// A memory or the heap of objects: sizes are in bytes.
    Memory,
    /// Sizes are in elements.
    Table,
}

/// Whether something may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub what: Growing,
    pub current: usize,
    pub desired: usize,
    pub maximum: Option<usize>,
}

impl Question {
    /// Asks a limiter that answers at once.
    ///
    /// # Errors
    /// The limiter's.
    pub(super) fn ask(self, limiter: &mut dyn ResourceLimiter) -> Result<bool> {
        let Self {
            what,
            current,
            desired,
            maximum,
        } = self;
        match what {
            Growing::Memory => limiter.memory_growing(current, desired, maximum),
            Growing::Table => limiter.table_growing(current, desired, maximum),
        }
    }
}

/// How a growth has ended.
#[derive(Debug)]
pub(crate) enum Growth {
    /// It has happened, from this size.
    From(u64),
    /// It has not: the limiter has refused it, or was told why.
    Refused,
    /// It has not, for this reason, of which no limiter was told.
    Failed(Error),
}

impl Growth {
    /// The old size, as the builtins return it: -1 for a growth that has not happened.
    pub(crate) fn old_size(self) -> u64 {
        match self {
            Self::From(size) => size,
            Self::Refused | Self::Failed(_) => u64::MAX,
        }
    }

    /// The old size, for the host.
    ///
    /// # Errors
    /// It has not happened: `what` was to grow by `delta`.
    pub(crate) fn or_error(self, what: &str, delta: u64) -> Result<u64> {
        let text = || alloc::format!("failed to grow {what} by `{delta}`");
        match self {
            Self::From(size) => Ok(size),
            Self::Refused => Err(Error::msg(text())),
            Self::Failed(why) => Err(why.context(text())),
        }
    }
}

impl StoreOpaque {
    /// How a growth from `old` has ended, of which a limiter is told if it has failed.
    ///
    /// # Errors
    /// The limiter's. The store was interrupted, of which no limiter is told.
    pub(super) fn growth(
        &mut self,
        old: u64,
        grown: Result<()>,
        tell: impl Fn(&mut dyn ResourceLimiter, Error) -> Result<()>,
    ) -> Result<Growth> {
        match grown {
            Ok(()) => Ok(Growth::From(old)),
            Err(interrupt) if interrupt.is::<Trap>() => Err(interrupt),
            Err(error) => {
                let mut untold = Some(error);
                self.ask_limiter(Ok(()), |limiter| match untold.take() {
                    Some(error) => tell(limiter, error),
                    None => Ok(()),
                })?;
                Ok(untold.map_or(Growth::Refused, Growth::Failed))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn what_host_and_code_get() {
        let check = |growth: fn() -> Growth, code: u64, host: core::result::Result<u64, &str>| {
            assert_eq!(growth().old_size(), code);
            let found = growth().or_error("memory", 3);
            let found = found.map_err(|error| alloc::format!("{error:#}"));
            assert_eq!(found, host.map_err(ToString::to_string));
        };
        check(|| Growth::From(7), 7, Ok(7));
        check(
            || Growth::Refused,
            u64::MAX,
            Err("failed to grow memory by `3`"),
        );
        check(
            || Growth::Failed(Error::msg("no")),
            u64::MAX,
            Err("failed to grow memory by `3`: no"),
        );
    }
}
