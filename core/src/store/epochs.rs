//! Deadlines of stores, in epochs of their engine.

use super::{RawStore, Store, StoreContextMut, StoreOpaque};
use crate::Result;
use crate::activation::Clock;
use crate::oom::Watch;
use alloc::boxed::Box;
use core::fmt;
use core::ptr::{self, NonNull};
#[cfg(feature = "async")]
use core::{future::Future, pin::Pin};

/// What becomes of code whose store's deadline has come: see
/// [`Store::epoch_deadline_callback`].
///
/// ```
/// use wasmetal::{Config, Engine, Instance, Module, Store, UpdateDeadline};
///
/// let mut config = Config::new(wasmetal_platform_linux::platform());
/// config.epoch_interruption(true);
/// let engine = Engine::new(&config)?;
/// let module = Module::new(&engine, r#"(module (func (export "run")))"#)?;
/// let mut store = Store::new(&engine, 0);
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
///
/// store.set_epoch_deadline(1);
/// store.epoch_deadline_callback(|mut context| {
///     *context.data_mut() += 1;
///     Ok(UpdateDeadline::Continue(1))
/// });
/// engine.increment_epoch();
/// run.call(&mut store, ())?;
/// assert_eq!(*store.data(), 1);
/// # wasmetal::error::Ok(())
/// ```
#[non_exhaustive]
pub enum UpdateDeadline {
    /// It ends with [`Trap::Interrupt`](crate::Trap::Interrupt). The deadline stays as it is.
    Interrupt,
    /// It goes on, with a deadline this many epochs from now.
    Continue(u64),
    /// The asynchronous call that it belongs to is not ready, and has woken its task: other tasks have their turn. When it
    /// is polled again it goes on. Its deadline is this many epochs from now. A call that can't wait ends with an error.
    #[cfg(feature = "async")]
    Yield(u64),
    /// As `Yield`, but it goes on when this future is ready.
    #[cfg(feature = "async")]
    YieldCustom(u64, Pin<Box<dyn Future<Output = ()> + Send>>),
}

impl fmt::Debug for UpdateDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, ticks) = match self {
            Self::Interrupt => return f.write_str("Interrupt"),
            Self::Continue(ticks) => ("Continue", ticks),
            #[cfg(feature = "async")]
            Self::Yield(ticks) => ("Yield", ticks),
            #[cfg(feature = "async")]
            Self::YieldCustom(ticks, _) => ("YieldCustom", ticks),
        };
        f.debug_tuple(name).field(ticks).finish()
    }
}

/// Says what becomes of the code of the store.
type Callback = Box<dyn FnMut(RawStore<'_>) -> Result<UpdateDeadline> + Send + Sync>;

/// A store's deadline.
#[derive(Default)]
pub(crate) struct Deadline {
    /// The store's from its making on, where its engine counts epochs.
    clock: Option<NonNull<Clock>>,
    callback: Option<Callback>,
}

impl Deadline {
    /// What generated code is to look at.
    pub(crate) fn clock(&self) -> *const Clock {
        self.clock.map_or(ptr::null(), |clock| clock.as_ptr())
    }
}

impl StoreOpaque {
    /// Takes a clock, if the engine counts epochs. Done once.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(super) fn lease_clock(&mut self, watch: Watch) -> Result<()> {
        if self.engine.tunables().epoch_interruption {
            let clock = self.engine.epochs().lease(self.context.as_ptr(), watch);
            self.deadline.clock = Some(clock?);
        }
        Ok(())
    }

    pub(super) fn give_back_clock(&mut self) {
        if let Some(clock) = self.deadline.clock.take() {
            self.engine.epochs().give_back(clock);
        }
    }

    fn set_epoch_deadline(&mut self, ticks: u64) {
        if let Some(clock) = self.deadline.clock {
            self.engine.epochs().set_deadline(clock, ticks);
        }
    }
}

impl RawStore<'_> {
    /// The deadline has come, whatever was said last.
    #[cfg(feature = "async")]
    pub(crate) fn deadline_is_due(mut self) {
        self.set_epoch_deadline(0);
    }

    /// What becomes of code of this store that found its deadline come; `None`: it was moved meanwhile.
    pub(crate) fn ask_deadline(mut self) -> Result<Option<UpdateDeadline>> {
        let clock = self.deadline.clock;
        if clock.is_none_or(|clock| !self.engine.epochs().is_due(clock)) {
            return Ok(None);
        }
        // While it runs there is none, so that code that it calls just ends.
        let Some(mut callback) = self.deadline.callback.take() else {
            return Ok(Some(UpdateDeadline::Interrupt));
        };
        let answer = callback(self.reborrow());
        self.deadline.callback = Some(callback);
        let answer = answer?;
        match answer {
            UpdateDeadline::Interrupt => {}
            UpdateDeadline::Continue(ticks) => self.set_epoch_deadline(ticks),
            #[cfg(feature = "async")]
            UpdateDeadline::Yield(ticks) | UpdateDeadline::YieldCustom(ticks, _) => {
                self.set_epoch_deadline(ticks);
            }
        }
        Ok(Some(answer))
    }
}

impl<T: 'static> Store<T> {
    /// Sets the store's deadline: `ticks_beyond_current` epochs of its engine from now. A new
    /// store has 0: code ends at once.
    ///
    /// The engine counts epochs when [`Engine::increment_epoch`](crate::Engine::increment_epoch) is called, and
    /// its code looks at them with [`Config::epoch_interruption`](crate::Config::epoch_interruption) only; without,
    /// this does nothing. A deadline so late that the counter can't reach it never comes.
    pub fn set_epoch_deadline(&mut self, ticks_beyond_current: u64) {
        self.raw().set_epoch_deadline(ticks_beyond_current);
    }

    /// Makes code that runs when the deadline comes, or after it, end with
    /// [`Trap::Interrupt`](crate::Trap::Interrupt). A new store is like this.
    pub fn epoch_deadline_trap(&mut self) {
        self.raw().deadline.callback = None;
    }

    /// Makes code that runs when the deadline comes, or after it, give other tasks their turn: the asynchronous call is not
    /// ready once, and has woken its task. Its next deadline is `delta` epochs from then.
    ///
    /// The same as a callback that returns [`UpdateDeadline::Yield`].
    #[cfg(feature = "async")]
    pub fn epoch_deadline_async_yield_and_update(&mut self, delta: u64) {
        self.epoch_deadline_callback(move |_| Ok(UpdateDeadline::Yield(delta)));
    }

    /// Makes code that runs when the deadline comes, or after it, call this function, which says what
    /// becomes of it. An error that it returns ends the code.
    ///
    /// It runs on the thread of the code, as a host function does. Code that it calls itself in this store
    /// ends with [`Trap::Interrupt`](crate::Trap::Interrupt) unless it moves the deadline before. As in Wasmtime, it is
    /// not the store's while it runs, and is again when it returns: so
    /// [`epoch_deadline_trap`](StoreContextMut::epoch_deadline_trap) does nothing in it, and after a panic of its the
    /// store has none.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module, Trap};
    /// use wasmetal::{Store, UpdateDeadline};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// config.epoch_interruption(true);
    /// let engine = Engine::new(&config)?;
    /// let module = Module::new(&engine, r#"(func (export "spin") (loop (br 0)))"#)?;
    /// let mut store = Store::new(&engine, 3);
    /// store.epoch_deadline_callback(|mut store| {
    ///     *store.data_mut() -= 1;
    ///     Ok(match store.data() {
    ///         0 => UpdateDeadline::Interrupt,
    ///         _ => UpdateDeadline::Continue(0),
    ///     })
    /// });
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// let error = spin.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn epoch_deadline_callback(
        &mut self,
        mut callback: impl FnMut(StoreContextMut<'_, T>) -> Result<UpdateDeadline>
        + Send
        + Sync
        + 'static,
    ) {
        self.raw().deadline.callback = Some(Box::new(move |store| {
            // SAFETY: it is this very store.
            callback(unsafe { StoreContextMut::from_raw(store) })
        }));
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::epoch_deadline_async_yield_and_update`].
    #[cfg(feature = "async")]
    pub fn epoch_deadline_async_yield_and_update(&mut self, delta: u64) {
        self.raw.deadline.callback = Some(Box::new(move |_| Ok(UpdateDeadline::Yield(delta))));
    }

    /// As [`Store::set_epoch_deadline`].
    pub fn set_epoch_deadline(&mut self, ticks_beyond_current: u64) {
        self.raw.set_epoch_deadline(ticks_beyond_current);
    }

    /// As [`Store::epoch_deadline_trap`]. In a callback of the store's it does nothing: that is the store's again when it
    /// returns.
    pub fn epoch_deadline_trap(&mut self) {
        self.raw.deadline.callback = None;
    }
}
