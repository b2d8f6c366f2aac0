//! [`Global`]: a handle of a global.

use super::Val;
use crate::GlobalType;
use crate::activation::ValRaw;
use crate::error::bounded::bail;
use crate::error::{Context, Result};
use crate::instance::{GlobalPlace, HostGlobal};
use crate::module::{self, GlobalIndex};
use crate::oom::Watch;
use crate::store::OfStore as _;
use crate::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use core::fmt;

/// A global variable, in a store.
///
/// All methods panic if the global does not belong to the store.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Global, GlobalType, Mutability, Store, Val, ValType};
///
/// let mut store = Store::new(&engine, ());
/// let ty = GlobalType::new(ValType::I32, Mutability::Var);
/// let global = Global::new(&mut store, ty, Val::I32(1))?;
/// global.set(&mut store, Val::I32(2))?;
/// assert_eq!(global.get(&mut store).unwrap_i32(), 2);
/// assert!(global.set(&mut store, Val::F32(0)).is_err());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy)]
pub struct Global {
    pub(crate) store: StoreId,
    pub(crate) place: GlobalPlace,
}

// SAFETY: pointers are followed only with a borrow of the store (*handle*), which is `Send` itself.
unsafe impl Send for Global {}
// SAFETY: as for `Send`.
unsafe impl Sync for Global {}

impl Global {
    /// Makes a global with an initial value.
    ///
    /// # Errors
    /// `val` is not of the type or of another store, or the type is of another engine.
    pub fn new(mut store: impl AsContextMut, ty: GlobalType, val: Val) -> Result<Self> {
        let store = store.as_context_mut().opaque();
        val.ensure_matches(store, ty.content()).context(
            "type mismatch: initial value provided does not match the type of this global",
        )?;
        let value = val.to_slot(store)?;
        let watch = Watch::start()?;
        let global = store.add_global(HostGlobal::new(ty), watch)?;
        let this = Self {
            store: store.id,
            place: GlobalPlace {
                value: global.cast(),
                owner: None,
                index: GlobalIndex::from_u32(0),
            },
        };
        // SAFETY: just made, and the value is of its type.
        unsafe { this.place.value.cast::<ValRaw>().write(value) };
        Ok(this)
    }

    /// The type, canonical.
    #[track_caller]
    pub(crate) fn canonical_type(&self, store: &StoreOpaque) -> module::GlobalType {
        self.store.assert_store(store);
        // SAFETY: *handle*.
        unsafe { self.place.canonical_type() }
    }

    fn get_type(&self, store: &StoreOpaque) -> GlobalType {
        GlobalType::from_canonical(&store.engine, &self.canonical_type(store))
    }

    /// The type.
    pub fn ty(&self, store: impl AsContext) -> GlobalType {
        self.get_type(&store.as_context().0.opaque)
    }

    /// The current value.
    pub fn get(&self, mut store: impl AsContextMut) -> Val {
        let store = store.as_context_mut().opaque();
        let ty = self.canonical_type(store);
        // SAFETY: *handle*; the slot holds a value of the type, of this store.
        unsafe {
            Val::from_slot(
                store,
                self.place.value.cast::<ValRaw>().as_ref(),
                ty.content,
            )
        }
    }

    /// Sets the value.
    ///
    /// # Errors
    /// The global is immutable, or `val` is not of its type or of another store.
    pub fn set(&self, mut store: impl AsContextMut, val: Val) -> Result<()> {
        let store = store.as_context_mut().opaque();
        let ty = self.get_type(store);
        if ty.mutability().is_const() {
            bail!("immutable global cannot be set");
        }
        val.ensure_matches(store, ty.content())
            .context("type mismatch: attempt to set global to value of wrong type")?;
        let value = val.to_slot(store)?;
        // SAFETY: *handle*, with an exclusive borrow; the value is of the type.
        unsafe { self.place.value.cast::<ValRaw>().write(value) };
        Ok(())
    }
}

impl fmt::Debug for Global {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Global")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
