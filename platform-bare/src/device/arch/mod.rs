//! The processor: boot, exception vectors, translation, caches, counters, features (AArch64, EL1).

mod boot;
pub(crate) mod cache;
pub(crate) mod features;
mod memory_functions;
pub(crate) mod mmu;
pub(crate) mod perf;
pub(crate) mod registers;
pub(crate) mod vectors;
