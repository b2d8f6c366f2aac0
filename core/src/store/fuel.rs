//! The fuel of stores.
//!
//! Generated code counts down to 0, in a signed number. Fuel beyond what that holds is kept apart.

use super::{Store, StoreContext, StoreContextMut, StoreOpaque};
use crate::Trap;
use crate::error::Result;
use crate::error::bounded::ensure;

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
        let counted = fuel.min(MOST_COUNTED);
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

    /// Code of this store has found that there is no more.
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
