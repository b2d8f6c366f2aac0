//! Whose a thing is: handles belong to a store (`store/owner.rs`), types and modules to an engine.
//!
//! Each check has one text. Whether a function panics or fails is as in Wasmtime, and
//! documented at each. A test goes through all public functions in which two things meet
//! (`core/tests/api/strangers.rs`).
#![forbid(unsafe_code)]

use crate::Engine;
use crate::error::{Error, Result};

/// What belongs to an engine.
pub(crate) trait OfEngine {
    /// What it is called in messages.
    const WHAT: &'static str;

    /// Whether it may be used with `engine`.
    fn is_of_engine(&self, engine: &Engine) -> bool;

    /// # Errors
    /// It is of another engine.
    fn ensure_engine(&self, engine: &Engine) -> Result<()> {
        match self.is_of_engine(engine) {
            true => Ok(()),
            false => Err(wrong_engine(Self::WHAT)),
        }
    }

    /// # Panics
    /// If it is of another engine.
    #[track_caller]
    fn assert_engine(&self, engine: &Engine) {
        if let Err(error) = self.ensure_engine(engine) {
            panic!("{error}");
        }
    }
}

#[cold]
fn wrong_engine(what: &str) -> Error {
    Error::msg(alloc::format!("{what} used with the wrong engine"))
}

macro_rules! of_engine {
    ($($ty:ty, $what:literal, $this:ident => $engine:expr;)*) => {$(
        impl $crate::owner::OfEngine for $ty {
            const WHAT: &'static str = $what;

            fn is_of_engine(&self, engine: &$crate::Engine) -> bool {
                let $this = self;
                $crate::Engine::same($engine, engine)
            }
        }
    )*};
}

pub(crate) use of_engine;
