//! [`Tag`]: a handle of an exception tag.
#![forbid(unsafe_code)]

use crate::error::Result;
use crate::owner::OfEngine as _;
use crate::store::OfStore as _;
use crate::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use crate::types::FuncType;
use crate::{TagType, abi::TypeId};

/// An exception tag, in a store: what tells kinds of exceptions apart (spec: "Tag Instances").
///
/// A tag that is imported twice is the same tag; each instance of a module has its own ones of those that
/// the module defines.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{FuncType, Store, Tag, TagType, ValType};
///
/// let mut store = Store::new(&engine, ());
/// let ty = TagType::new(FuncType::new(&engine, [ValType::I32], []));
/// let (a, b) = (Tag::new(&mut store, &ty)?, Tag::new(&mut store, &ty)?);
/// assert_eq!(a.ty(&store), ty);
/// assert!(Tag::eq(&a, &a, &store) && !Tag::eq(&a, &b, &store));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tag {
    pub(crate) store: StoreId,
    /// Its number in the store.
    pub(crate) number: u32,
}

impl Tag {
    /// Makes a tag.
    ///
    /// # Errors
    /// The type is of another engine, or memory is exhausted.
    pub fn new(mut store: impl AsContextMut, ty: &TagType) -> Result<Self> {
        let store = store.as_context_mut().opaque();
        ty.ensure_engine(&store.engine)?;
        Ok(Self {
            store: store.id,
            number: store.tags.add_host(ty.ty())?,
        })
    }

    /// The type.
    ///
    /// # Panics
    /// If `store` does not own the tag.
    pub fn ty(&self, store: impl AsContext) -> TagType {
        let store = &store.as_context().0.opaque;
        TagType::new(FuncType::from_id(&store.engine, self.type_id(store)))
    }

    /// Whether two tags are the same one.
    ///
    /// # Panics
    /// If `store` does not own both.
    pub fn eq(a: &Self, b: &Self, store: impl AsContext) -> bool {
        let store = &store.as_context().0.opaque;
        a.store.assert_store(store);
        b.store.assert_store(store);
        a.number == b.number
    }

    /// The engine-wide id of its function type.
    #[track_caller]
    pub(crate) fn type_id(&self, store: &StoreOpaque) -> TypeId {
        self.store.assert_store(store);
        store.tags.ty(self.number)
    }
}
