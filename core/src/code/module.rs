//! A compiled module: its code, what it imports and exports, and where its functions lie.

use crate::Result;
use crate::abi::vmctx::VmctxLayout;
use crate::code::{CodeMemory, InPlace};
use crate::engine::Engine;
use crate::error::Context as _;
use crate::image::{LoadError, View, addresses, names};
use crate::instance::Plan;
use crate::module::{EntityIndex, FunctionIndex, ModuleInfo};
use crate::oom;
use crate::owner::of_engine;
use crate::types::constants;
use crate::types::module_types::ModuleTypes;
use crate::types::{ExportType, ExternType, ImportType, Owner};
use alloc::sync::Arc;
use core::fmt;
use core::ops::Range;
use wasmetal_platform::Rights;

/// A compiled WebAssembly module, ready to be instantiated.
///
/// A clone is cheap and is the same module. Modules are shared freely between threads. The code is
/// unmapped when the last clone, and the last store with an instance of it, is dropped.
///
/// ```
/// # let engine = wasmetal::Engine::new(&wasmetal::Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::Module;
///
/// let module = Module::new(&engine, r#"
///     (module $adder
///         (func (export "add") (param i32 i32) (result i32)
///             (i32.add (local.get 0) (local.get 1))))
/// "#)?;
/// assert_eq!(module.name(), Some("adder"));
/// let add = module.get_export("add").unwrap();
/// assert_eq!(add.unwrap_func().to_string(), "(func (param i32 i32) (result i32))");
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
pub struct Module {
    inner: Arc<ModuleInner>,
}

pub(crate) struct ModuleInner {
    pub(crate) engine: Engine,
    pub(crate) code: Arc<CodeMemory>,
    pub(crate) info: ModuleInfo,
    pub(crate) types: ModuleTypes,
    plan: Plan,
}

/// An export of a module, looked up once, to be used with its instances.
///
/// See [`Module::get_export_index`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Instance, Module, Store};
///
/// let module = Module::new(&engine, r#"(module (memory (export "memory") 1))"#)?;
/// // The name is looked up once, for any number of instances.
/// let memory = module.get_export_index("memory").unwrap();
/// let mut store = Store::new(&engine, ());
/// for _ in 0..3 {
///     let instance = Instance::new(&mut store, &module, &[])?;
///     assert!(instance.get_module_export(&mut store, &memory).is_some());
/// }
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
pub struct ModuleExport {
    pub(crate) module: Module,
    pub(crate) item: EntityIndex,
}

/// Where the machine code of a function lies.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// use wasmetal::Module;
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let module = Module::new(&engine, "(module (func $first) (func $second))")?;
/// let second = module.functions().nth(1).unwrap();
/// assert_eq!((second.index, second.name), (1, Some("second")));
/// assert_eq!(module.text()[second.offset..][..second.len].len(), second.len);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleFunction<'module> {
    /// The function's index in its module, imports included.
    pub index: u32,
    /// Its name, if the module's name section has one.
    pub name: Option<&'module str>,
    /// The offset of its first byte in [`Module::text`].
    pub offset: usize,
    /// Its length in bytes.
    pub len: usize,
}

/// What an instance of a module needs: [`Module::resources_required`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// use wasmetal::Module;
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// let module = Module::new(&engine, "(module (memory 2) (memory 5 9) (table 7 funcref))")?;
/// let needs = module.resources_required();
/// assert_eq!((needs.num_memories, needs.max_initial_memory_size), (2, Some(5)));
/// assert_eq!((needs.num_tables, needs.max_initial_table_size), (1, Some(7)));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourcesRequired {
    /// How many memories it has.
    pub num_memories: u32,
    /// The largest minimum of these, in pages of each; `None` if there are none.
    pub max_initial_memory_size: Option<u64>,
    /// How many tables it has.
    pub num_tables: u32,
    /// The largest minimum of these, in elements; `None` if there are none.
    pub max_initial_table_size: Option<u64>,
}

impl Module {
    /// Checks an image and publishes its code.
    ///
    /// # Safety
    /// The machine code is what the compiler made.
    pub(crate) unsafe fn from_view(engine: &Engine, view: &View<'_>) -> Result<Self> {
        oom::watched(|| {
            engine.check_fingerprint(&view.fingerprint()?)?;
            let info = view.info()?;
            let code = CodeMemory::publish(engine.platform(), engine.stacks(), view, &info)?;
            Self::from_code(engine, info, code)
        })
    }

    /// Checks an image and publishes its code where it lies.
    ///
    /// # Safety
    /// The machine code is what the compiler made. `view` is that of the image's bytes. `rights` is true of the pages
    /// of its code.
    pub(super) unsafe fn from_view_in_place(
        engine: &Engine,
        image: &Arc<dyn InPlace>,
        rights: Rights,
        view: &View<'_>,
    ) -> Result<Self> {
        oom::watched(|| {
            engine.check_fingerprint(&view.fingerprint()?)?;
            let info = view.info()?;
            let (platform, stacks) = (engine.platform(), engine.stacks());
            // SAFETY: the caller's promise.
            let code = unsafe {
                CodeMemory::publish_in_place(platform, stacks, image, rights, view, &info)?
            };
            Self::from_code(engine, info, code)
        })
    }

    fn from_code(engine: &Engine, info: ModuleInfo, code: Arc<CodeMemory>) -> Result<Self> {
        let layout = VmctxLayout::new(&info).context("an instance would be larger than 2 GiB")?;
        let types = ModuleTypes::new(engine, &info).context(LoadError::damaged("types"))?;
        constants::check(engine.types(), &info, &types).context(LoadError::damaged("module"))?;
        let plan = Plan::new(&info, layout, &types, &code)?;
        Ok(Self {
            inner: Arc::new(ModuleInner {
                engine: engine.clone(),
                code,
                info,
                types,
                plan,
            }),
        })
    }

    /// The name that the module gives itself in its name section.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.info().name.as_deref()
    }

    /// The engine that compiled it.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Whether `a` and `b` are the same module: clones of one.
    #[must_use]
    pub fn same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.inner, &b.inner)
    }

    /// What the module asks for, in the order in which
    /// [`Instance::new`](crate::Instance::new) takes it.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = ImportType<'_>> {
        let owner = self.owner();
        self.info()
            .imports
            .iter()
            .map(move |import| ImportType::new(owner, import))
    }

    /// What the module offers, in the order of its export section.
    pub fn exports(&self) -> impl ExactSizeIterator<Item = ExportType<'_>> {
        let owner = self.owner();
        self.info()
            .exports
            .iter()
            .map(move |export| ExportType::new(owner, export))
    }

    /// What each instance of the module needs of memories and tables. What it imports does not count.
    #[must_use]
    pub fn resources_required(&self) -> ResourcesRequired {
        let info = self.info();
        let memories = info.memories.values().skip(info.imported_memories);
        let tables = info.tables.values().skip(info.imported_tables);
        // Validation allows far fewer than 2^32.
        ResourcesRequired {
            num_memories: memories.len() as u32,
            max_initial_memory_size: memories.map(|ty| ty.limits.minimum).max(),
            num_tables: tables.len() as u32,
            max_initial_table_size: tables.map(|ty| ty.limits.minimum).max(),
        }
    }

    /// The type of the export with this name.
    #[must_use]
    pub fn get_export(&self, name: &str) -> Option<ExternType> {
        Some(self.owner().extern_type(self.export_index(name)?))
    }

    /// The export with this name, to be found without a search in instances of the module.
    ///
    /// See [`Instance::get_module_export`](crate::Instance::get_module_export).
    #[must_use]
    pub fn get_export_index(&self, name: &str) -> Option<ModuleExport> {
        Some(ModuleExport {
            module: self.clone(),
            item: self.export_index(name)?,
        })
    }

    /// The machine code, as it stands in executable memory.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.code().text()
    }

    /// Where the machine code of each defined function lies, in the order of their indices.
    pub fn functions(&self) -> impl ExactSizeIterator<Item = ModuleFunction<'_>> {
        self.code().table().functions().map(|(defined, range)| {
            let index = self.info().function_index(defined);
            ModuleFunction {
                index: index.as_u32(),
                name: self.function_name(index),
                offset: range.start as usize,
                len: range.len as usize,
            }
        })
    }

    /// Offset in [`text`](Self::text) and length of the machine code of each defined function, in the
    /// order of their indices.
    pub fn function_locations(&self) -> impl ExactSizeIterator<Item = (usize, usize)> {
        self.functions()
            .map(|function| (function.offset, function.len))
    }

    /// Pairs of an offset in [`text`](Self::text) and the offset, in the module's bytes, of the
    /// operator that the code from there on was made of, ascending.
    ///
    /// `None` if the module has no such map.
    #[must_use]
    pub fn address_map(&self) -> Option<impl Iterator<Item = (usize, Option<u32>)> + '_> {
        let section = self.code().addresses();
        let map = addresses::iter(section).map(|(text, wasm)| (text as usize, Some(wasm)));
        (!section.is_empty()).then_some(map)
    }

    /// The addresses of everything that is mapped for the module.
    #[must_use]
    pub fn image_range(&self) -> Range<*const u8> {
        let range = self.code().range();
        range.start as *const u8..range.end as *const u8
    }

    pub(crate) fn inner(&self) -> &ModuleInner {
        &self.inner
    }

    /// The published code.
    #[inline]
    pub(crate) fn code(&self) -> &CodeMemory {
        &self.inner.code
    }

    /// What the module is.
    #[inline]
    pub(crate) fn info(&self) -> &ModuleInfo {
        &self.inner.info
    }

    /// What all instances have in common.
    #[inline]
    pub(crate) fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    /// The engine-wide ids of the module's types.
    #[inline]
    pub(crate) fn types(&self) -> &ModuleTypes {
        &self.inner.types
    }

    /// What is exported under `name`.
    pub(crate) fn export_index(&self, name: &str) -> Option<EntityIndex> {
        let (order, exports) = (&self.info().exports_by_name, &self.info().exports);
        let at = order
            .binary_search_by(|&i| exports[i as usize].name.as_str().cmp(name))
            .ok()?;
        Some(exports[order[at] as usize].item)
    }

    /// A function's name, if the module's name section has one.
    pub(crate) fn function_name(&self, index: FunctionIndex) -> Option<&str> {
        names::lookup(self.code().names(), index)
    }

    fn owner(&self) -> Owner<'_> {
        Owner {
            engine: self.engine(),
            info: self.info(),
            types: self.types(),
        }
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ModuleExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModuleExport")
            .field("item", &self.item)
            .finish_non_exhaustive()
    }
}

of_engine! {
    Module, "module", this => this.engine();
}
