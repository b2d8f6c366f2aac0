//! Commands and reactors (WASI's application ABI).

use crate::error::bounded::bail;
use crate::types::ExternType;
use crate::{Module, Result};

/// How a module is meant to be instantiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ModuleKind {
    /// Anew for each call.
    Command,
    /// Once.
    Reactor,
}

impl ModuleKind {
    /// # Errors
    /// The module is both, or the export that says what it is is no function.
    pub(super) fn of(module: &Module) -> Result<Self> {
        let is_func = |name| module.get_export(name).map(|ty| ty.func().is_some());
        match (is_func("_start"), is_func("_initialize")) {
            (Some(true), None) => Ok(Self::Command),
            (Some(false), None) => bail!("`_start` must be a function"),
            (None, Some(false)) => bail!("`_initialize` must be a function"),
            (None, _) => Ok(Self::Reactor),
            (Some(_), Some(_)) => bail!("Program cannot be both a Command and a Reactor"),
        }
    }
}

/// Whether toolchains export this from commands although nobody can use it.
pub(super) fn is_customary(name: &str, ty: &ExternType) -> bool {
    match ty {
        ExternType::Memory(_) => name == "memory",
        ExternType::Table(_) => matches!(name, "table" | "__indirect_function_table"),
        ExternType::Global(_) => {
            matches!(
                name,
                "__data_end" | "__heap_base" | "__dso_handle" | "__rtti_base"
            )
        }
        ExternType::Func(_) | ExternType::Tag(_) => false,
    }
}
