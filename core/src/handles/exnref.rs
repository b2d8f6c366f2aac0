//! [`ExnRef`]: references to exceptions.

use super::anyref::is_told_exception;
use super::rooted::{Rooted, gc_ref};
use crate::error::Result;
use crate::store::AsContextMut;

gc_ref! {
    /// A reference to an exception (`exnref`).
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`](crate::OwnedRooted), whose methods these are.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{Instance, Module, Store, ThrownException};
    ///
    /// let module = Module::new(&engine, r#"
    ///     (module
    ///         (tag $error (param i32))
    ///         (func (export "run") (throw $error (i32.const 7))))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
    ///
    /// assert!(run.call(&mut store, ()).unwrap_err().is::<ThrownException>());
    /// let exception = store.take_pending_exception().unwrap();
    /// assert_eq!(exception.field(&mut store, 0)?.unwrap_i32(), 7);
    /// # wasmetal::error::Ok(())
    /// ```
    ExnRef
}

impl ExnRef {
    /// The reference behind a number from [`to_raw`](Self::to_raw), or from another function of that name, of the same
    /// store; `None` for 0, and for every other number: such are not believed. Garbage must not have been collected
    /// since.
    pub fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        let known = is_told_exception(store, raw);
        known.then(|| Rooted::new(store, raw))
    }

    /// The number that stands for the reference in a [`ValRaw`](crate::ValRaw), until garbage is
    /// collected.
    ///
    /// # Errors
    /// The reference's scope has been left, or memory is exhausted.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        let store = store.as_context_mut().opaque();
        store.tell(self.reference(store)?)
    }
}
