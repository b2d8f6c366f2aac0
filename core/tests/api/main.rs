//! The public API on Linux, a file per topic. Needs the feature `wat`.

mod externrefs;
mod funcs;
mod globals;
mod host_funcs;
mod instances;
mod limits;
mod memories;
mod segments;
mod support;
mod tables;
mod typed;
