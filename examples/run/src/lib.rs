//! What the example hosts do with a module: the same on Linux and on bare metal.
//!
//! A [`Job`] says what to run. It travels as bytes, in a file or in the memory of a board, and
//! borrows the modules in them.

#![no_std]

extern crate alloc;

#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod call;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod causes;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod execute;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod fuel;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod guests;
#[cfg(feature = "compile")]
#[forbid(unsafe_code)]
mod images;
#[cfg(all(feature = "engine", not(feature = "compile")))]
#[forbid(unsafe_code)]
#[path = "no_images.rs"]
mod images;
#[cfg(feature = "job")]
#[forbid(unsafe_code)]
mod job;
#[cfg(feature = "compile")]
mod load;
#[cfg(all(feature = "engine", not(feature = "compile")))]
#[path = "load_image.rs"]
mod load;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod look;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod programs;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod random;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod recorded;
pub mod settings;
#[cfg(feature = "compile")]
#[forbid(unsafe_code)]
mod slices;
#[cfg(all(feature = "engine", not(feature = "compile")))]
#[forbid(unsafe_code)]
#[path = "no_slices.rs"]
mod slices;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod stops;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod subjects;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod unknown;
#[cfg(feature = "engine")]
#[forbid(unsafe_code)]
mod wasi;

#[cfg(feature = "engine")]
pub use causes::Causes;
#[cfg(feature = "engine")]
pub use execute::{Machine, execute};
#[cfg(feature = "job")]
pub use job::{
    Call, Directory, Fuel, Given, GivenDirectory, Guest, Guests, Image, Job, Program, Recorded,
    RecordedCall, Stopped, Stops,
};
#[cfg(feature = "engine")]
pub use wasi::{Since, exit_code};
