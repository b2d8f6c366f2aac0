//! The program's logger, which must not run confined: what it allocates would be gone with the computation, and its
//! locks would be held for ever where that is cut off.

use super::current;
use core::sync::atomic::{AtomicBool, Ordering};
use log::{LevelFilter, Log, Metadata, Record, SetLoggerError};

/// The least severe level at which the compiler's crates log nothing.
const QUIET: LevelFilter = LevelFilter::Info;

/// The program's logger is a [`Logger`]: for ever, since it is set once.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// A logger that does not hear of confined computations; all other records go to `L`.
///
/// The compiler's crates log at `Debug` and `Trace`. A program that confines the compiler (see
/// [`Allocator`](super::Allocator)) and lets its logger hear records of these levels puts that behind this. Otherwise the
/// compiler is not confined, as with another allocator, from when the program has raised
/// [`log::max_level`]: which it does before it compiles, as the level is looked at when a computation begins.
///
/// ```
/// use log::{Log, Metadata, Record};
/// use wasmetal_platform::confine::Logger;
///
/// struct Stderr;
///
/// impl Log for Stderr {
///     fn enabled(&self, _: &Metadata<'_>) -> bool {
///         true
///     }
///     fn log(&self, record: &Record<'_>) {
///         eprintln!("{}", record.args());
///     }
///     fn flush(&self) {}
/// }
///
/// static LOGGER: Logger<Stderr> = Logger::new(Stderr);
/// LOGGER.install()?;
/// log::set_max_level(log::LevelFilter::Debug);
/// # Ok::<(), log::SetLoggerError>(())
/// ```
#[derive(Debug, Default)]
pub struct Logger<L>(L);

impl<L> Logger<L> {
    /// Puts a logger behind.
    pub const fn new(logger: L) -> Self {
        Self(logger)
    }

    /// The logger behind.
    pub const fn get(&self) -> &L {
        &self.0
    }
}

impl<L: Log> Logger<L> {
    /// Makes this the program's logger, in place of [`log::set_logger`].
    ///
    /// # Errors
    /// The program has a logger.
    pub fn install(&'static self) -> Result<(), SetLoggerError> {
        log::set_logger(self)?;
        IS_OURS.store(true, Ordering::Release);
        Ok(())
    }
}

impl<L: Log> Log for Logger<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        current().is_none() && self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if current().is_none() {
            self.0.log(record);
        }
    }

    fn flush(&self) {
        if current().is_none() {
            self.0.flush();
        }
    }
}

/// Whether the program has a logger that would hear of a computation, and run as a part of it.
pub(super) fn would_run_confined() -> bool {
    log::max_level().min(log::STATIC_MAX_LEVEL) > QUIET && !IS_OURS.load(Ordering::Acquire)
}
