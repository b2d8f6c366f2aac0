//! A checked view of an image: the ELF file that holds a compiled module.
//!
//! Images may come from anywhere: no byte is trusted before it is checked, and no length in one makes
//! an allocation larger than the image itself warrants. What is *not* checked, and can't be, is the
//! machine code. The encoders are the twins of the same names in `compile/emit`.

pub mod addresses;
mod blocks;
mod check;
mod code;
mod elf;
mod fingerprint;
#[cfg(feature = "exceptions")]
pub mod handlers;
pub mod names;
pub mod seal;
pub mod stack_maps;
#[cfg(all(test, feature = "compile"))]
mod tests;
pub mod traps;
mod view;

pub use crate::abi::sections::Part;
pub use code::{CodeRange, CodeTable};
pub use fingerprint::{CpuFlags, Fingerprint, Host};
pub use seal::TrustedKey;
pub use target_lexicon::Architecture;
pub use view::{Sections, View};
