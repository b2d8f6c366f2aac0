//! Executable code: mapped, published once, found by pc; and the [`Module`] that owns it.

#[cfg(feature = "compile")]
mod compile;
#[cfg(feature = "std")]
mod files;
mod load;
mod memory;
mod module;
mod publish;
pub(crate) mod registry;

#[cfg(feature = "compile")]
pub(crate) use compile::Source;
pub use load::Loaded;
pub(crate) use memory::CodeMemory;
pub use memory::InPlace;
pub use module::{Module, ModuleExport, ModuleFunction, ResourcesRequired};
