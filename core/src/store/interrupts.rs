//! Stopping a store from outside: handles and deadlines.
#![forbid(unsafe_code)]

use crate::error::Result;
use crate::interrupt::InterruptHandle;
use crate::{AsContextMut, Store, StoreContextMut};
use core::time::Duration;

impl<T: 'static> Store<T> {
    /// A handle by which any thread, core or interrupt handler ends what the store runs, with
    /// [`Trap::Interrupt`](crate::Trap::Interrupt). There may be any number of them.
    ///
    /// The code that the store runs is the same, with a handle and without, and so is its speed. A call into the
    /// store takes a little longer once there is one.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module};
    /// use std::{thread, time::Duration};
    /// use wasmetal::{Store, Trap};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let module = Module::new(&engine, r#"(module (func (export "spin") (loop br 0)))"#)?;
    /// let mut store = Store::new(&engine, ());
    /// let handle = store.interrupt_handle()?;
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// thread::spawn(move || {
    ///     thread::sleep(Duration::from_millis(10));
    ///     handle.interrupt();
    /// });
    /// let error = spin.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// The platform has no interrupts.
    pub fn interrupt_handle(&mut self) -> Result<InterruptHandle> {
        self.as_context_mut().interrupt_handle()
    }

    /// Ends what the store runs when this time has passed from now, as
    /// [`InterruptHandle::interrupt`] does. `None`: never.
    ///
    /// Time passes while the store is idle too, and in host functions. Once the deadline has passed, every call into
    /// Wasm ends before it begins, until another deadline is set; `Some(Duration::ZERO)` is one
    /// that has passed. A host function may give its caller more time by `caller.as_context_mut().set_deadline(...)`.
    ///
    /// # How late it may be
    ///
    /// A collection of garbage that has begun is finished: objects of which a half has moved would be of no use to the
    /// host's roots and to later calls. It takes time in proportion to
    ///
    /// - the bytes of the objects that are alive, which are at most half of
    ///   [`gc_heap_size`](crate::StoreLimitsBuilder::gc_heap_size);
    /// - the elements of tables that are references to objects or host values, by whole groups of 512, and 1/4096 of the
    ///   others: [`total_table_elements`](crate::StoreLimitsBuilder::total_table_elements). Tables of functions are not
    ///   looked at;
    /// - globals that are such references, and elements of segments whose expressions make objects:
    ///   [`Config::module_limits`](crate::Config::module_limits), times
    ///   [`instances`](crate::StoreLimitsBuilder::instances);
    /// - the frames of Wasm code: [`Config::max_wasm_stack`](crate::Config::max_wasm_stack);
    /// - what the host itself has: roots, and all [`ExternRef`](crate::ExternRef)s, the dead ones with what their
    ///   destructors do.
    ///
    /// An allocation collects once, and once more where the heap grows; where growth is refused
    /// and the heap moves ([`Config::explicit_checks`](crate::Config::explicit_checks)), at most eight times.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module};
    /// use std::time::Duration;
    /// use wasmetal::{Store, Trap};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let module = Module::new(&engine, r#"(module (func (export "spin") (loop br 0)))"#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// store.set_deadline(Some(Duration::from_millis(10)))?;
    /// let error = spin.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// The platform has no interrupts. `None` does not fail.
    pub fn set_deadline(&mut self, after: Option<Duration>) -> Result<()> {
        self.as_context_mut().set_deadline(after)
    }

    /// Forgets an [interrupt](InterruptHandle::interrupt) that has not ended a call yet. Whether there was one.
    ///
    /// Deadlines stay.
    pub fn take_interrupt(&mut self) -> bool {
        self.as_context_mut().take_interrupt()
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::interrupt_handle`].
    ///
    /// # Errors
    /// As there.
    pub fn interrupt_handle(&mut self) -> Result<InterruptHandle> {
        self.raw.interrupt_handle()
    }

    /// As [`Store::set_deadline`]. In a host function it decides on the code that has called it too.
    ///
    /// # Errors
    /// As there.
    pub fn set_deadline(&mut self, after: Option<Duration>) -> Result<()> {
        self.raw.set_deadline(after)
    }

    /// As [`Store::take_interrupt`].
    pub fn take_interrupt(&mut self) -> bool {
        self.raw.take_interrupt()
    }
}
