//! How far a compilation is, and whether it may go on.

use crate::error::Result;
use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};

/// What a compilation shares with the code that has started it.
#[derive(Default)]
pub struct Progress<'a> {
    functions: AtomicUsize,
    compiled: AtomicUsize,
    must_stop: Option<&'a (dyn Fn() -> bool + Sync)>,
}

impl<'a> Progress<'a> {
    /// The progress of a compilation that asks before each function whether it must stop.
    #[must_use]
    pub fn asking(must_stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self {
            must_stop: Some(must_stop),
            ..Self::default()
        }
    }

    /// How many functions are compiled, and how many there are; none as long as the module is decoded.
    #[must_use]
    pub fn functions(&self) -> (usize, usize) {
        let functions = self.functions.load(Ordering::Relaxed);
        (self.compiled.load(Ordering::Relaxed), functions)
    }

    pub(super) fn begin(&self, functions: usize) {
        self.functions.store(functions, Ordering::Relaxed);
    }

    pub(super) fn count(&self) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
    }

    /// # Errors
    /// [`Halted`].
    pub(crate) fn check(&self) -> Result<()> {
        match self.must_stop {
            Some(must_stop) if must_stop() => Err(Halted.into()),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Progress").field(&self.functions()).finish()
    }
}

/// The compilation was to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Halted;

impl fmt::Display for Halted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the compiler was stopped")
    }
}

impl core::error::Error for Halted {}
