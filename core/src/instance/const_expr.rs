//! Evaluation of constant expressions.

use crate::activation::ValRaw;
use crate::error::Result;
use crate::interrupt::pieces::{Pieces, STEPS, Steps};
use crate::module::{ConstExpr, ConstOp, FunctionIndex, GlobalIndex};
use crate::oom;

/// What constant expressions may refer to. The evaluation is compiled once for all.
pub(crate) trait Environment {
    /// The value of a global.
    fn global(&self, index: GlobalIndex) -> ValRaw;
    /// A reference to a function.
    fn function(&self, index: FunctionIndex) -> ValRaw;
}

/// Whether the value depends on nothing but the expression.
pub(crate) fn is_constant(expr: &ConstExpr) -> bool {
    !makes_objects(expr)
        && !expr
            .ops
            .iter()
            .any(|op| matches!(op, ConstOp::GlobalGet(_) | ConstOp::RefFunc(_)))
}

/// Whether the value is a new object each time: then [`evaluate`] is not for it.
pub(crate) fn makes_objects(expr: &ConstExpr) -> bool {
    expr.ops.iter().any(|op| op.makes_object())
}

/// The value of a validated expression that makes no objects.
///
/// # Errors
/// Memory is exhausted.
pub(crate) fn evaluate(expr: &ConstExpr, environment: &dyn Environment) -> Result<ValRaw> {
    evaluate_in(&mut Pieces::ONE.steps(), expr, environment)
}

/// As [`evaluate`], in steps.
///
/// # Errors
/// Memory is exhausted; the store is to stop.
pub(crate) fn evaluate_in(
    steps: &mut Steps,
    expr: &ConstExpr,
    environment: &dyn Environment,
) -> Result<ValRaw> {
    // Nearly all are one operator.
    if let [op] = expr.ops[..] {
        steps.take(1)?;
        return Ok(leaf(op, environment).unwrap_or(ValRaw::ZERO));
    }
    let (mut short, mut long);
    let stack = match is_long(expr) {
        true => {
            long = oom::repeated(ValRaw::ZERO, expr.ops.len())?;
            &mut long[..]
        }
        false => {
            short = [ValRaw::ZERO; SHORT];
            &mut short
        }
    };
    let mut top = 0;
    for ops in expr.ops.chunks(STEPS) {
        steps.take(ops.len())?;
        top = run(ops, environment, stack, top);
    }
    Ok(stack[0])
}

/// So many operators need no memory for their operands.
const SHORT: usize = 16;

/// Whether the evaluation may fail.
pub(crate) fn is_long(expr: &ConstExpr) -> bool {
    expr.ops.len() > SHORT
}

/// Executes operators, with `top` operands on the stack to begin with; the stack has room for one operand of each
/// operator. Returns the number of operands at the end.
fn run(
    ops: &[ConstOp],
    environment: &dyn Environment,
    stack: &mut [ValRaw],
    mut top: usize,
) -> usize {
    for &op in ops {
        let pop = || {
            top = usize::checked_sub(top, 1)?;
            Some(stack[top])
        };
        stack[top] = match leaf(op, environment) {
            Some(value) => value,
            None => operate(op, pop),
        };
        top += 1;
    }
    top
}

/// The value of an operator without operands.
pub(crate) fn leaf(op: ConstOp, environment: &dyn Environment) -> Option<ValRaw> {
    Some(match op {
        ConstOp::I32Const(value) => ValRaw::i32(value),
        ConstOp::I64Const(value) => ValRaw::i64(value),
        ConstOp::F32Const(bits) => ValRaw::f32(bits),
        ConstOp::F64Const(bits) => ValRaw::f64(bits),
        ConstOp::V128Const(value) => ValRaw::v128(value),
        ConstOp::GlobalGet(index) => environment.global(index),
        ConstOp::RefFunc(index) => environment.function(index),
        ConstOp::RefNull(_) => ValRaw::ZERO,
        ConstOp::I32Add
        | ConstOp::I32Sub
        | ConstOp::I32Mul
        | ConstOp::I64Add
        | ConstOp::I64Sub
        | ConstOp::I64Mul
        | ConstOp::RefI31
        | ConstOp::AnyConvertExtern
        | ConstOp::ExternConvertAny
        | ConstOp::StructNew(_)
        | ConstOp::StructNewDefault(_)
        | ConstOp::ArrayNew(_)
        | ConstOp::ArrayNewDefault(_)
        | ConstOp::ArrayNewFixed(..) => return None,
    })
}

/// The value of an operator with operands, which `pop` takes from the stack.
pub(crate) fn operate(op: ConstOp, mut pop: impl FnMut() -> Option<ValRaw>) -> ValRaw {
    // A validated expression leaves its operands; zeroes only silence the type.
    let mut pop = || pop().unwrap_or(ValRaw::ZERO);
    let b = pop();
    let i32 = |a: ValRaw, f: fn(i32, i32) -> i32| ValRaw::i32(f(a.get_i32(), b.get_i32()));
    let i64 = |a: ValRaw, f: fn(i64, i64) -> i64| ValRaw::i64(f(a.get_i64(), b.get_i64()));
    match op {
        ConstOp::RefI31 => ValRaw::i32(b.get_i32() << 1 | 1),
        // A reference looks the same in both hierarchies.
        ConstOp::AnyConvertExtern | ConstOp::ExternConvertAny => b,
        ConstOp::I32Add => i32(pop(), i32::wrapping_add),
        ConstOp::I32Sub => i32(pop(), i32::wrapping_sub),
        ConstOp::I32Mul => i32(pop(), i32::wrapping_mul),
        ConstOp::I64Add => i64(pop(), i64::wrapping_add),
        ConstOp::I64Sub => i64(pop(), i64::wrapping_sub),
        ConstOp::I64Mul => i64(pop(), i64::wrapping_mul),
        // Leaves, and what makes objects: it is not evaluated here.
        ConstOp::I32Const(_)
        | ConstOp::I64Const(_)
        | ConstOp::F32Const(_)
        | ConstOp::F64Const(_)
        | ConstOp::V128Const(_)
        | ConstOp::GlobalGet(_)
        | ConstOp::RefNull(_)
        | ConstOp::RefFunc(_)
        | ConstOp::StructNew(_)
        | ConstOp::StructNewDefault(_)
        | ConstOp::ArrayNew(_)
        | ConstOp::ArrayNewDefault(_)
        | ConstOp::ArrayNewFixed(..) => ValRaw::ZERO,
    }
}

/// The environment of expressions that are constant.
pub(crate) struct Nothing;

impl Environment for Nothing {
    fn global(&self, _: GlobalIndex) -> ValRaw {
        ValRaw::ZERO
    }

    fn function(&self, _: FunctionIndex) -> ValRaw {
        ValRaw::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConstOp::*;

    struct Globals;

    impl Environment for Globals {
        fn global(&self, index: GlobalIndex) -> ValRaw {
            ValRaw::i32(100 + index.as_u32() as i32)
        }

        fn function(&self, index: FunctionIndex) -> ValRaw {
            ValRaw::i64(0x1000 + i64::from(index.as_u32()))
        }
    }

    fn check(ops: &[ConstOp], constant: bool, expected: u128) {
        let expr = ConstExpr { ops: ops.to_vec() };
        assert_eq!(is_constant(&expr), constant, "{ops:?}");
        assert_eq!(
            evaluate(&expr, &Globals).unwrap().get_v128(),
            expected,
            "{ops:?}"
        );
    }

    #[test]
    fn values() {
        let func = crate::module::HeapType::Func;
        check(&[I32Const(-1)], true, 0xffff_ffff);
        check(&[I64Const(-2)], true, 0xffff_ffff_ffff_fffe);
        check(&[F32Const(0x7fc0_0001)], true, 0x7fc0_0001);
        check(&[F64Const(1 << 63)], true, 1 << 63);
        check(&[V128Const(u128::MAX)], true, u128::MAX);
        check(&[RefNull(func)], true, 0);
        check(&[GlobalGet(GlobalIndex::from_u32(3))], false, 103);
        check(&[I32Const(-1), RefI31], true, 0xffff_ffff);
        check(&[I32Const(0x4000_0001), RefI31], true, 0x8000_0003);
        check(&[RefFunc(FunctionIndex::from_u32(4))], false, 0x1004);
    }

    #[test]
    fn arithmetic() {
        check(&[I32Const(7), I32Const(5), I32Sub], true, 2);
        check(
            &[I32Const(i32::MAX), I32Const(1), I32Add],
            true,
            0x8000_0000,
        );
        check(&[I32Const(0x10000), I32Const(0x10000), I32Mul], true, 0);
        check(&[I64Const(7), I64Const(5), I64Sub], true, 2);
        check(
            &[I64Const(-1), I64Const(2), I64Mul, I64Const(3), I64Add],
            true,
            1,
        );
        check(
            &[GlobalGet(GlobalIndex::from_u32(1)), I32Const(2), I32Mul],
            false,
            202,
        );
    }
}
