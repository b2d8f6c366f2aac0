//! References that are no functions, and the objects behind them.

mod heap;
mod roots;

pub(super) use heap::Object;
pub(super) use roots::Roots;
