//! Time slices of asynchronous calls.

use super::{Store, StoreContextMut, StoreOpaque};
use crate::AsContextMut;
use crate::error::{OutOfMemory, Result};
use crate::oom;
use alloc::boxed::Box;
use core::time::Duration;
use wasmetal_platform::SavedRegisters;

impl<T: 'static> Store<T> {
    /// Bounds how long a poll of an asynchronous call runs. When it has run that long, at whatever instruction the Wasm code
    /// stands, the call is not ready, and has woken its task: other tasks have their turn. When it is polled again, the code
    /// goes on from there. `None`: it runs until it waits, as in a new store.
    ///
    /// The code is the same, with slices and without, and so is its speed: nothing in it looks at the time. Host functions
    /// and builtins are not disturbed; a slice that ends in one takes effect when that returns to the code. Only the
    /// innermost asynchronous call ends its slice, and not while a host function that it has called runs Wasm code by a call
    /// that can't wait: that ends first.
    ///
    /// On a platform that can't continue what it has interrupted (`Capabilities::continues`), slices end where the code calls
    /// a host function or a builtin only, on the way back.
    ///
    /// It is the outermost call that has a slice: an asynchronous call inside a host function of one that can't wait has none.
    ///
    /// A slice may be of any length. However short it is (zero too), a poll goes on by an instruction at least; one of some
    /// microseconds mostly changes tasks. A deadline ([`set_deadline`](Self::set_deadline)), fuel and epochs go on counting
    /// as without slices; a deadline passes while others have their turn, too.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module, Store};
    /// use std::task::{Context, Waker};
    /// use std::time::Duration;
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let module = Module::new(&engine, r#"(func (export "spin") (loop br 0))"#)?;
    /// let mut store = Store::new(&engine, ());
    /// store.set_time_slice(Some(Duration::from_micros(100)))?;
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// let mut call = std::pin::pin!(spin.call_async(&mut store, ()));
    /// for _ in 0..3 {
    ///     // An executor would poll other tasks in between.
    ///     assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    /// }
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// The platform has no interrupts; memory is exhausted. `None` does not fail.
    pub fn set_time_slice(&mut self, slice: Option<Duration>) -> Result<()> {
        self.as_context_mut().set_time_slice(slice)
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::set_time_slice`]. In a host function it is for the next poll.
    ///
    /// # Errors
    /// As for [`Store::set_time_slice`].
    pub fn set_time_slice(&mut self, slice: Option<Duration>) -> Result<()> {
        self.raw.set_time_slice(slice)
    }
}

impl StoreOpaque {
    fn set_time_slice(&mut self, slice: Option<Duration>) -> Result<()> {
        if slice.is_some() {
            self.interruptible()?;
            self.make_room_for_registers()?;
        }
        self.time_slice = slice;
        Ok(())
    }

    fn make_room_for_registers(&mut self) -> Result<()> {
        let context = self.context.as_ptr();
        // SAFETY: the store's own context (*owned*); the hook, which may look at this, finds none or all of it.
        unsafe {
            if (*context).registers.is_null() {
                let registers = oom::place(SavedRegisters::default());
                let registers =
                    registers.map_err(|_| OutOfMemory::new(size_of::<SavedRegisters>()))?;
                (*context).continues = self.engine.platform().capabilities().continues;
                (*context).registers = Box::into_raw(registers);
            }
        }
        Ok(())
    }

    /// Frees what slices took.
    pub(super) fn drop_registers(&mut self) {
        let context = self.context.as_ptr();
        // SAFETY: the store's own context (*owned*), in which no code runs any more; the box is from
        // `make_room_for_registers`.
        unsafe {
            if !(*context).registers.is_null() {
                drop(Box::from_raw((*context).registers));
            }
        }
    }
}
