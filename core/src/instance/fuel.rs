//! What instantiation costs in fuel, besides what the start function uses.

use crate::module::{ConstExpr, ConstOp, ElementItems, ElementMode, ModuleInfo};

/// What is paid for that is to be evaluated: 1 for each operator of globals' and passive elements' initial values
/// that are more than a number, 1 for calling the start function, and 1 if there is any of this; 0: nothing.
///
/// Segments that are written to memories and tables cost nothing: how they get there depends on the
/// platform.
pub(super) fn total(info: &ModuleInfo) -> u64 {
    let globals = info.global_initializers.values();
    let globals = globals.filter(|expr| !is_number(expr)).map(cost);
    let passive = info.elements.values();
    let passive = passive.filter(|segment| matches!(segment.mode, ElementMode::Passive));
    let passive = passive.map(|segment| match &segment.items {
        ElementItems::Functions(_) => 0,
        ElementItems::Expressions(items) => items.iter().map(cost).sum(),
    });
    let start = info.start.map(|_| 1);
    let total = globals.chain(passive).chain(start).reduce(|a, b| a + b);
    total.map_or(0, |total| total + 1)
}

fn cost(expr: &ConstExpr) -> u64 {
    expr.ops.len() as u64
}

fn is_number(expr: &ConstExpr) -> bool {
    matches!(
        expr.ops[..],
        [ConstOp::I32Const(_)
            | ConstOp::I64Const(_)
            | ConstOp::F32Const(_)
            | ConstOp::F64Const(_)
            | ConstOp::V128Const(_)]
    )
}
