//! Types of references of which there is none but null.
#![forbid(unsafe_code)]

use super::{Ref, Val};
use core::convert::Infallible;

macro_rules! bottoms {
    ($($(#[$doc:meta])* $name:ident: $variant:ident, $val:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// It has no values. `Option<_>` of it stands for the type with null in [`Func::wrap`](crate::Func::wrap) and
        /// [`Func::typed`](crate::Func::typed).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            pub(super) never: Infallible,
        }

        impl $name {
            /// Null, with its type.
            #[inline]
            #[must_use]
            pub fn null() -> Option<Self> {
                None
            }

            /// Null, as a [`Ref`].
            #[inline]
            #[must_use]
            pub fn null_ref() -> Ref {
                Ref::$variant(None)
            }

            /// Null, as a [`Val`].
            #[inline]
            #[must_use]
            pub fn null_val() -> Val {
                Val::$val(None)
            }
        }
    )*};
}

bottoms! {
    /// The reference type `nofunc`, below all functions.
    NoFunc: Func, FuncRef;
    /// The reference type `noextern`, below `extern`.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module, Store};
    /// use wasmetal::NoExtern;
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let module = Module::new(&engine, r#"
    ///     (func (export "is_null") (param (ref null noextern)) (result i32)
    ///         (ref.is_null (local.get 0)))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let is_null = instance.get_typed_func::<Option<NoExtern>, i32>(&mut store, "is_null")?;
    /// assert_eq!(is_null.call(&mut store, NoExtern::null())?, 1);
    /// # wasmetal::error::Ok(())
    /// ```
    NoExtern: Extern, ExternRef;
    /// The reference type `none`, below `any` and all structs and arrays.
    NoneRef: Any, AnyRef;
}
