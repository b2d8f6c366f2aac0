//! The public API on Linux, a file per topic. Needs the feature `wat`.

mod funcs;
mod host_funcs;
mod support;
mod typed;
