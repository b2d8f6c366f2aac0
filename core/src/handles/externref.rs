//! [`ExternRef`]: host values that Wasm code can hold but not look into.

use super::AnyRef;
use super::anyref::is_told;
use super::rooted::{Rooted, gc_ref};
use crate::error::Result;
use crate::store::{AsContextMut, StoreContext, StoreContextMut};
use core::any::Any;

gc_ref! {
    /// An opaque reference to a host value (`externref`).
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`](crate::OwnedRooted), whose methods these are. The value lives as long as
    /// the host or Wasm code refers to it: it is dropped when garbage is collected after that, or with
    /// the store.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{ExternRef, Instance, Module, Rooted, Store};
    ///
    /// let module = Module::new(&engine, r#"
    ///     (module (func (export "same") (param externref) (result externref) (local.get 0)))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// type Value = Option<Rooted<ExternRef>>;
    /// let same = instance.get_typed_func::<Value, Value>(&mut store, "same")?;
    /// let value = ExternRef::new(&mut store, String::from("hello"))?;
    /// let value = same.call(&mut store, Some(value))?.unwrap();
    /// let text = value.data(&store)?.unwrap().downcast_ref::<String>();
    /// assert_eq!(text.unwrap(), "hello");
    /// # wasmetal::error::Ok(())
    /// ```
    ExternRef
}

impl ExternRef {
    /// Gives a host value to the store, to be passed to Wasm code by reference. It may collect garbage.
    ///
    /// # Errors
    /// The store has 2^30 of them already, or memory is short: the error is a
    /// [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory) with the value. The garbage-collected heap is
    /// damaged.
    #[allow(clippy::new_ret_no_self, reason = "as in Wasmtime")]
    pub fn new<T>(mut store: impl AsContextMut, value: T) -> Result<Rooted<Self>>
    where
        T: 'static + Any + Send + Sync,
    {
        let store = store.as_context_mut().opaque();
        if store.externrefs.wants_collection() {
            store.collect(&mut [])?;
        }
        let reference = store.externrefs.insert(value)?;
        Rooted::try_new(store, reference)
    }

    /// As [`new`](Self::new). A host value is no object of the heap that a limiter is asked about, so it waits for nothing.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    #[cfg(feature = "async")]
    pub async fn new_async<T>(
        store: impl AsContextMut<Data: Send>,
        value: T,
    ) -> Result<Rooted<Self>>
    where
        T: 'static + Any + Send + Sync,
    {
        Self::new(store, value)
    }

    /// An internal reference as an external one (spec: `extern.convert_any`).
    ///
    /// # Errors
    /// The scope of `anyref` has been left.
    ///
    /// # Panics
    /// If `store` is not its store.
    pub fn convert_any(
        mut store: impl AsContextMut,
        anyref: Rooted<AnyRef>,
    ) -> Result<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        let reference = anyref.raw(store)?;
        Rooted::try_new(store, reference)
    }

    /// The value. `None` for references that are no host value's: made of internal ones.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn data<'a, T: 'static>(
        &self,
        store: impl Into<StoreContext<'a, T>>,
    ) -> Result<Option<&'a (dyn Any + Send + Sync)>> {
        let store = &store.into().0.opaque;
        let reference = self.reference(store)?;
        Ok(store.externrefs.get(reference))
    }

    /// The value.
    ///
    /// # Errors
    /// As [`data`](Self::data).
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn data_mut<'a, T: 'static>(
        &self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> Result<Option<&'a mut (dyn Any + Send + Sync)>> {
        let store = store.into().opaque();
        let reference = self.reference(store)?;
        Ok(store.externrefs.get_mut(reference))
    }

    /// The reference behind a number from [`to_raw`](Self::to_raw), or from another function of that name, of the same
    /// store; `None` for 0, and for every other number: such are not believed. Garbage must not have been collected
    /// since, unless it is a host value that is referred to otherwise.
    pub fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        is_told(store, raw).then(|| Rooted::new(store, raw))
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
