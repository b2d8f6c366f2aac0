//! The fuel of stores.
//!
//! Generated code counts down to 0, in a signed number. Fuel beyond what that holds is kept apart.

use super::{Store, StoreContext, StoreContextMut, StoreOpaque};
use crate::Trap;
use crate::error::Result;
use crate::error::bounded::ensure;
#[cfg(feature = "async")]
use crate::error::bounded::format_err;
#[cfg(feature = "async")]
use core::num::NonZero;

/// The most that generated code counts: at times its variable holds as much again.
const MOST_COUNTED: u64 = 1 << 62;

impl StoreOpaque {
    pub(super) fn get_fuel(&self) -> Result<u64> {
        self.has_fuel()?;
        // SAFETY: the context is this store's (*owned*); no code runs in it now.
        let left = unsafe { (*self.context.as_ptr()).fuel };
        Ok(self.fuel_reserve.saturating_add_signed(left))
    }

    pub(super) fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.has_fuel()?;
        #[cfg(feature = "async")]
        let most = self.fuel_interval.map_or(MOST_COUNTED, NonZero::get);
        #[cfg(not(feature = "async"))]
        let most = MOST_COUNTED;
        let counted = fuel.min(most).min(MOST_COUNTED);
        self.fuel_reserve = fuel - counted;
        // SAFETY: as in `get_fuel`.
        unsafe { (*self.context.as_ptr()).fuel = counted.cast_signed() };
        Ok(())
    }

    /// Takes fuel for work that the runtime does.
    ///
    /// # Errors
    /// [`Trap::OutOfFuel`]: there is none left.
    pub(crate) fn use_fuel(&mut self, fuel: u64) -> Result<(), Trap> {
        if !self.engine.tunables().consume_fuel {
            return Ok(());
        }
        let left = self.get_fuel().unwrap_or_default().saturating_sub(fuel);
        if left == 0 {
            self.out_of_fuel();
            return Err(Trap::OutOfFuel);
        }
        let _ = self.set_fuel(left);
        Ok(())
    }

    /// Code of this store has used what it counts: gives it more, of what is left besides.
    ///
    /// # Errors
    /// [`Trap::OutOfFuel`]: there is none.
    pub(crate) fn refuel(&mut self) -> Result<(), Trap> {
        self.use_fuel(0)
    }

    /// Whether asynchronous calls give others their turn when code has used what it counts.
    #[cfg(feature = "async")]
    pub(crate) fn yields_by_fuel(&self) -> bool {
        self.fuel_interval.is_some()
    }

    #[cfg(feature = "async")]
    fn set_fuel_interval(&mut self, interval: Option<u64>) -> Result<()> {
        let left = self.get_fuel()?;
        ensure!(
            self.engine.tunables().fuel_yields,
            "this store's code gives nobody a turn by its fuel: `Config::async_support` is off"
        );
        let zero = "`fuel_async_yield_interval` is 0: code would never go on";
        self.fuel_interval = interval
            .map(|units| NonZero::new(units).ok_or_else(|| format_err!("{zero}")))
            .transpose()?;
        self.set_fuel(left)
    }

    /// There is no fuel any more.
    pub(crate) fn out_of_fuel(&mut self) {
        self.fuel_reserve = 0;
        // SAFETY: as in `get_fuel`.
        unsafe { (*self.context.as_ptr()).fuel = 0 };
    }

    fn has_fuel(&self) -> Result<()> {
        let consumes = self.engine.tunables().consume_fuel;
        ensure!(
            consumes,
            "this store has no fuel: `Config::consume_fuel` is off"
        );
        Ok(())
    }
}

impl<T: 'static> Store<T> {
    /// Makes asynchronous calls of this store give other tasks their turn each time that they have used this many units of
    /// fuel (1 and more): the call is not ready once, and has woken its task. `None`: they do not, as in a new store.
    ///
    /// A turn ends where code compares its fuel with 0: at the entry of a function, at the head of a loop or before an
    /// operator that works on a range. A call that can't wait ends there with an error, as where a host function waits.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module, Store};
    /// use std::task::{Context, Waker};
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// config.consume_fuel(true).async_support(true);
    /// let engine = Engine::new(&config)?;
    /// let module = Module::new(&engine, r#"(func (export "spin") (loop br 0))"#)?;
    /// let mut store = Store::new(&engine, ());
    /// store.set_fuel(10_000)?;
    /// store.fuel_async_yield_interval(Some(1_000))?;
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// let mut call = std::pin::pin!(spin.call_async(&mut store, ()));
    /// let mut task = Context::from_waker(Waker::noop());
    /// for _ in 0..9 {
    ///     // An executor would poll other tasks in between.
    ///     assert!(call.as_mut().poll(&mut task).is_pending());
    /// }
    /// // All fuel is used.
    /// assert!(call.as_mut().poll(&mut task).is_ready());
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// [`Config::consume_fuel`](crate::Config::consume_fuel) or [`Config::async_support`](crate::Config::async_support) is
    /// off; the interval is 0.
    #[cfg(feature = "async")]
    pub fn fuel_async_yield_interval(&mut self, interval: Option<u64>) -> Result<()> {
        self.raw().set_fuel_interval(interval)
    }

    /// How much fuel the store has left.
    ///
    /// It is exact when code has returned or trapped, and in host functions and callbacks. Of code that was interrupted,
    /// what its innermost function used since its last call or round of a loop is not counted. (Wasmtime counts less of
    /// code that trapped: nothing that its innermost function used since its last call.)
    ///
    /// # Errors
    /// [`Config::consume_fuel`](crate::Config::consume_fuel) is off.
    pub fn get_fuel(&self) -> Result<u64> {
        self.inner().opaque.get_fuel()
    }

    /// Sets how much fuel the store has. A new store has none: its code ends at once.
    ///
    /// Code that uses the last unit ends with [`Trap::OutOfFuel`](crate::Trap::OutOfFuel), at the next function or
    /// loop that it enters, or at the next operator that works on a range, unless that is known to be short when it is
    /// compiled. It has used all fuel then. Of more than 2^62 units the rest is never used. Most operators cost 1:
    /// [`OperatorCost`](crate::OperatorCost) says what each costs; entering a function costs 1 besides.
    /// The same code with the same input uses the same fuel on every machine, and as much as with Wasmtime.
    /// Instantiation costs 1, and 1 for each operator of initial values of globals and passive elements, and for
    /// calling the start function; nothing if there is none of this, and nothing for segments that are written to
    /// memories and tables (Wasmtime takes fuel for some of them).
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module, Store};
    /// use wasmetal::Trap;
    ///
    /// let mut config = Config::new(wasmetal_platform_linux::platform());
    /// config.consume_fuel(true);
    /// let engine = Engine::new(&config)?;
    /// let module = Module::new(&engine, r#"(func (export "spin") (loop (br 0)))"#)?;
    /// let mut store = Store::new(&engine, ());
    /// store.set_fuel(1000)?;
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// let error = spin.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel));
    /// assert_eq!(store.get_fuel()?, 0);
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// [`Config::consume_fuel`](crate::Config::consume_fuel) is off.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.raw().set_fuel(fuel)
    }
}

impl<T: 'static> StoreContext<'_, T> {
    /// As [`Store::get_fuel`].
    ///
    /// # Errors
    /// As for [`Store::get_fuel`].
    pub fn get_fuel(&self) -> Result<u64> {
        self.0.opaque.get_fuel()
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::fuel_async_yield_interval`].
    ///
    /// # Errors
    /// As for [`Store::fuel_async_yield_interval`].
    #[cfg(feature = "async")]
    pub fn fuel_async_yield_interval(&mut self, interval: Option<u64>) -> Result<()> {
        self.raw.set_fuel_interval(interval)
    }

    /// As [`Store::get_fuel`].
    ///
    /// # Errors
    /// As for [`Store::get_fuel`].
    pub fn get_fuel(&self) -> Result<u64> {
        self.raw.get_fuel()
    }

    /// As [`Store::set_fuel`].
    ///
    /// # Errors
    /// As for [`Store::set_fuel`].
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.raw.set_fuel(fuel)
    }
}
