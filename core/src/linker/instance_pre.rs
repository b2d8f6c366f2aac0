//! `InstancePre`: a module whose imports are found and checked.

use super::definition::Definition;
use crate::interrupt::pieces::Steps;
use crate::module::EntityIndex;
use crate::oom::{self, Watch};
use crate::owner::OfEngine as _;
use crate::store::in_steps;
use crate::store::{DataType, StoreOpaque};
use crate::types::matching;
use crate::{AsContextMut, Extern, Func, Instance, Module, Result, instantiate};
use alloc::{sync::Arc, vec::Vec};
use core::fmt;
use core::ptr;

/// A module with all that it imports, ready to be instantiated, as often as one likes.
///
/// Made by [`Linker::instantiate_pre`](crate::Linker::instantiate_pre). If the linker had nothing but
/// host functions for it, it serves all stores of the engine with data of type `T`.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module, Store};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let mut linker = Linker::new(&engine);
/// linker.func_wrap("host", "answer", || 42_i32)?;
/// let module = Module::new(&engine, r#"
///     (import "host" "answer" (func $answer (result i32)))
///     (export "ask" (func $answer))
/// "#)?;
/// let pre = linker.instantiate_pre(&module)?;
/// for _ in 0..3 {
///     let mut store = Store::new(&engine, ());
///     let instance = pre.instantiate(&mut store)?;
///     let ask = instance.get_typed_func::<(), i32>(&mut store, "ask")?;
///     assert_eq!(ask.call(&mut store, ())?, 42);
/// }
/// # wasmetal::error::Ok(())
/// ```
pub struct InstancePre<T> {
    module: Module,
    /// In the order of the module's imports.
    definitions: Arc<Vec<Definition>>,
    /// The data type of stores that the host functions were made for.
    _data: DataType<T>,
}

impl<T> Clone for InstancePre<T> {
    fn clone(&self) -> Self {
        Self {
            module: self.module.clone(),
            definitions: self.definitions.clone(),
            _data: DataType::NEW,
        }
    }
}

impl<T> fmt::Debug for InstancePre<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstancePre")
            .field("module", &self.module)
            .finish_non_exhaustive()
    }
}

impl<T: 'static> InstancePre<T> {
    /// Checks that the definitions, in the order of the imports, fit them.
    ///
    /// # Errors
    /// One does not: the error names the import. The store is to stop.
    pub(super) fn new(
        module: &Module,
        definitions: Vec<Definition>,
        steps: &mut Steps,
    ) -> Result<Self> {
        for (import, definition) in module.info().imports.iter().zip(&definitions) {
            steps.take(1)?;
            let expected = module
                .types()
                .entity(module.info().entity_type(import.item));
            matching::check(module.engine(), import, &expected, &definition.ty())?;
        }
        Ok(Self {
            module: module.clone(),
            definitions: Arc::new(definitions),
            _data: DataType::NEW,
        })
    }

    /// The module.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Makes an instance in `store`.
    ///
    /// # Errors
    /// The store is of another engine, or is not the one that an imported item belongs to; and all
    /// that [`Instance::new`] fails with.
    pub fn instantiate(&self, mut store: impl AsContextMut<Data = T>) -> Result<Instance> {
        let mut store = store.as_context_mut().raw;
        let imports = self.imports(&mut store)?;
        // SAFETY: `new` has checked all but the store, whose engine is the module's.
        unsafe { instantiate::instantiate(store, &self.module, &imports) }
    }

    /// What is to be imported into `store`. Its engine is the module's.
    #[inline]
    pub(super) fn imports(&self, store: &mut StoreOpaque) -> Result<Vec<Extern>> {
        store.ensure_engine(self.module.engine())?;
        if self.definitions.is_empty() {
            return Ok(Vec::new());
        }
        in_steps(store, |store, steps| {
            let bound = store.functions.len();
            self.bind(store, steps).inspect_err(|_| {
                // SAFETY: what was bound meanwhile went no further.
                unsafe { store.unbind_host_funcs(bound) };
            })
        })
    }

    /// What is to be imported, host functions as the store's own.
    fn bind(&self, store: &mut StoreOpaque, steps: &mut Steps) -> Result<Vec<Extern>> {
        let watch = Watch::start()?;
        let mut imports = oom::vec(self.definitions.len())?;
        for (import, definition) in self.module.info().imports.iter().zip(&*self.definitions) {
            steps.take(1)?;
            imports.push(match (definition, import.item) {
                (Definition::HostFunc(host), EntityIndex::Function(index)) => {
                    let ty = self.module.info().functions[index].ty;
                    let code = self
                        .module
                        .code()
                        .host_trampoline(ty)
                        .unwrap_or(ptr::null());
                    // SAFETY: the store's data is a `T`, for which the function was made; the engine
                    // is the same; the trampoline is for the function's type (`new` checked), of a
                    // module that the store is about to keep.
                    let func = unsafe { Func::bind(store, host.clone(), code, watch, steps) };
                    Extern::Func(func?)
                }
                (Definition::Extern { item, .. }, _) => item.clone(),
                (Definition::HostFunc(_), _) => unreachable!("checked by `new`"),
            });
        }
        Ok(imports)
    }
}
