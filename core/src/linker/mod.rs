//! `Linker`: names for what modules import.

#[cfg(feature = "async")]
mod asynchronous;
mod definition;
mod instance_pre;
mod kind;
mod unknown;

pub use instance_pre::InstancePre;
pub use unknown::{UnknownImport, UnknownImportError};

use crate::error::bounded::bail;
use crate::error::{Context as _, OutOfMemory};
use crate::interrupt::Pieces;
use crate::interrupt::pieces::Steps;
use crate::map::Map;
use crate::oom::{self, Room as _, Watch};
use crate::owner::OfEngine as _;
use crate::store::HostFunc;
use crate::store::in_steps;
use crate::store::{DataType, StoreOpaque};
use crate::types::{ExternType, FuncType, ImportType};
use crate::{
    AsContext, AsContextMut, Engine, Extern, Func, Instance, Module, Result, StoreContextMut, Val,
    ValRaw,
};
use crate::{Caller, IntoFunc};
use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::fmt;
use core::mem::MaybeUninit;
use definition::Definition;
use kind::ModuleKind;

/// Names for what modules import: functions, globals, tables, memories.
///
/// Names have two parts, as imports have. Host functions defined here belong to no store: a linker
/// with nothing else serves all stores of its engine whose data is a `T`. What is defined with
/// [`define`](Self::define), [`instance`](Self::instance) or [`module`](Self::module) ties it to the
/// store of that item.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module, Store};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let mut linker = Linker::new(&engine);
/// linker.func_wrap("host", "double", |x: i32| x * 2)?;
///
/// let module = Module::new(&engine, r#"
///     (module
///         (import "host" "double" (func $double (param i32) (result i32)))
///         (func (export "run") (result i32) (call $double (i32.const 21))))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = linker.instantiate(&mut store, &module)?;
/// let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
/// assert_eq!(run.call(&mut store, ())?, 42);
/// # wasmetal::error::Ok(())
/// ```
pub struct Linker<T> {
    engine: Engine,
    /// By module and name.
    items: Map<(Box<str>, Box<str>), Definition>,
    allow_shadowing: bool,
    allow_unknown_exports: bool,
    /// Invariant (*linker data*): its host functions were made for stores with data of type `T`.
    _data: DataType<T>,
}

impl<T> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Self {
            engine: self.engine.clone(),
            items: self.items.clone(),
            allow_shadowing: self.allow_shadowing,
            allow_unknown_exports: self.allow_unknown_exports,
            _data: DataType::NEW,
        }
    }
}

impl<T> fmt::Debug for Linker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linker").finish_non_exhaustive()
    }
}

impl<T: 'static> Linker<T> {
    /// A linker with no names.
    #[must_use]
    pub fn new(engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            items: Map::default(),
            allow_shadowing: false,
            allow_unknown_exports: false,
            _data: DataType::NEW,
        }
    }

    /// The engine that the linker belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sets whether a name may be defined again, with the last definition holding. Default: false.
    pub fn allow_shadowing(&mut self, allow: bool) -> &mut Self {
        self.allow_shadowing = allow;
        self
    }

    /// Sets whether [`module`](Self::module) takes commands that export something other than
    /// functions. Default: false.
    pub fn allow_unknown_exports(&mut self, allow: bool) -> &mut Self {
        self.allow_unknown_exports = allow;
        self
    }

    /// Defines each function that `module` imports and that has no definition yet, as one that fails
    /// with [`UnknownImportError`].
    ///
    /// # Errors
    /// The module is of another engine, or memory is exhausted.
    pub fn define_unknown_imports_as_traps(&mut self, module: &Module) -> Result<()> {
        module.ensure_engine(&self.engine)?;
        for import in module.imports() {
            if self.find(import.module(), import.name()).is_some() {
                continue;
            }
            if let ExternType::Func(ty) = import.ty() {
                let unknown = UnknownImport::new(&import)?;
                self.func_new(import.module(), import.name(), ty, move |_, _, _| {
                    Err(unknown.error()?.into())
                })?;
            }
        }
        Ok(())
    }

    /// Defines whatever `module` imports and has no definition yet, as something new in `store` that is
    /// zero, null or empty, or that returns such values.
    ///
    /// # Errors
    /// An import has a type without such a value, memory is short, or the store or the module is of another engine.
    pub fn define_unknown_imports_as_default_values(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<()> {
        let mut store = store.as_context_mut();
        store.raw.ensure_engine(&self.engine)?;
        module.ensure_engine(&self.engine)?;
        for import in module.imports() {
            let (module, name) = (import.module(), import.name());
            if self.find(module, name).is_some() {
                continue;
            }
            let ty = import.ty();
            let item = ty.default_value(&mut store).with_context(|| {
                oom::text(format_args!(
                    "no default value exists for `{module}::{name}` with type `{ty}`"
                ))
            })?;
            self.define(&store, module, name, item)?;
        }
        Ok(())
    }

    /// Defines an item of `store`.
    ///
    /// # Errors
    /// The name is taken (see [`allow_shadowing`](Self::allow_shadowing)), the store is of another
    /// engine, or the item of another store.
    pub fn define(
        &mut self,
        store: impl AsContext<Data = T>,
        module: &str,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Self> {
        let store = &store.as_context().0.opaque;
        store.ensure_engine(&self.engine)?;
        self.define_in(store, module, name, item.into())
    }

    /// As [`define`](Self::define), in a store of the engine.
    fn define_in(
        &mut self,
        store: &StoreOpaque,
        module: &str,
        name: &str,
        item: Extern,
    ) -> Result<&mut Self> {
        let watch = Watch::start()?;
        let definition = Definition::new(store, item)
            .with_context(|| oom::text(format_args!("cannot define `{module}::{name}`")))?;
        self.insert(module, name, definition, watch)
    }

    /// Defines a host function whose type is known at run time only: see [`Func::new`].
    ///
    /// # Errors
    /// The name is taken, or `ty` is of another engine.
    pub fn func_new(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<&mut Self> {
        ty.ensure_engine(&self.engine)?;
        let watch = Watch::start()?;
        let host = HostFunc::dynamic(&self.engine, ty, func)?;
        self.insert(module, name, Definition::HostFunc(Arc::new(host)), watch)
    }

    /// Defines a host function that gets its arguments as slots without types: see [`Func::new_unchecked`].
    ///
    /// # Errors
    /// The name is taken, or `ty` is of another engine.
    ///
    /// # Safety
    /// As for [`Func::new_unchecked`].
    pub unsafe fn func_new_unchecked(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<&mut Self> {
        ty.ensure_engine(&self.engine)?;
        let watch = Watch::start()?;
        // SAFETY: the caller's promise.
        let host = unsafe { HostFunc::unchecked(&self.engine, ty, func) }?;
        self.insert(module, name, Definition::HostFunc(Arc::new(host)), watch)
    }

    /// Defines a host function of a closure whose type the Rust compiler knows: see [`Func::wrap`].
    ///
    /// # Errors
    /// The name is taken.
    pub fn func_wrap<Params, Results>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Result<&mut Self> {
        let watch = Watch::start()?;
        let host = func.into_func(&self.engine, watch)?;
        self.insert(module, name, Definition::HostFunc(Arc::new(host)), watch)
    }

    /// Defines all exports of an instance, under `module_name` and the exports' names.
    ///
    /// # Errors
    /// A name is taken, the store is of another engine, or is to stop ([`Trap::Interrupt`](crate::Trap::Interrupt)). Some
    /// exports may have been defined.
    ///
    /// # Panics
    /// If the instance is of another store.
    pub fn instance(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module_name: &str,
        instance: Instance,
    ) -> Result<&mut Self> {
        let mut store = store.as_context_mut();
        store.raw.ensure_engine(&self.engine)?;
        in_steps(&mut store.raw, |store, steps| {
            let watch = Watch::start()?;
            let data = instance.get(store);
            let exports = &data.info().exports;
            self.items.room(exports.len(), watch)?;
            for export in exports {
                steps.take(1)?;
                let item = data.export(export.item);
                self.define_in(store, module_name, &export.name, item)?;
            }
            Ok(())
        })?;
        Ok(self)
    }

    /// Defines the exports of a module, which is instantiated as the conventions of WASI say:
    ///
    /// - A *command*, a module that exports a function `_start`, is instantiated anew for each call
    ///   of one of its functions, with what its imports are defined as now.
    /// - A *reactor* is instantiated once, now; if it exports `_initialize`, that is called. Modules that
    ///   are neither are treated as reactors.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Linker, Module, Store};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let counter = Module::new(&engine, r#"
    ///     (global $count (mut i32) (i32.const 0))
    ///     (func (export "count") (result i32)
    ///         (global.set $count (i32.add (global.get $count) (i32.const 1)))
    ///         (global.get $count))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let mut linker = Linker::new(&engine);
    /// linker.module(&mut store, "counter", &counter)?;
    /// let count = linker.get(&mut store, "counter", "count")?.into_func().unwrap();
    /// let count = count.typed::<(), i32>(&store)?;
    /// assert_eq!(count.call(&mut store, ())?, 1);
    /// assert_eq!(count.call(&mut store, ())?, 2);
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// - A name is taken, or an import has no definition that fits.
    /// - The module exports both `_start` and `_initialize`, or one of them is no function.
    /// - A command exports something other than functions (see
    ///   [`allow_unknown_exports`](Self::allow_unknown_exports)), but for what toolchains always export.
    /// - Instantiation or `_initialize` failed, or the store is to stop.
    /// - Module or store is of another engine.
    pub fn module(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module_name: &str,
        module: &Module,
    ) -> Result<&mut Self> {
        let mut store = store.as_context_mut();
        store.raw.ensure_engine(&self.engine)?;
        match ModuleKind::of(module)? {
            ModuleKind::Command => {
                self.command(store, module_name, module, |store, ty, pre, export| {
                    Func::try_new(store, ty, move |mut caller, params, results| {
                        let instance = pre.instantiate(&mut caller)?;
                        let func = instance.get_func(&mut caller, &export);
                        let func = func.context("the export of a command is gone")?;
                        func.call(&mut caller, params, results)
                    })
                })
            }
            ModuleKind::Reactor => {
                let instance = self.instantiate(&mut store, module)?;
                if let Some(Extern::Func(func)) = instance.get_export(&mut store, "_initialize") {
                    func.typed::<(), ()>(&store)
                        .and_then(|initialize| initialize.call(&mut store, ()))
                        .context("calling the Reactor initialization function")?;
                }
                self.instance(store, module_name, instance)
            }
        }
    }

    /// Defines the functions of a command as what `make` makes: of a type, for the export with a name.
    fn command(
        &mut self,
        mut store: StoreContextMut<'_, T>,
        module_name: &str,
        module: &Module,
        make: impl Fn(StoreContextMut<'_, T>, FuncType, InstancePre<T>, String) -> Result<Func>,
    ) -> Result<&mut Self> {
        let pre = self.instantiate_pre(module)?;
        for export in module.exports() {
            in_steps(&mut store.raw, |_, steps| steps.look())?;
            let name = export.name();
            let ty = match export.ty() {
                ExternType::Func(ty) => ty,
                ty if self.allow_unknown_exports || kind::is_customary(name, &ty) => continue,
                _ => bail!("command export '{name}' is not a function"),
            };
            let (pre, export) = (pre.clone(), oom::string(name)?);
            let func = make(store.as_context_mut(), ty, pre, export)?;
            self.define(&store, module_name, name, func)?;
        }
        Ok(self)
    }

    /// Gives an item a second name.
    ///
    /// # Errors
    /// There is no such item, or the new name is taken.
    pub fn alias(
        &mut self,
        module: &str,
        name: &str,
        as_module: &str,
        as_name: &str,
    ) -> Result<&mut Self> {
        let watch = Watch::start()?;
        match self.find(module, name).cloned() {
            Some(item) => self.insert(as_module, as_name, item, watch),
            None => bail!("no item named `{module}::{name}` defined"),
        }
    }

    /// Gives all items now defined under `module` a second name, under `as_module`.
    ///
    /// # Errors
    /// One of the new names is taken.
    pub fn alias_module(&mut self, module: &str, as_module: &str) -> Result<()> {
        let watch = Watch::start()?;
        let mut items = Vec::new();
        let all = self.items.iter();
        for ((_, name), item) in all.filter(|((of, _), _)| **of == *module) {
            oom::push(&mut items, (oom::string(name)?, item.clone()))?;
            watch.check()?;
        }
        for (name, item) in items {
            self.insert(as_module, &name, item, watch)?;
        }
        Ok(())
    }

    /// Instantiates a module with what its imports are defined as.
    ///
    /// # Errors
    /// - Imports have no definition: the error is an [`UnknownImportError`], which has all of them.
    /// - A definition has another type than the import: the error has an
    ///   [`IncompatibleImportError`](crate::IncompatibleImportError). Or it is of another store.
    /// - Module or store is of another engine.
    /// - All that [`Instance::new`] fails with.
    pub fn instantiate(
        &self,
        mut store: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<Instance> {
        let mut store = store.as_context_mut();
        self.pre(&mut store, module)?.instantiate(store)
    }

    /// The module with what its imports are defined as, for an instance in `store`.
    ///
    /// # Errors
    /// As for [`instantiate`](Self::instantiate), before an instance is made.
    fn pre(&self, store: &mut StoreContextMut<'_, T>, module: &Module) -> Result<InstancePre<T>> {
        store.raw.ensure_engine(&self.engine)?;
        in_steps(&mut store.raw, |store, steps| {
            let watch = Watch::start()?;
            let mut definitions = self.resolve(module, steps)?;
            for definition in &mut definitions {
                steps.take(1)?;
                definition.refresh(store);
            }
            let pre = InstancePre::new(module, definitions, steps)?;
            Ok(watch.passed(pre)?)
        })
    }

    /// Does all of [`instantiate`](Self::instantiate) that can be done before: looks up the imports and
    /// checks their types.
    ///
    /// # Errors
    /// As for [`instantiate`](Self::instantiate). Memories and tables are checked by the size they had when they were
    /// defined. There is no store whose deadline would end this: it takes time in proportion to the module's imports.
    pub fn instantiate_pre(&self, module: &Module) -> Result<InstancePre<T>> {
        let mut steps = Pieces::ONE.steps();
        oom::watched(|| {
            let definitions = self.resolve(module, &mut steps)?;
            InstancePre::new(module, definitions, &mut steps)
        })
    }

    /// All items by name, in no particular order. Host functions are put into the store.
    ///
    /// # Panics
    /// If the store is of another engine.
    pub fn iter<'a: 'p, 'p>(
        &'a self,
        mut store: impl AsContextMut<Data = T> + 'p,
    ) -> impl Iterator<Item = (&'a str, &'a str, Extern)> + 'p {
        store.as_context_mut().opaque().assert_engine(&self.engine);
        self.items.iter().map(move |((module, name), item)| {
            let item = self.bind(item, store.as_context_mut(), Watch::OFF);
            (&**module, &**name, oom::infallible(item))
        })
    }

    /// The item with this name. A host function is put into the store.
    ///
    /// # Errors
    /// There is none, or memory is exhausted.
    ///
    /// # Panics
    /// If the store is of another engine.
    pub fn get(
        &self,
        mut store: impl AsContextMut<Data = T>,
        module: &str,
        name: &str,
    ) -> Result<Extern> {
        let store = store.as_context_mut();
        store.raw.assert_engine(&self.engine);
        match self.find(module, name) {
            Some(item) => self.bind(item, store, Watch::start()?),
            None => bail!("missing definition for `{module}::{name}`"),
        }
    }

    /// The item that an import names. A host function is put into the store.
    ///
    /// Its type may be another than the import asks for. `None` also if memory is exhausted.
    ///
    /// # Panics
    /// If the store is of another engine.
    pub fn get_by_import(
        &self,
        store: impl AsContextMut<Data = T>,
        import: &ImportType<'_>,
    ) -> Option<Extern> {
        self.get(store, import.module(), import.name()).ok()
    }

    /// The function that a module stands for: its export with the empty name, else `_start`, else one
    /// that does nothing.
    ///
    /// # Errors
    /// The item with that name is no function.
    ///
    /// # Panics
    /// If the store is of another engine.
    pub fn get_default(
        &self,
        mut store: impl AsContextMut<Data = T>,
        module: &str,
    ) -> Result<Func> {
        let mut store = store.as_context_mut();
        for name in ["", "_start"] {
            match self.get(&mut store, module, name) {
                Ok(Extern::Func(func)) => return Ok(func),
                Ok(_) => bail!("`{module}::{name}`, the default export, is not a function"),
                Err(error) if error.is::<OutOfMemory>() => return Err(error),
                Err(_) => {}
            }
        }
        Func::try_wrap(store, || {})
    }

    fn find(&self, module: &str, name: &str) -> Option<&Definition> {
        self.items
            .get_by(|(of, as_name)| (module, name).cmp(&(of, as_name)))
    }

    /// `item` is in the watch.
    fn insert(
        &mut self,
        module: &str,
        name: &str,
        item: Definition,
        watch: Watch,
    ) -> Result<&mut Self> {
        if !self.allow_shadowing && self.find(module, name).is_some() {
            bail!("import of `{module}::{name}` defined twice");
        }
        let key = (
            oom::string(module)?.into_boxed_str(),
            oom::string(name)?.into_boxed_str(),
        );
        self.items.room(1, watch)?;
        watch.check()?;
        self.items.insert(key, item);
        Ok(self)
    }

    /// What the imports of a module are defined as, in their order.
    fn resolve(&self, module: &Module, steps: &mut Steps) -> Result<Vec<Definition>> {
        module.ensure_engine(&self.engine)?;
        let mut definitions = oom::vec(module.imports().len())?;
        let mut unknown = Vec::new();
        for import in module.imports() {
            steps.take(1)?;
            match self.find(import.module(), import.name()) {
                Some(definition) => definitions.push(definition.clone()),
                None => oom::push(&mut unknown, UnknownImport::new(&import)?)?,
            }
        }
        UnknownImportError::of(unknown)?;
        Ok(definitions)
    }

    /// The item of a definition. A host function is put into the store.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// If the store is of another engine.
    fn bind(
        &self,
        item: &Definition,
        store: StoreContextMut<'_, T>,
        watch: Watch,
    ) -> Result<Extern> {
        let store = store.opaque();
        store.assert_engine(&self.engine);
        // SAFETY: the store's data is a `T` (*linker data*), its engine the linker's.
        unsafe { item.bind(store, watch, &mut Pieces::ONE.steps()) }
    }
}
