//! Compiling for a store: what ends the store ends the compiler too.
#![forbid(unsafe_code)]

use crate::error::Result;
use crate::{AsContextMut, Module, Store, StoreContextMut};

impl<T: 'static> Store<T> {
    /// Compiles a module, as [`Module::new`] does, for a guest that this store is for: the store's
    /// [handles](Self::interrupt_handle) and its [deadline](Self::set_deadline) end the compiler as they end what
    /// the store runs. So one quota holds for all that is done for the guest, and whoever supervises it need not know
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
    /// As there.
    pub fn compile(&mut self, bytes: impl AsRef<[u8]>) -> Result<Module> {
        self.raw.compile(bytes.as_ref())
    }
}
