//! A checked view of an image: the ELF file that holds a compiled module.
//!
//! Images may come from anywhere: no byte is trusted before it is checked, and no length in one makes
//! an allocation larger than the image itself warrants. What is *not* checked, and can't be, is the
//! machine code. The encoders are the twins of the same names in `compile/emit`.
//!
//! ```
//! # use wasmetal::{Config, Engine};
//! # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
//! use wasmetal::image::{View, seal};
//!
//! let image = engine.precompile_module(b"(module)")?;
//! let view = View::parse(&image)?;
//! seal::check_digest(&view)?;
//! assert_eq!(view.fingerprint()?.version(), env!("CARGO_PKG_VERSION"));
//! assert_eq!(seal::signer(&view)?, None);
//! # wasmetal::error::Ok(())
//! ```

#[doc(hidden)]
pub mod addresses;
mod blocks;
mod check;
mod code;
mod elf;
mod error;
mod fingerprint;
#[doc(hidden)]
#[cfg(feature = "exceptions")]
pub mod handlers;
#[doc(hidden)]
pub mod names;
pub mod seal;
#[doc(hidden)]
pub mod stack_maps;
#[cfg(all(test, feature = "compile"))]
mod tests;
#[doc(hidden)]
pub mod traps;
mod view;

#[doc(hidden)]
pub use crate::abi::sections::Part;
#[doc(hidden)]
pub use code::{CodeRange, CodeTable};
pub use error::LoadError;
pub use fingerprint::Fingerprint;
#[doc(hidden)]
pub use fingerprint::{CpuFlags, Host};
pub use seal::TrustedKey;
pub use target_lexicon::Architecture;
#[doc(hidden)]
pub use view::Sections;
pub use view::View;
