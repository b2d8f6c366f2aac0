//! [`Extern`]: anything that can be imported or exported; and [`Export`], with its name.
#![forbid(unsafe_code)]

use super::{Global, Memory, Table, Tag};
use crate::instance::SharedMemory;
use crate::module::EntityType;
use crate::store::OfStore as _;
use crate::store::{AsContext, StoreOpaque};
use crate::{ExternType, Func};

/// Anything that can be imported or exported.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Extern, Func, Instance, Module, Store};
///
/// let module = Module::new(&engine, r#"
///     (module
///         (import "host" "five" (func $five (result i32)))
///         (export "five" (func $five)))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let five = Func::wrap(&mut store, || 5);
/// // Imports are given in the module's order.
/// let instance = Instance::new(&mut store, &module, &[Extern::from(five)])?;
/// let exported = instance.get_export(&mut store, "five").and_then(Extern::into_func).unwrap();
/// assert_eq!(exported.typed::<(), i32>(&store)?.call(&mut store, ())?, 5);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A global.
    Global(Global),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// An exception tag.
    Tag(Tag),
    /// A memory that threads share.
    SharedMemory(SharedMemory),
}

macro_rules! conversions {
    ($($variant:ident($ty:ty) $into:ident, $what:literal;)*) => {
        impl Extern {
            $(
                #[doc = concat!("The ", $what, ", if this is one.")]
                #[must_use]
                pub fn $into(self) -> Option<$ty> {
                    match self {
                        Self::$variant(item) => Some(item),
                        _ => None,
                    }
                }
            )*
        }

        impl<'instance> Export<'instance> {
            $(
                #[doc = concat!("The ", $what, ", if this is one.")]
                #[must_use]
                pub fn $into(self) -> Option<$ty> {
                    self.definition.$into()
                }
            )*
        }

        $(
            impl From<$ty> for Extern {
                fn from(item: $ty) -> Self {
                    Self::$variant(item)
                }
            }
        )*
    };
}

conversions! {
    Func(Func) into_func, "function";
    Global(Global) into_global, "global";
    Table(Table) into_table, "table";
    Memory(Memory) into_memory, "memory";
    Tag(Tag) into_tag, "tag";
    SharedMemory(SharedMemory) into_shared_memory, "memory that threads share";
}

impl Extern {
    /// The type of the item. Limits are those it was made with, not its current size.
    ///
    /// # Panics
    /// If `store` does not own the item.
    pub fn ty(&self, store: impl AsContext) -> ExternType {
        let store = &store.as_context().0.opaque;
        self.assert_store(store);
        ExternType::from_canonical(&store.engine, &self.made_type(store))
    }

    /// The type that the item was made with, canonical.
    fn made_type(&self, store: &StoreOpaque) -> EntityType {
        match self {
            Self::Func(func) => EntityType::Function(func.type_id(store).as_canonical_index()),
            Self::Global(global) => EntityType::Global(global.canonical_type(store)),
            Self::Table(table) => EntityType::Table(table.get_data(store).ty().clone()),
            Self::Memory(memory) => EntityType::Memory(memory.get(store).ty().clone()),
            Self::Tag(tag) => EntityType::Tag(tag.type_id(store).as_canonical_index()),
            Self::SharedMemory(memory) => EntityType::Memory(memory.memory_type().clone()),
        }
    }

    /// The type of the item as it is now: the minimum of a memory or table is its current size.
    pub(crate) fn canonical_type(&self, store: &StoreOpaque) -> EntityType {
        let mut ty = self.made_type(store);
        match (self, &mut ty) {
            (Self::Table(table), EntityType::Table(ty)) => {
                ty.limits.minimum = table.get_data(store).len() as u64;
            }
            (Self::Memory(memory), EntityType::Memory(ty)) => {
                ty.limits.minimum = memory.get(store).pages();
            }
            (Self::SharedMemory(memory), EntityType::Memory(ty)) => {
                ty.limits.minimum = memory.size();
            }
            _ => {}
        }
        ty
    }
}

/// An export of an instance.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Instance, Module, Store};
///
/// let module = Module::new(&engine, r#"
///     (module (memory (export "memory") 1) (func (export "run")))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let names: Vec<_> = instance.exports(&mut store).map(|export| export.name().to_owned()).collect();
/// assert_eq!(names, ["memory", "run"]);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct Export<'instance> {
    name: &'instance str,
    definition: Extern,
}

impl<'instance> Export<'instance> {
    pub(crate) fn new(name: &'instance str, definition: Extern) -> Self {
        Self { name, definition }
    }

    /// The name it is exported under.
    #[must_use]
    pub fn name(&self) -> &'instance str {
        self.name
    }

    /// The type of what is exported.
    ///
    /// # Panics
    /// If `store` does not own it.
    pub fn ty(&self, store: impl AsContext) -> ExternType {
        self.definition.ty(store)
    }

    /// What is exported.
    #[must_use]
    pub fn into_extern(self) -> Extern {
        self.definition
    }
}
