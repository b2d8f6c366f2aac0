//! Stopping a store from outside: handles and deadlines.

use super::StoreOpaque;
use crate::abi::traps::Trap;
use crate::activation::Deadline;
use crate::activation::context;
use crate::activation::host_stacks::calling_thread;
use crate::activation::signals::Interrupts;
use crate::error::bounded::ensure;
use crate::error::{Error, Result};
use crate::interrupt::pieces::Steps;
use crate::interrupt::{self, Pieces};
use crate::oom::Watch;
use crate::{AsContextMut, Store, StoreContextMut};
use alloc::sync::Arc;
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
    /// Measured on AArch64, in instructions: 116 for an object of two fields (24 bytes) that is alive, 96 for each KiB of an
    /// array of numbers, 65 for an element of a table that refers to an object; 370 for a frame and 158 for a root of the
    /// host's, each with an object of its own; 78 for a host value that is alive, 186 for one that is dropped. So a heap of
    /// such objects that is limited to 1 MiB takes 2.5 million: half of it is 21,845 objects.
    ///
    /// An allocation collects once, and once more where the heap grows; where growth is refused
    /// and the heap moves ([`Config::explicit_checks`](crate::Config::explicit_checks)), at most eight times.
    ///
    /// Where a module is loaded or dropped on the same engine, by whatever thread, an instantiation and a cast to a type with
    /// seven or more above it may wait for one of its recursion groups: about 1,000 instructions for each type of that, and
    /// 80 for each field, parameter or result. [`ModuleLimits::rec_group_types`](crate::ModuleLimits::rec_group_types) and
    /// [`fields`](crate::ModuleLimits::fields) bound it, by 1,000 types with 1,000 fields in
    /// [`ModuleLimits::firmware`](crate::ModuleLimits::firmware).
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
    /// As for [`Store::interrupt_handle`].
    pub fn interrupt_handle(&mut self) -> Result<InterruptHandle> {
        self.raw.interrupt_handle()
    }

    /// As [`Store::set_deadline`]. In a host function it decides on the code that has called it too.
    ///
    /// # Errors
    /// As for [`Store::set_deadline`].
    pub fn set_deadline(&mut self, after: Option<Duration>) -> Result<()> {
        self.raw.set_deadline(after)
    }

    /// As [`Store::take_interrupt`].
    pub fn take_interrupt(&mut self) -> bool {
        self.raw.take_interrupt()
    }

    /// Whether what the store runs is to go on. A host function that takes long, or waits, asks now and then, and returns
    /// the error.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Linker, Module, Store};
    /// # use std::time::Duration;
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{AsContextMut, Caller, Result, Trap};
    ///
    /// let mut linker = Linker::new(&engine);
    /// linker.func_wrap("host", "wait", |mut caller: Caller<'_, ()>| -> Result<()> {
    ///     loop {
    ///         caller.as_context_mut().check_interrupt()?;
    ///     }
    /// })?;
    /// let module = Module::new(&engine, r#"(import "host" "wait" (func)) (export "wait" (func 0))"#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = linker.instantiate(&mut store, &module)?;
    /// let wait = instance.get_typed_func::<(), ()>(&mut store, "wait")?;
    /// store.set_deadline(Some(Duration::from_millis(10)))?;
    /// let error = wait.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// [`Trap::Interrupt`](crate::Trap::Interrupt): the deadline has passed, or somebody has
    /// [interrupted](InterruptHandle::interrupt) it.
    pub fn check_interrupt(&mut self) -> Result<()> {
        in_steps(&mut self.raw, |_, steps| steps.look())
    }
}

/// Interrupts a store from any thread, core or interrupt handler:
/// [`Store::interrupt_handle`](crate::Store::interrupt_handle) makes it.
///
/// It outlives the store. To interrupt a store that was dropped does nothing.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Instance, Module, Store, Trap};
///
/// let module = Module::new(&engine, r#"(module (func (export "run") (loop (br 0))))"#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
///
/// let handle = store.interrupt_handle()?;
/// std::thread::spawn(move || handle.interrupt());
/// let error = run.call(&mut store, ()).unwrap_err();
/// assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<Interrupts>);

impl InterruptHandle {
    /// Ends what the store runs, soon, with [`Trap::Interrupt`](crate::Trap::Interrupt).
    ///
    /// - Wasm code is ended at the instruction where it stands. What it has written to memories, globals and
    ///   tables stays; the store can be used on.
    /// - A host function that Wasm code has called is not disturbed; the Wasm code ends when that returns. Long
    ///   builtins (`memory.fill`, `table.copy`) end between two pieces of their work, a thread that waits in
    ///   `memory.atomic.wait` at once. A collection of garbage is finished first:
    ///   [`Store::set_deadline`](crate::Store::set_deadline) says how long that takes.
    /// - Instantiation ends between two pieces of its work: imports, memories, initial values, tables and segments. So does
    ///   [`Linker::instance`](crate::Linker::instance). What it had made is freed first.
    /// - If the store is idle, its next call into Wasm ends before it begins.
    /// - An asynchronous call that waits has its task woken, and ends when it is polled. The waker is called here: it must be
    ///   fit for where this is called, which on a signal handler most executors' are not.
    ///
    /// Calls may be nested: Wasm code calls a host function, which calls Wasm code. An interrupt ends all of
    /// them. Until the outermost has ended, no other begins, whatever host functions make of the error.
    /// Then the interrupt is used up. Several interrupts until then count as one; one that comes too late,
    /// when the call has just ended by itself, is for the next.
    /// [`Store::take_interrupt`](crate::Store::take_interrupt) takes it away.
    ///
    /// This takes no lock, does not wait and does not allocate, but for what a waker does.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl StoreOpaque {
    /// Makes the store one that can be interrupted.
    ///
    /// # Errors
    /// The platform has no interrupts, or no memory is left.
    pub(super) fn interruptible(&mut self) -> Result<Arc<Interrupts>> {
        if let Some(interrupts) = &self.interrupts {
            return Ok(interrupts.clone());
        }
        let platform = self.engine.platform();
        ensure!(
            platform.capabilities().interrupts,
            "this platform can't interrupt what runs: it has no timer or no signals"
        );
        let watch = Watch::start()?;
        let interrupts = Arc::new(Interrupts::new(platform, self.context));
        watch.check()?;
        interrupt::know(platform);
        // SAFETY: the store's own context (*owned*). The hook, which may look at it from now on, finds no thread yet.
        unsafe {
            let context = self.context.as_ptr();
            (*context).interrupts = Arc::as_ptr(&interrupts);
            (*context).host_stack_room = 0;
        }
        self.interrupts = Some(interrupts.clone());
        self.join_calls(&interrupts)?;
        Ok(interrupts)
    }

    /// Names the thread, if the store is being used by a host function that Wasm code has called.
    fn join_calls(&self, interrupts: &Interrupts) -> Result<()> {
        // SAFETY: the store's own context (*owned*).
        if !unsafe { self.context.as_ref() }.entry_frame.is_null() {
            let current = interrupts.platform.current_thread();
            // SAFETY: the store's own context (*owned*); there is an entry frame, so Wasm code has called.
            let thread = unsafe { calling_thread(self.context.as_ptr(), current) };
            interrupt::hand_over(interrupts, thread);
            match thread {
                // The thread that has lent the store waits in a host function. Its hook sets its timer.
                Some(other) if other != current => interrupts.platform.interrupt(other),
                _ => interrupt::set_timer(interrupts.platform, Deadline::NEVER)?,
            }
        }
        Ok(())
    }

    pub(crate) fn interrupt_handle(&mut self) -> Result<InterruptHandle> {
        Ok(InterruptHandle(self.interruptible()?))
    }

    pub(crate) fn set_deadline(&mut self, after: Option<Duration>) -> Result<()> {
        if after.is_none() && self.interrupts.is_none() {
            return Ok(());
        }
        let interrupts = self.interruptible()?;
        let deadline = match after {
            Some(after) => Deadline::after(interrupts.platform, after),
            None => Deadline::NEVER,
        };
        interrupts.set_deadline(deadline);
        self.reconsider(&interrupts);
        self.join_calls(&interrupts)
    }

    pub(crate) fn take_interrupt(&mut self) -> bool {
        let Some(interrupts) = self.interrupts.clone() else {
            return false;
        };
        let was_pending = interrupts.take();
        self.reconsider(&interrupts);
        // While the store was to stop nobody waited for its deadline. The thread has its timer, since an entry has set it.
        let _ = self.join_calls(&interrupts);
        was_pending
    }

    /// Lets the Wasm code that has called the host go on, or not, after the reason to stop it has changed.
    fn reconsider(&self, interrupts: &Interrupts) {
        let context = self.context.as_ptr();
        // SAFETY: the store's own context (*owned*); if there is an entry frame, the host was called from Wasm code of
        // this store on this thread. If the hook comes in between, the second look puts it right.
        unsafe {
            let entry_frame = (*context).entry_frame;
            if entry_frame.is_null() {
                return;
            }
            if !interrupts.must_stop() && (*context).is_diverted() {
                interrupts.set_delivered(false);
                context::StoreContext::undivert(context);
            }
            if interrupts.must_stop() {
                context::StoreContext::divert(context);
            }
        }
    }

    /// Sees to what a call that has ended with an error, and is not on the stack any more, means for the calls around it.
    #[inline(always)]
    pub(crate) fn call_failed(&self, error: &Error) {
        if let Some(interrupts) = &self.interrupts {
            self.interruptible_call_failed(interrupts, error);
        }
    }

    #[inline(never)]
    fn interruptible_call_failed(&self, interrupts: &Interrupts, error: &Error) {
        let interrupted = error.downcast_ref::<Trap>() == Some(&Trap::Interrupt);
        self.call_ended(interrupts, interrupted);
    }

    /// As [`call_failed`](Self::call_failed), of a call that has ended because the store was to stop.
    pub(crate) fn call_interrupted(&self, interrupts: &Interrupts) {
        self.call_ended(interrupts, true);
    }

    /// As [`call_failed`](Self::call_failed), of a call that has ended with a panic, which is about to go on.
    pub(crate) fn call_panicked(&self) {
        if let Some(interrupts) = &self.interrupts {
            self.call_ended(interrupts, false);
        }
    }

    /// A call has ended, because the store was to stop (`interrupted`) or not.
    fn call_ended(&self, interrupts: &Interrupts, interrupted: bool) {
        let context = self.context.as_ptr();
        let delivered = interrupted || interrupts.is_delivered();
        // SAFETY: the store's own context (*owned*). An entry frame that is there is that of Wasm code which has
        // called the host on this thread.
        unsafe {
            // The exit frame that may have been diverted is gone, or is diverted again.
            (*context).forget_diversion();
            if (*context).entry_frame.is_null() {
                interrupts.set_delivered(false);
                if delivered {
                    interrupts.take();
                }
            } else if interrupts.must_stop() {
                interrupts.set_delivered(delivered);
                context::StoreContext::divert(context);
            }
        }
    }
}

/// Does what may be long and is no call into Wasm code, in steps.
///
/// # Errors
/// Those of `work`: among them [`Trap::Interrupt`], if the store is to stop.
pub(crate) fn in_steps<R>(
    store: &mut StoreOpaque,
    work: impl FnOnce(&mut StoreOpaque, &mut Steps) -> Result<R>,
) -> Result<R> {
    // SAFETY: the store's own context (*owned*), used here only.
    let mut steps = unsafe { Pieces::untimed(store.context) }.steps();
    work(store, &mut steps).inspect_err(|error| store.call_failed(error))
}
