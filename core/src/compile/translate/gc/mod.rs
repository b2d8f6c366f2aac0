//! References that are no functions, and the objects behind them.

#[cfg(any(feature = "gc", feature = "exceptions"))]
mod functions;
#[cfg(any(feature = "gc", feature = "exceptions"))]
mod heap;
// Twins: without the feature `gc` there are no operators, but exceptions are objects too.
#[cfg_attr(not(feature = "gc"), path = "no_operators.rs")]
mod operators;
mod roots;
mod types;

#[cfg(feature = "exceptions")]
pub(super) use heap::Object;
pub(super) use roots::Roots;
pub(crate) use types::TypeFacts;
