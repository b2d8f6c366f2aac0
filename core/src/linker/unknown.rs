//! The error for imports that have no definition.

use crate::error::debug_is_display;
use crate::escaped::Escaped;
use crate::oom::{self, OutOfMemory};
use crate::types::{ExternType, ImportType};
use alloc::{string::String, vec::Vec};
use core::fmt;

/// How many imports the text of an error names.
const NAMED: usize = 10;

/// Imports have no definition in a [`Linker`](crate::Linker).
///
/// Found in an error by `error.downcast_ref::<UnknownImportError>()`. All such imports of the module are in it; the first is
/// what [`module`](Self::module), [`name`](Self::name) and [`ty`](Self::ty) are about.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::UnknownImportError;
///
/// let module = Module::new(&engine, r#"
///     (import "host" "log" (func (param i32)))
///     (import "host" "memory" (memory 1))
/// "#)?;
/// let error = Linker::<()>::new(&engine).instantiate_pre(&module).unwrap_err();
/// let unknown = error.downcast_ref::<UnknownImportError>().unwrap();
/// assert_eq!((unknown.module(), unknown.name()), ("host", "log"));
/// let names: Vec<_> = unknown.imports().map(|import| import.name()).collect();
/// assert_eq!(names, ["log", "memory"]);
/// assert_eq!(error.to_string(), "unknown imports: `host::log`, `host::memory` have not been defined");
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct UnknownImportError {
    /// One at least.
    imports: Vec<UnknownImport>,
}

/// An import that has no definition: one of those in an [`UnknownImportError`].
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::UnknownImportError;
///
/// let module = Module::new(&engine, r#"(import "host" "log" (func (param i32)))"#)?;
/// let error = Linker::<()>::new(&engine).instantiate_pre(&module).unwrap_err();
/// for import in error.downcast_ref::<UnknownImportError>().unwrap().imports() {
///     assert_eq!((import.module(), import.name()), ("host", "log"));
///     assert_eq!(import.ty().to_string(), "(func (param i32))");
/// }
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnknownImport {
    module: String,
    name: String,
    ty: ExternType,
}

impl UnknownImport {
    /// # Errors
    /// There is no room for the names.
    pub(super) fn new(import: &ImportType<'_>) -> Result<Self, OutOfMemory> {
        Ok(Self {
            module: oom::string(import.module())?,
            name: oom::string(import.name())?,
            ty: import.ty(),
        })
    }

    /// The error of this one alone.
    ///
    /// # Errors
    /// There is no room for the names.
    pub(super) fn error(&self) -> Result<UnknownImportError, OutOfMemory> {
        let mut imports = oom::vec(1)?;
        imports.push(Self {
            module: oom::string(&self.module)?,
            name: oom::string(&self.name)?,
            ty: self.ty.clone(),
        });
        Ok(UnknownImportError { imports })
    }

    /// The first part of the import's name.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The second part of the import's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is asked for.
    #[must_use]
    pub fn ty(&self) -> ExternType {
        self.ty.clone()
    }
}

impl UnknownImportError {
    /// The error of these imports, if there are any.
    pub(super) fn of(imports: Vec<UnknownImport>) -> Result<(), Self> {
        match imports.is_empty() {
            true => Ok(()),
            false => Err(Self { imports }),
        }
    }

    /// All imports of the module that have no definition, in its order.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = &UnknownImport> {
        self.imports.iter()
    }

    /// The first part of the first such import's name.
    #[must_use]
    pub fn module(&self) -> &str {
        self.imports[0].module()
    }

    /// The second part of the first such import's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.imports[0].name()
    }

    /// What the first such import asks for.
    #[must_use]
    pub fn ty(&self) -> ExternType {
        self.imports[0].ty()
    }
}

impl fmt::Display for UnknownImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (s, have) = match self.imports.len() {
            1 => ("", "has"),
            _ => ("s", "have"),
        };
        write!(f, "unknown import{s}: ")?;
        for (index, import) in self.imports.iter().take(NAMED).enumerate() {
            let (module, name) = (Escaped(&import.module), Escaped(&import.name));
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{module}::{name}`")?;
        }
        match self.imports.len().saturating_sub(NAMED) {
            0 => {}
            more => write!(f, " and {more} more")?,
        }
        write!(f, " {have} not been defined")
    }
}

debug_is_display!(UnknownImportError);

impl core::error::Error for UnknownImportError {}
