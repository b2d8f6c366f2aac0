//! What is measured of an engine. Loops are on the far side, so that no virtual call is measured.

use anyhow::Result;
use std::path::Path;

/// An engine.
pub(crate) trait Subject {
    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Compiled>>;
    /// Compiles and drops the module.
    fn compile_only(&self, wasm: &[u8]) -> Result<()>;
    /// Compiles ahead of time, for an engine that can.
    fn precompile(&self, wasm: &[u8]) -> Result<Option<Vec<u8>>>;
    /// Loads what `precompile` has made and drops the module, `times` over.
    fn load(&self, image: &[u8], times: u32) -> Result<()>;
    /// The same from a file.
    fn load_file(&self, image: &Path, times: u32) -> Result<()>;
    /// Whether it has not the proposal of a kernel of `BY_HAND`.
    fn lacks(&self, what: &str) -> bool;
}

/// A module of an engine.
pub(crate) trait Compiled {
    /// Bytes of machine code, for an engine that makes any.
    fn text_size(&self) -> Option<usize>;
    /// Makes a store and an instance and drops both, `times` over.
    fn instantiate_and_drop(&self, times: u32) -> Result<()>;
    fn instance(&self) -> Result<Box<dyn Running>>;
}

/// An instance in its store.
pub(crate) trait Running {
    /// How much fuel is left, if the code uses any.
    fn fuel(&self) -> Option<u64>;
    /// Calls an export `(i32) -> i64`.
    fn run(&mut self, export: &str, argument: u32) -> Result<u64>;
    /// Calls the export `nop: () -> ()`.
    fn call_nop(&mut self, times: u32) -> Result<()>;
    /// Calls the export `add: (i32, i32) -> i32`, with what it returned last.
    fn call_add(&mut self, times: u32) -> Result<i32>;
    /// Calls an export `(i32) -> i32` that traps each time.
    fn trap(&mut self, export: &str, argument: i32, times: u32) -> Result<()>;
}
