//! [`Instance`]: a handle of an instance.

use super::{Export, Extern, Global, Memory, Table, Tag};
use crate::code::{Module, ModuleExport};
use crate::error::{Context, Error, Result};
use crate::instance::{InstanceData, SharedMemory};
use crate::instantiate::{check_imports, instantiate};
use crate::module::EntityIndex;
use crate::store::OfStore as _;
use crate::store::in_steps;
use crate::store::{AsContextMut, StoreContext, StoreContextMut, StoreId, StoreOpaque};
use crate::{Func, TypedFunc, WasmParams, WasmResults, oom};
use core::fmt;
use core::ptr::NonNull;

/// An instantiated module, in a store.
///
/// Made by [`Linker::instantiate`](crate::Linker::instantiate), which finds imports by name, or by
/// [`Instance::new`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Func, Instance, Module, Store};
///
/// let module = Module::new(&engine, r#"
///     (module
///         (import "env" "next" (func $next (result i32)))
///         (global (export "first") i32 (i32.const 7))
///         (func (export "twice") (result i32) (i32.add (call $next) (call $next))))
/// "#)?;
/// let mut store = Store::new(&engine, 0);
/// let next = Func::wrap(&mut store, |mut caller: wasmetal::Caller<'_, i32>| {
///     *caller.data_mut() += 1;
///     *caller.data()
/// });
/// let instance = Instance::new(&mut store, &module, &[next.into()])?;
/// let twice = instance.get_typed_func::<(), i32>(&mut store, "twice")?;
/// assert_eq!(twice.call(&mut store, ())?, 1 + 2);
/// let first = instance.get_global(&mut store, "first").unwrap();
/// assert_eq!(first.get(&mut store).unwrap_i32(), 7);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    pub(crate) store: StoreId,
    pub(crate) data: NonNull<InstanceData>,
}

// SAFETY: the pointer is followed only with a borrow of the store (*handle*), which is `Send` itself.
unsafe impl Send for Instance {}
// SAFETY: as for `Send`.
unsafe impl Sync for Instance {}

impl Instance {
    /// Instantiates a module with `imports` in the order of [`Module::imports`], and runs its start
    /// function if it has one.
    ///
    /// # Errors
    /// - `imports` are too few or too many, or one has a type that does not fit: the error names it.
    /// - One belongs to another store, or the module to another engine.
    /// - A limit of the store is exceeded, or memory is short.
    /// - An active segment does not fit ([`Trap`](crate::Trap)), or the start function fails. What has been
    ///   written to imported memories and tables until then stays.
    pub fn new(mut store: impl AsContextMut, module: &Module, imports: &[Extern]) -> Result<Self> {
        let mut store = store.as_context_mut().raw;
        in_steps(&mut store, |store, steps| {
            check_imports(store, module, imports, steps)
        })?;
        // SAFETY: just checked.
        unsafe { instantiate(store, module, imports) }
    }

    /// The instance behind the handle.
    #[track_caller]
    pub(crate) fn get<'a>(&self, store: &'a StoreOpaque) -> &'a InstanceData {
        self.store.assert_store(store);
        // SAFETY: *handle*. What changes in an instance changes through pointers only.
        unsafe { self.data.as_ref() }
    }

    /// The module that this is an instance of.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn module<'a, T: 'static>(&self, store: impl Into<StoreContext<'a, T>>) -> &'a Module {
        &self.get(&store.into().0.opaque).module
    }

    /// All exports, in the order of the export section.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn exports<'a, T: 'static>(
        &'a self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> impl ExactSizeIterator<Item = Export<'a>> + 'a {
        let instance = self.get(store.into().opaque());
        let exports = instance.info().exports.iter();
        exports.map(|export| Export::new(&export.name, instance.export(export.item)))
    }

    /// The export with a name.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_export(&self, mut store: impl AsContextMut, name: &str) -> Option<Extern> {
        let instance = self.get(store.as_context_mut().opaque());
        Some(instance.export(instance.module.export_index(name)?))
    }

    /// An export found before with [`Module::get_export_index`]; `None` if that was of another module.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_module_export(
        &self,
        mut store: impl AsContextMut,
        export: &ModuleExport,
    ) -> Option<Extern> {
        let instance = self.get(store.as_context_mut().opaque());
        let same = core::ptr::eq(export.module.inner(), instance.module.inner());
        same.then(|| instance.export(export.item))
    }

    /// The exported function with a name.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_func(&self, store: impl AsContextMut, name: &str) -> Option<Func> {
        self.get_export(store, name)?.into_func()
    }

    /// The exported function with a name, as a function of a known type.
    ///
    /// # Errors
    /// No function is exported under this name, or it has another type.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_typed_func<Params, Results>(
        &self,
        mut store: impl AsContextMut,
        name: &str,
    ) -> Result<TypedFunc<Params, Results>>
    where
        Params: WasmParams,
        Results: WasmResults,
    {
        let func = self.get_func(&mut store, name).ok_or_else(|| {
            Error::msg(oom::text(format_args!(
                "failed to find function export `{name}`"
            )))
        })?;
        func.typed::<Params, Results>(store.as_context())
            .with_context(|| {
                oom::text(format_args!(
                    "failed to convert function `{name}` to given type"
                ))
            })
    }

    /// The exported table with a name.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_table(&self, store: impl AsContextMut, name: &str) -> Option<Table> {
        self.get_export(store, name)?.into_table()
    }

    /// The exported memory with a name, if it is not shared.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_memory(&self, store: impl AsContextMut, name: &str) -> Option<Memory> {
        self.get_export(store, name)?.into_memory()
    }

    /// The exported memory with a name, if threads share it.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_shared_memory(&self, store: impl AsContextMut, name: &str) -> Option<SharedMemory> {
        self.get_export(store, name)?.into_shared_memory()
    }

    /// The exported global with a name.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_global(&self, store: impl AsContextMut, name: &str) -> Option<Global> {
        self.get_export(store, name)?.into_global()
    }

    /// The exported exception tag with a name.
    ///
    /// # Panics
    /// If `store` is not this instance's.
    pub fn get_tag(&self, store: impl AsContextMut, name: &str) -> Option<Tag> {
        self.get_export(store, name)?.into_tag()
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl InstanceData {
    /// Something that the module exports.
    pub(crate) fn export(&self, item: EntityIndex) -> Extern {
        match item {
            EntityIndex::Function(index) => {
                let func_ref = self
                    .func_ref(index)
                    .expect("an exported function has a reference");
                Extern::Func(Func {
                    store: self.store,
                    func_ref,
                })
            }
            EntityIndex::Table(index) => Extern::Table(Table {
                store: self.store,
                table: self.table(index),
            }),
            EntityIndex::Memory(index) => {
                let memory = self.memory(index);
                // SAFETY: the store keeps its memories (*instance*), and nothing changes one now.
                match unsafe { memory.as_ref() }.as_shared() {
                    Some(shared) => Extern::SharedMemory(shared.clone()),
                    None => Extern::Memory(Memory {
                        store: self.store,
                        memory,
                    }),
                }
            }
            EntityIndex::Global(index) => Extern::Global(Global {
                store: self.store,
                place: self.global(index),
            }),
            EntityIndex::Tag(index) => Extern::Tag(Tag {
                store: self.store,
                number: self.tag(index),
            }),
        }
    }
}
