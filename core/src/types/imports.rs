//! What a module asks for and what it offers.

use super::{ExternType, module_types::ModuleTypes};
use crate::Engine;
use crate::module::{self, EntityIndex, ModuleInfo};
use core::fmt;

/// An import of a module.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::Module;
///
/// let module = Module::new(&engine, r#"(module (import "host" "log" (func (param i32))))"#)?;
/// let import = module.imports().next().unwrap();
/// assert_eq!((import.module(), import.name()), ("host", "log"));
/// assert!(import.ty().func().is_some());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy)]
pub struct ImportType<'module> {
    owner: Owner<'module>,
    import: &'module module::Import,
}

/// An export of a module.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::Module;
///
/// let module = Module::new(&engine, r#"(module (memory (export "memory") 1))"#)?;
/// let export = module.exports().next().unwrap();
/// assert_eq!(export.name(), "memory");
/// assert!(export.ty().memory().is_some());
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy)]
pub struct ExportType<'module> {
    owner: Owner<'module>,
    export: &'module module::Export,
}

/// What the types of a module's items are made of.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'module> {
    pub(crate) engine: &'module Engine,
    pub(crate) info: &'module ModuleInfo,
    pub(crate) types: &'module ModuleTypes,
}

impl Owner<'_> {
    pub(crate) fn extern_type(&self, item: EntityIndex) -> ExternType {
        let canonical = self.types.entity(self.info.entity_type(item));
        ExternType::from_canonical(self.engine, &canonical)
    }
}

impl<'module> ImportType<'module> {
    pub(crate) fn new(owner: Owner<'module>, import: &'module module::Import) -> Self {
        Self { owner, import }
    }

    /// The first part of the import's name.
    #[must_use]
    pub fn module(&self) -> &'module str {
        &self.import.module
    }

    /// The second part of the import's name.
    #[must_use]
    pub fn name(&self) -> &'module str {
        &self.import.name
    }

    /// What is asked for.
    #[must_use]
    pub fn ty(&self) -> ExternType {
        self.owner.extern_type(self.import.item)
    }
}

impl fmt::Debug for ImportType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportType")
            .field("module", &self.module())
            .field("name", &self.name())
            .field("ty", &self.ty())
            .finish()
    }
}

impl<'module> ExportType<'module> {
    pub(crate) fn new(owner: Owner<'module>, export: &'module module::Export) -> Self {
        Self { owner, export }
    }

    /// The export's name.
    #[must_use]
    pub fn name(&self) -> &'module str {
        &self.export.name
    }

    /// What is offered.
    #[must_use]
    pub fn ty(&self) -> ExternType {
        self.owner.extern_type(self.export.item)
    }
}

impl fmt::Debug for ExportType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportType")
            .field("name", &self.name())
            .field("ty", &self.ty())
            .finish()
    }
}
