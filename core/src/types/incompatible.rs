//! The error for an import that is given something of another type.

use super::ExternType;
use crate::error::debug_is_display;
use crate::escaped::Escaped;
use crate::module::Import;
use crate::oom::{self, OutOfMemory};
use alloc::string::String;
use core::fmt;

/// What is given for an import has a type that does not fit (spec: "Import Subtyping").
///
/// Found in an error by `error.downcast_ref::<IncompatibleImportError>()`. Its text names the import, the error's cause says
/// how the types differ.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::IncompatibleImportError;
///
/// let mut linker = Linker::<()>::new(&engine);
/// linker.func_wrap("host", "log", |_: i64| {})?;
/// let module = Module::new(&engine, r#"(import "host" "log" (func (param i32)))"#)?;
/// let error = linker.instantiate_pre(&module).unwrap_err();
/// let import = error.downcast_ref::<IncompatibleImportError>().unwrap();
/// assert_eq!((import.module(), import.name()), ("host", "log"));
/// assert_eq!(import.expected().to_string(), "(func (param i32))");
/// assert_eq!(import.found().to_string(), "(func (param i64))");
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct IncompatibleImportError {
    module: String,
    name: String,
    expected: ExternType,
    found: ExternType,
}

impl IncompatibleImportError {
    /// # Errors
    /// There is no room for the names.
    pub(super) fn new(
        import: &Import,
        expected: ExternType,
        found: ExternType,
    ) -> Result<Self, OutOfMemory> {
        Ok(Self {
            module: oom::string(&import.module)?,
            name: oom::string(&import.name)?,
            expected,
            found,
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
    pub fn expected(&self) -> &ExternType {
        &self.expected
    }

    /// What is given: of a memory or table, as large as it was then.
    #[must_use]
    pub fn found(&self) -> &ExternType {
        &self.found
    }
}

impl fmt::Display for IncompatibleImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (module, name) = (Escaped(&self.module), Escaped(&self.name));
        write!(f, "incompatible import type for `{module}::{name}`")
    }
}

debug_is_display!(IncompatibleImportError);

impl core::error::Error for IncompatibleImportError {}
