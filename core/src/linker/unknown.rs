//! The error for an import that has no definition.

use crate::types::{ExternType, ImportType};
use alloc::string::String;
use core::fmt;

/// An import has no definition in a [`Linker`](crate::Linker).
///
/// Found in an error by `error.downcast_ref::<UnknownImportError>()`.
#[derive(Clone, Debug)]
pub struct UnknownImportError {
    module: String,
    name: String,
    ty: ExternType,
}

impl UnknownImportError {
    pub(super) fn new(import: &ImportType<'_>) -> Self {
        Self {
            module: import.module().into(),
            name: import.name().into(),
            ty: import.ty(),
        }
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
        let Self { module, name, .. } = self;
        write!(f, "unknown import: `{module}::{name}` has not been defined")
    }
}

impl core::error::Error for UnknownImportError {}
