//! What the host does with exceptions: make them, look into them, throw and catch them.
#![forbid(unsafe_code)]

use super::exception_object::Exception;
use super::{ExnRef, Rooted, Tag, Val};
use crate::error::Result;
use crate::error::bounded::{ensure, format_err};
use crate::store::InStore;
use crate::store::ThrownException;
#[cfg(feature = "async")]
use crate::store::asking;
use crate::store::{AsContext, AsContextMut, Store, StoreContextMut, StoreOpaque};
use crate::types::ExnType;

/// What is needed to make exceptions of a type in a store.
#[derive(Debug)]
pub struct ExnRefPre {
    ty: InStore<ExnType>,
}

impl ExnRefPre {
    /// Prepares for exceptions of this type.
    ///
    /// # Panics
    /// If the type is of another engine than the store.
    pub fn new(mut store: impl AsContextMut, ty: ExnType) -> Self {
        let ty = InStore::new(store.as_context_mut().opaque(), ty);
        Self { ty }
    }
}

impl ExnRef {
    /// Makes an exception. [`Store::throw`] throws it.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Module};
    /// use wasmetal::{AsContextMut, Caller, ExnRef, ExnRefPre, ExnType, Linker, Result, Store, Tag, Val};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let module = Module::new(&engine, r#"
    ///     (import "host" "error" (tag $error (param i32)))
    ///     (import "host" "fail" (func $fail))
    ///     (func (export "run") (result i32)
    ///         (block $caught (result i32)
    ///             (try_table (catch $error $caught) (call $fail))
    ///             (i32.const 0)))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let ty = ExnType::new(&engine, [wasmetal::ValType::I32])?;
    /// let tag = Tag::new(&mut store, &ty.tag_type())?;
    /// let pre = ExnRefPre::new(&mut store, ty);
    /// let mut linker = Linker::new(&engine);
    /// linker.define(&store, "host", "error", tag)?;
    /// linker.func_wrap("host", "fail", move |mut caller: Caller<'_, ()>| -> Result<()> {
    ///     let exception = ExnRef::new(&mut caller, &pre, &tag, &[Val::I32(7)])?;
    ///     caller.as_context_mut().throw(exception)
    /// })?;
    /// let instance = linker.instantiate(&mut store, &module)?;
    /// let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    /// assert_eq!(run.call(&mut store, ())?, 7);
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// - The tag has another type than `allocator`.
    /// - `fields` are not what that type says, or one is of another store.
    /// - There is no room in the heap of the store.
    ///
    /// # Panics
    /// If `allocator` or `tag` is of another store.
    #[allow(clippy::new_ret_no_self, reason = "as in Wasmtime")]
    pub fn new(
        mut store: impl AsContextMut,
        allocator: &ExnRefPre,
        tag: &Tag,
        fields: &[Val],
    ) -> Result<Rooted<Self>> {
        Self::make(store.as_context_mut().opaque(), allocator, tag, fields)
    }

    /// Makes an exception.
    fn make(
        store: &mut StoreOpaque,
        allocator: &ExnRefPre,
        tag: &Tag,
        fields: &[Val],
    ) -> Result<Rooted<Self>> {
        let ty = allocator.ty.get(store).func_type();
        ensure!(
            tag.type_id(store) == ty.id(),
            "the tag of an exception has another type"
        );
        Exception::make(store, tag.number, ty, fields)
    }

    /// As [`new`](Self::new), in a store whose limiter may answer later
    /// ([`Store::limiter_async`](crate::Store::limiter_async)).
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    #[cfg(feature = "async")]
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        allocator: &ExnRefPre,
        tag: &Tag,
        fields: &[Val],
    ) -> Result<Rooted<Self>> {
        asking(store.as_context_mut().raw, |own| {
            Self::make(own, allocator, tag, fields)
        })
        .await
    }

    /// The exception's tag.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn tag(&self, mut store: impl AsContextMut) -> Result<Tag> {
        let store = store.as_context_mut().opaque();
        Ok(Tag {
            store: store.id,
            number: self.find(store)?.tag,
        })
    }

    /// The exception's type.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn ty(&self, store: impl AsContext) -> Result<ExnType> {
        let exception = self.find(&store.as_context().0.opaque)?;
        Ok(ExnType::from_func_type(exception.ty))
    }

    /// What the exception holds.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn fields<'a, T: 'static>(
        &'a self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> Result<impl ExactSizeIterator<Item = Val> + 'a> {
        let store = store.into().opaque();
        let exception = self.find(store)?;
        Ok(exception.fields(store)?.into_iter())
    }

    /// A field, counted from 0.
    ///
    /// # Errors
    /// The exception has no such field, or the reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn field(&self, mut store: impl AsContextMut, index: usize) -> Result<Val> {
        let store = store.as_context_mut().opaque();
        let exception = self.find(store)?;
        let fields = exception.fields(store)?;
        fields.get(index).copied().ok_or_else(|| {
            let len = fields.len();
            format_err!("cannot access field {index}: exn only has {len} fields")
        })
    }
}

fn throw<R>(store: &mut StoreOpaque, exception: Rooted<ExnRef>) -> Result<R> {
    store.gc.pending_exception = exception.raw(store)?;
    Err(ThrownException.into())
}

fn take_pending(store: &mut StoreOpaque) -> Option<Rooted<ExnRef>> {
    let exception = core::mem::take(&mut store.gc.pending_exception);
    Rooted::or_null(store, exception)
}

impl<T: 'static> Store<T> {
    /// Makes an exception the pending one, and fails with a [`ThrownException`]. A host function that
    /// fails with this throws the exception into the Wasm code that called it.
    ///
    /// It takes the place of one that is pending already.
    ///
    /// # Errors
    /// Always.
    ///
    /// # Panics
    /// If the exception is of another store.
    pub fn throw<R>(&mut self, exception: Rooted<ExnRef>) -> Result<R> {
        throw(&mut self.raw(), exception)
    }

    /// Whether an exception is pending: a call failed with a [`ThrownException`], or
    /// [`throw`](Self::throw) was called, and nobody has caught the exception since.
    #[must_use]
    pub fn has_pending_exception(&self) -> bool {
        self.inner().opaque.gc.pending_exception != 0
    }

    /// Takes the pending exception: it is caught.
    pub fn take_pending_exception(&mut self) -> Option<Rooted<ExnRef>> {
        take_pending(&mut self.raw())
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// As [`Store::throw`].
    ///
    /// # Errors
    /// As for [`Store::throw`].
    ///
    /// # Panics
    /// As for [`Store::throw`].
    pub fn throw<R>(&mut self, exception: Rooted<ExnRef>) -> Result<R> {
        throw(&mut self.raw, exception)
    }

    /// As [`Store::has_pending_exception`].
    #[must_use]
    pub fn has_pending_exception(&self) -> bool {
        self.raw.gc.pending_exception != 0
    }

    /// As [`Store::take_pending_exception`].
    pub fn take_pending_exception(&mut self) -> Option<Rooted<ExnRef>> {
        take_pending(&mut self.raw)
    }
}
