//! The error for an import that has no definition.

use crate::escaped::Escaped;
use crate::oom::{self, OutOfMemory};
use crate::types::{ExternType, ImportType};
use alloc::string::String;
use core::fmt;

/// An import has no definition in a [`Linker`](crate::Linker).
///
/// Found in an error by `error.downcast_ref::<UnknownImportError>()`.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::UnknownImportError;
///
/// let module = Module::new(&engine, r#"(import "host" "log" (func (param i32)))"#)?;
/// let error = Linker::<()>::new(&engine).instantiate_pre(&module).unwrap_err();
/// let unknown = error.downcast_ref::<UnknownImportError>().unwrap();
/// assert_eq!((unknown.module(), unknown.name()), ("host", "log"));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct UnknownImportError {
    module: String,
    name: String,
    ty: ExternType,
}

impl UnknownImportError {
    /// # Errors
    /// There is no room for the names.
    pub(super) fn new(import: &ImportType<'_>) -> Result<Self, OutOfMemory> {
        Ok(Self {
            module: oom::string(import.module())?,
            name: oom::string(import.name())?,
            ty: import.ty(),
        })
    }

    /// # Errors
    /// There is no room for the names.
    pub(super) fn try_clone(&self) -> Result<Self, OutOfMemory> {
        Ok(Self {
            module: oom::string(&self.module)?,
            name: oom::string(&self.name)?,
            ty: self.ty.clone(),
        })
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

impl fmt::Display for UnknownImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (module, name) = (Escaped(&self.module), Escaped(&self.name));
        write!(f, "unknown import: `{module}::{name}` has not been defined")
    }
}

impl core::error::Error for UnknownImportError {}
