//! Compiling for a store: what ends the store ends the compiler too.

use super::{CompilationStopped, Source};
use crate::error::Result;
use crate::interrupt;
use crate::store::StoreOpaque;
use crate::{AsContextMut, Module, Store, StoreContextMut};

impl<T: 'static> Store<T> {
    /// Compiles a module, as [`Module::new`] does, for a guest that this store is for: the store's
    /// [handles](Self::interrupt_handle) and its [deadline](Self::set_deadline) end the compiler as they end what
    /// the store runs. So one quota holds for all that is done for the guest, and a supervisor need not know
    /// which it is.
    ///
    /// An interrupt that comes while the compiler runs is used up by it. The compiler stops as it does at its
    /// [time limit](crate::Config::compile_time_limit), which holds as well. If it is stopped in a host function
    /// that Wasm code of this store has called, that ends too.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// use std::time::Duration;
    /// use wasmetal::{CompilationStopped, Store};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let mut store = Store::new(&engine, ());
    /// store.set_deadline(Some(Duration::ZERO))?;
    /// let error = store.compile("(module)").unwrap_err();
    /// let stopped = CompilationStopped::Interrupted { compiled: 0, functions: 0 };
    /// assert_eq!(error.downcast_ref(), Some(&stopped));
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// As [`Module::new`]; [`CompilationStopped::Interrupted`](crate::CompilationStopped::Interrupted).
    pub fn compile(&mut self, bytes: impl AsRef<[u8]>) -> Result<Module> {
        self.as_context_mut().compile(bytes)
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::compile`].
    ///
    /// # Errors
    /// As for [`Store::compile`].
    pub fn compile(&mut self, bytes: impl AsRef<[u8]>) -> Result<Module> {
        compile(&mut self.raw, bytes.as_ref())
    }
}

/// Compiles a module that the store's interrupts end too.
fn compile(store: &mut StoreOpaque, bytes: &[u8]) -> Result<Module> {
    let engine = store.engine.clone();
    let Some(interrupts) = store.interrupts.clone() else {
        return Module::new(&engine, bytes);
    };
    // SAFETY: the store's own context (*owned*).
    let outermost = unsafe { store.context.as_ref() }.entry_frame.is_null();
    let named = outermost.then(|| interrupt::Named::new(&interrupts));
    let result = Module::compile_for(&engine, Source::new(bytes), Some(&interrupts));
    drop(named);
    if let Err(error) = &result
        && let Some(CompilationStopped::Interrupted { .. }) = error.downcast_ref()
    {
        store.call_interrupted(&interrupts);
    }
    result
}
