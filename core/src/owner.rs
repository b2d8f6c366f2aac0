//! Whose a thing is: handles belong to a store, types and modules to an engine.
//!
//! All checks of that are here, with their two texts. Whether a function panics or fails is as in Wasmtime, and
//! documented at each. A test goes through all public functions in which two things meet
//! (`core/tests/api/strangers.rs`).
#![forbid(unsafe_code)]

use crate::error::{Error, Result};
use crate::store::{StoreId, StoreOpaque};
use crate::types::{
    ArrayType, FieldType, FuncType, HeapType, RefType, StructType, TagType, ValType,
};
use crate::{Engine, Extern, Func, Module, Ref, SharedMemory, Val};

const WRONG_STORE: &str = "object used with the wrong store";

/// What belongs to a store.
pub(crate) trait OfStore {
    /// Whether it may be used with `store`.
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool;

    /// # Errors
    /// It is of another store.
    #[inline]
    fn ensure_store(&self, store: &StoreOpaque) -> Result<()> {
        match self.comes_from_same_store(store) {
            true => Ok(()),
            false => Err(wrong_store()),
        }
    }

    /// # Panics
    /// If it is of another store.
    #[inline]
    #[track_caller]
    fn assert_store(&self, store: &StoreOpaque) {
        assert!(self.comes_from_same_store(store), "{WRONG_STORE}");
    }
}

#[cold]
fn wrong_store() -> Error {
    Error::msg(WRONG_STORE)
}

impl OfStore for StoreId {
    #[inline]
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        *self == store.id
    }
}

impl OfStore for Func {
    #[inline]
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.store.comes_from_same_store(store)
    }
}

impl OfStore for Ref {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        match self {
            Self::Func(func) => func.is_none_or(|func| func.comes_from_same_store(store)),
            Self::Extern(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
            Self::Any(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
            Self::Exn(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
        }
    }
}

impl OfStore for Val {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.ref_()
            .is_none_or(|value| value.comes_from_same_store(store))
    }
}

/// A shared memory belongs to all stores of its engine.
impl OfStore for SharedMemory {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        Engine::same(self.engine(), &store.engine)
    }
}

impl OfStore for Extern {
    fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        match self {
            Self::Func(func) => func.comes_from_same_store(store),
            Self::Global(global) => global.store.comes_from_same_store(store),
            Self::Table(table) => table.store.comes_from_same_store(store),
            Self::Memory(memory) => memory.store.comes_from_same_store(store),
            Self::Tag(tag) => tag.store.comes_from_same_store(store),
            Self::SharedMemory(memory) => memory.comes_from_same_store(store),
        }
    }
}

/// What belongs to an engine.
pub(crate) trait OfEngine {
    /// What it is called in messages.
    const WHAT: &'static str;

    /// Whether it may be used with `engine`.
    fn is_of_engine(&self, engine: &Engine) -> bool;

    /// # Errors
    /// It is of another engine.
    fn ensure_engine(&self, engine: &Engine) -> Result<()> {
        match self.is_of_engine(engine) {
            true => Ok(()),
            false => Err(wrong_engine(Self::WHAT)),
        }
    }

    /// # Panics
    /// If it is of another engine.
    #[track_caller]
    fn assert_engine(&self, engine: &Engine) {
        if let Err(error) = self.ensure_engine(engine) {
            panic!("{error}");
        }
    }
}

#[cold]
fn wrong_engine(what: &str) -> Error {
    Error::msg(alloc::format!("{what} used with the wrong engine"))
}

macro_rules! of_engine {
    ($($ty:ty, $what:literal, $this:ident => $engine:expr;)*) => {$(
        impl OfEngine for $ty {
            const WHAT: &'static str = $what;

            fn is_of_engine(&self, engine: &Engine) -> bool {
                let $this = self;
                Engine::same($engine, engine)
            }
        }
    )*};
}

of_engine! {
    StoreOpaque, "store", this => &this.engine;
    Module, "module", this => this.engine();
    FuncType, "type", this => this.engine();
    StructType, "type", this => this.engine();
    ArrayType, "type", this => this.engine();
    TagType, "type", this => this.ty().engine();
}

#[cfg(feature = "exceptions")]
of_engine! {
    crate::ExnType, "type", this => this.engine();
}

impl OfEngine for HeapType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        match self {
            Self::ConcreteFunc(ty) => ty.is_of_engine(engine),
            Self::ConcreteStruct(ty) => ty.is_of_engine(engine),
            Self::ConcreteArray(ty) => ty.is_of_engine(engine),
            _ => true,
        }
    }
}

impl OfEngine for RefType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        self.heap_type().is_of_engine(engine)
    }
}

impl OfEngine for ValType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        self.as_ref().is_none_or(|ty| ty.is_of_engine(engine))
    }
}

impl OfEngine for FieldType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        let value = self.element_type().as_val_type();
        value.is_none_or(|ty| ty.is_of_engine(engine))
    }
}

/// A type for use in one store, whose engine's it is.
///
/// There is no other way to make one, and no other way to the type, than by the checks.
#[derive(Debug)]
pub(crate) struct InStore<T> {
    store: StoreId,
    ty: T,
}

impl<T: OfEngine> InStore<T> {
    /// # Panics
    /// If the type is of another engine.
    #[track_caller]
    pub(crate) fn new(store: &StoreOpaque, ty: T) -> Self {
        ty.assert_engine(&store.engine);
        let store = store.id;
        Self { store, ty }
    }

    /// # Panics
    /// If it was made for another store.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, store: &StoreOpaque) -> &T {
        self.store.assert_store(store);
        &self.ty
    }
}
