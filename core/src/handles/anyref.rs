//! [`AnyRef`] and [`EqRef`]: references to what is internal, of any type.

use super::rooted::{OwnedRooted, Rooted, gc_ref};
use super::{ArrayRef, ExternRef, I31, StructRef};
use crate::abi::TypeId;
use crate::abi::gc::{HOST_BITS, Kind};
use crate::error::Result;
use crate::module::HeapType;
use crate::owner::OfEngine as _;
use crate::store::{AsContext, AsContextMut, StoreOpaque};

gc_ref! {
    /// A reference to anything internal (`anyref`): an `i31`, a struct, an array, or a host value made
    /// internal.
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`], whose methods these are.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{AnyRef, I31, Instance, Module, Rooted, Store};
    ///
    /// let module = Module::new(&engine, r#"
    ///     (module
    ///         (type $pair (struct (field i32) (field i32)))
    ///         (func (export "either") (param i32) (result anyref)
    ///             (if (result anyref) (local.get 0)
    ///                 (then (struct.new $pair (i32.const 1) (i32.const 2)))
    ///                 (else (ref.i31 (i32.const 7))))))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let either = instance.get_typed_func::<i32, Option<Rooted<AnyRef>>>(&mut store, "either")?;
    ///
    /// let small = either.call(&mut store, 0)?.unwrap();
    /// assert_eq!(small.as_i31(&store)?, Some(I31::wrapping_i32(7)));
    /// let pair = either.call(&mut store, 1)?.unwrap().unwrap_struct(&store)?;
    /// assert_eq!(pair.field(&mut store, 1)?.unwrap_i32(), 2);
    /// # wasmetal::error::Ok(())
    /// ```
    AnyRef
}

gc_ref! {
    /// A reference to what can be compared (`eqref`): an `i31`, a struct or an array.
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`], whose methods these are.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{EqRef, I31, Rooted, Store};
    ///
    /// let mut store = Store::new(&engine, ());
    /// let one = EqRef::from_i31(&mut store, I31::wrapping_i32(1));
    /// let same = EqRef::from_i31(&mut store, I31::wrapping_i32(1));
    /// // As `ref.eq` compares.
    /// assert!(Rooted::ref_eq(&store, &one, &same)?);
    /// # wasmetal::error::Ok(())
    /// ```
    EqRef
}

/// Whether a number of the host's stands for something internal, or for a host value.
pub(super) fn is_told(store: &StoreOpaque, raw: u32) -> bool {
    I31::from_reference(raw).is_some()
        || store.externrefs.get(raw).is_some()
        || store.roots.was_told(raw)
            && kind_of(store, raw).is_some_and(|kind| kind != Kind::Exception)
}

/// Whether a number of the host's stands for an exception.
pub(super) fn is_told_exception(store: &StoreOpaque, raw: u32) -> bool {
    store.roots.was_told(raw) && kind_of(store, raw) == Some(Kind::Exception)
}

/// The kind of object that it is a reference to, if it is one to an object.
fn kind_of(store: &StoreOpaque, reference: u32) -> Option<Kind> {
    let object = store.object(reference).ok().flatten();
    object.map(|(kind, _)| kind)
}

/// The type of an internal reference that is not null, as exact as can be, with engine-wide ids.
pub(super) fn internal_type(store: &StoreOpaque, reference: u32) -> Result<HeapType> {
    if I31::from_reference(reference).is_some() {
        return Ok(HeapType::I31);
    }
    let index = |id| TypeId::from_u32(id).as_canonical_index();
    Ok(match store.object(reference)? {
        Some((Kind::Struct, id)) => HeapType::ConcreteStruct(index(id)),
        Some((Kind::Array, id)) => HeapType::ConcreteArray(index(id)),
        _ => HeapType::Any,
    })
}

/// The methods that both have.
macro_rules! internal {
    ($name:ident) => {
        impl $name {
            /// An `i31` as a reference.
            pub fn from_i31(mut store: impl AsContextMut, value: I31) -> Rooted<Self> {
                Rooted::new(store.as_context_mut().opaque(), value.to_reference())
            }

            /// The reference's type, as exact as can be.
            ///
            /// # Errors
            /// The reference's scope has been left.
            ///
            /// # Panics
            /// If `store` is not this reference's.
            pub fn ty(&self, store: impl AsContext) -> Result<crate::HeapType> {
                let store = &store.as_context().0.opaque;
                let ty = internal_type(store, self.reference(store)?)?;
                Ok(crate::HeapType::from_canonical(&store.engine, ty))
            }

            /// Whether the reference is of type `ty`.
            ///
            /// # Errors
            /// The reference's scope has been left.
            ///
            /// # Panics
            /// If `store` is not this reference's, or the type is of another engine.
            pub fn matches_ty(&self, store: impl AsContext, ty: &crate::HeapType) -> Result<bool> {
                let store = store.as_context();
                ty.assert_engine(store.engine());
                Ok(self.ty(store)?.matches(ty))
            }

            /// Whether it is an `i31`.
            ///
            /// # Errors
            /// The reference's scope has been left.
            ///
            /// # Panics
            /// If `store` is not this reference's.
            pub fn is_i31(&self, store: impl AsContext) -> Result<bool> {
                Ok(self.as_i31(store)?.is_some())
            }

            /// The `i31`, if it is one.
            ///
            /// # Errors
            /// The reference's scope has been left.
            ///
            /// # Panics
            /// If `store` is not this reference's.
            pub fn as_i31(&self, store: impl AsContext) -> Result<Option<I31>> {
                let reference = self.reference(&store.as_context().0.opaque)?;
                Ok(I31::from_reference(reference))
            }

            /// The `i31`.
            ///
            /// # Errors
            /// The reference's scope has been left.
            ///
            /// # Panics
            /// If it is none, or `store` is not this reference's.
            pub fn unwrap_i31(&self, store: impl AsContext) -> Result<I31> {
                Ok(self.as_i31(store)?.expect("the reference is an i31"))
            }

            internal!(@object is_struct, as_struct, unwrap_struct, StructRef, Struct, "a struct");
            internal!(@object is_array, as_array, unwrap_array, ArrayRef, Array, "an array");
        }
    };
    (@object $is:ident, $as:ident, $unwrap:ident, $type:ident, $kind:ident, $what:literal) => {
        #[doc = concat!("Whether it is ", $what, ".")]
        ///
        /// # Errors
        /// The reference's scope has been left.
        ///
        /// # Panics
        /// If `store` is not this reference's.
        pub fn $is(&self, store: impl AsContext) -> Result<bool> {
            let store = &store.as_context().0.opaque;
            Ok(kind_of(store, self.reference(store)?) == Some(Kind::$kind))
        }

        #[doc = concat!("The reference as that of ", $what, ", if it is one.")]
        ///
        /// # Errors
        /// The reference's scope has been left.
        ///
        /// # Panics
        /// If `store` is not this reference's.
        pub fn $as(&self, store: impl AsContext) -> Result<Option<Rooted<$type>>> {
            Ok(self.$is(store)?.then(|| Rooted::from_root(self.root)))
        }

        #[doc = concat!("The reference as that of ", $what, ".")]
        ///
        /// # Errors
        /// The reference's scope has been left.
        ///
        /// # Panics
        /// If it is something else, or `store` is not this reference's.
        pub fn $unwrap(&self, store: impl AsContext) -> Result<Rooted<$type>> {
            Ok(self.$as(store)?.expect(concat!("the reference is ", $what)))
        }
    };
}

internal!(AnyRef);
internal!(EqRef);

impl AnyRef {
    /// A reference to a host value as an internal one (spec: `any.convert_extern`).
    ///
    /// # Errors
    /// The scope of `externref` has been left.
    ///
    /// # Panics
    /// If `store` is not its store.
    pub fn convert_extern(
        mut store: impl AsContextMut,
        externref: Rooted<ExternRef>,
    ) -> Result<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        let reference = externref.raw(store)?;
        Rooted::try_new(store, reference)
    }

    /// The reference behind a number from [`to_raw`](Self::to_raw), or from another function of that name, of the same
    /// store; `None` for 0, and for every other number: such are not believed. Garbage must not have been collected
    /// since, unless it is an `i31` or a host value.
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

    /// Whether it can be compared: whether it is no host value.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn is_eqref(&self, store: impl AsContext) -> Result<bool> {
        let reference = self.reference(&store.as_context().0.opaque)?;
        Ok(reference & 0b11 != HOST_BITS)
    }

    /// The reference as one that can be compared, if it is.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn as_eqref(&self, store: impl AsContext) -> Result<Option<Rooted<EqRef>>> {
        Ok(self.is_eqref(store)?.then(|| Rooted::from_root(self.root)))
    }

    /// The reference as one that can be compared.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If it is a host value's, or `store` is not this reference's.
    pub fn unwrap_eqref(&self, store: impl AsContext) -> Result<Rooted<EqRef>> {
        Ok(self.as_eqref(store)?.expect("the reference is an eqref"))
    }
}

/// Conversions to supertypes.
macro_rules! upcast {
    ($($sub:ident $method:ident $sup:ident;)*) => {$(
        impl Rooted<$sub> {
            #[doc = concat!("The same reference as a [`", stringify!($sup), "`].")]
            #[must_use]
            pub fn $method(self) -> Rooted<$sup> {
                self.cast()
            }
        }

        impl OwnedRooted<$sub> {
            #[doc = concat!("The same reference as a [`", stringify!($sup), "`].")]
            #[must_use]
            pub fn $method(self) -> OwnedRooted<$sup> {
                self.cast()
            }
        }

        impl From<Rooted<$sub>> for Rooted<$sup> {
            fn from(reference: Rooted<$sub>) -> Self {
                reference.cast()
            }
        }

        impl From<OwnedRooted<$sub>> for OwnedRooted<$sup> {
            fn from(reference: OwnedRooted<$sub>) -> Self {
                reference.cast()
            }
        }
    )*};
}

upcast! {
    EqRef to_anyref AnyRef;
    StructRef to_anyref AnyRef;
    StructRef to_eqref EqRef;
    ArrayRef to_anyref AnyRef;
    ArrayRef to_eqref EqRef;
}
