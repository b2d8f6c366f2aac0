//! Executable code: mapped, published once, found by pc; and the [`Module`] that owns it.

#[cfg(feature = "std")]
mod files;
mod load;
mod memory;
mod module;
mod publish;
pub(crate) mod registry;

#[cfg(all(feature = "compile", feature = "std"))]
pub(crate) use files::read as read_file;
pub(crate) use load::{check_signed, check_whole};
pub(crate) use memory::CodeMemory;
pub use memory::InPlace;
pub use module::{Module, ModuleExport, ModuleFunction, ResourcesRequired};
