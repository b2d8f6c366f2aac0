//! The public API on Linux, a file per topic. Needs the feature `wat`.

mod as_they_were_made;
#[cfg(feature = "async")]
mod async_deadlines;
#[cfg(all(feature = "async", feature = "threads"))]
mod async_waits;
#[cfg(feature = "async")]
mod asynchronous;
mod bad_input;
mod bulk_memory;
mod cache;
mod call_hooks;
#[cfg(feature = "async")]
mod call_hooks_async;
#[cfg(feature = "gc")]
mod casts;
mod compile_time;
mod config;
#[cfg(feature = "gc")]
mod constant_references;
mod epochs;
#[cfg(feature = "exceptions")]
mod exceptions;
#[cfg(any(feature = "gc", feature = "exceptions"))]
mod externref_collection;
mod externrefs;
mod fuel;
mod funcs;
#[cfg(feature = "gc")]
mod function_ids;
mod function_references;
#[cfg(feature = "gc")]
mod gc_heap;
#[cfg(feature = "gc")]
mod gc_wasm;
mod generated;
mod globals;
#[cfg(feature = "gc")]
mod growing_heap;
mod growth;
mod host_funcs;
mod hostile;
#[cfg(feature = "signatures")]
mod images;
mod instances;
mod interrupts;
#[cfg(feature = "async")]
mod kept_stops;
mod lent_stores;
#[cfg(feature = "async")]
mod limiter_async;
mod limits;
mod linker;
mod looks;
mod machine;
mod memories;
mod memory64;
#[cfg(feature = "threads")]
mod memory_model;
mod module_limits;
mod modules;
mod nesting;
mod no_guards;
#[cfg(feature = "gc")]
mod objects;
#[cfg(all(feature = "exceptions", feature = "gc"))]
mod objects_below_the_host;
mod out_of_memory;
mod proposals;
mod segments;
#[cfg(feature = "threads")]
mod shared_memories;
#[cfg(feature = "async")]
mod slices;
mod small_memories;
#[cfg(all(
    feature = "async",
    feature = "exceptions",
    feature = "gc",
    feature = "threads"
))]
mod sources;
mod stopped_in_bulk;
mod stopped_instantiations;
#[cfg(all(
    feature = "async",
    feature = "exceptions",
    feature = "gc",
    feature = "threads"
))]
mod strangers;
mod support;
#[cfg(feature = "gc")]
mod table_marks;
mod tables;
mod tail_calls;
mod threads;
mod totals;
mod traps;
mod typed;
#[cfg(feature = "simd")]
mod vectors;
mod without_features;
