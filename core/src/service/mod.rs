//! The compiler as a service: what an engine adds to it.
//!
//! `compile` makes an image of Wasm bytes, and knows no engine. Here modules come of it:
//!
//! | file | adds |
//! |---|---|
//! | `module` | the way from bytes to a [`Module`](crate::Module), and back to an image |
//! | `store` | the same for a store, whose interrupts end it too |
//! | `text` | the text format |
//! | `files` | modules in files |
//! | `engine` | images, and checks, for who wants no module |
//! | `bounds`, `stopped` | limits of memory and time, and confinement: how a job of the compiler is run, and cut off |
//! | `outside` | errors of what was confined |
//! | `cached` | what was compiled before |
//! | `heal` | images that do not fit are compiled again |

#[cfg(feature = "compile")]
mod bounds;
#[cfg(feature = "compile")]
mod cached;
#[cfg(feature = "compile")]
mod engine;
#[cfg(all(feature = "compile", feature = "std"))]
mod files;
mod heal;
#[cfg(feature = "compile")]
mod module;
#[cfg(feature = "compile")]
mod outside;
#[cfg(feature = "compile")]
mod stopped;
#[cfg(feature = "compile")]
mod store;
// Twins: without the feature `wat` there is no text format.
#[cfg(feature = "compile")]
#[cfg_attr(not(feature = "wat"), path = "no_text.rs")]
mod text;

pub use heal::Loaded;
#[cfg(feature = "compile")]
pub use stopped::CompilationStopped;
#[cfg(feature = "wat")]
pub use text::InvalidText;
#[cfg(feature = "compile")]
use text::Source;
