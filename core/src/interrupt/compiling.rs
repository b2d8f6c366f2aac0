//! Compilations: they end as stores do, by the same timers.

use super::{NO_DEADLINE, ended, stores};
use crate::code::Source;
use crate::engine::CompilationStopped;
use crate::store::StoreOpaque;
use crate::{Module, Result};
use core::sync::atomic::Ordering;
use wasmetal_platform::Platform;

/// Makes the calling thread one whose timer can be set, and sets it for the stores that it runs.
///
/// # Errors
/// There is no timer for it.
pub(crate) fn prepare_timer(platform: &'static dyn Platform) -> Result<()> {
    stores::know(platform);
    stores::set_timer(platform, NO_DEADLINE)
}

/// Sets the timer for the stores that this thread runs, or for `until`, in nanoseconds of the platform's clock, if that
/// comes first; where it has been [prepared](prepare_timer).
pub(crate) fn reset_timer(platform: &dyn Platform, until: u64) {
    // It has been set before, so that it can be now.
    let _ = stores::set_timer(platform, until);
}

impl StoreOpaque {
    /// Compiles a module that the store's interrupts end too.
    pub(crate) fn compile(&mut self, bytes: &[u8]) -> Result<Module> {
        let engine = self.engine.clone();
        let Some(interrupts) = self.interrupts.clone() else {
            return Module::new(&engine, bytes);
        };
        // SAFETY: the store's own context (*owned*).
        let outermost = unsafe { self.context.as_ref() }.entry_frame.is_null();
        if outermost {
            let thread = interrupts.platform.current_thread();
            interrupts.thread.store(thread, Ordering::SeqCst);
        }
        let result = Module::compile_for(&engine, Source::new(bytes), Some(&interrupts));
        if outermost {
            interrupts.thread.store(0, Ordering::SeqCst);
        }
        if let Err(error) = &result
            && let Some(CompilationStopped::Interrupted { .. }) = error.downcast_ref()
        {
            ended(self, &interrupts, true);
        }
        result
    }
}
