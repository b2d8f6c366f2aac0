//! What operators on whole vectors do.

use crate::compile::translate::function::Translator;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{I8X16, I16X8, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value};

/// What an operator does to vectors with the lanes that it takes.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// One instruction on a vector.
    Unary(Opcode),
    /// One instruction on a vector, that is told the type of its result.
    To(Opcode, Type),
    /// One instruction on two vectors.
    Binary(Opcode),
    /// One instruction on a vector and an `i32`, which it takes modulo the width of a lane.
    Shift(Opcode),
    /// One instruction that chooses between two vectors by a third one, which it takes first and
    /// the operator last.
    Choose(Opcode),
    /// The first operand where the second one's bits are not set.
    AndNot,
    /// A comparison of integers.
    Ints(IntCC),
    /// A comparison of floats.
    Floats(FloatCC),
    /// The second operand where it is less, otherwise the first.
    PseudoMin,
    /// The second operand where the first is less, otherwise the first.
    PseudoMax,
    /// The sum of a product and a third vector.
    MulAdd(Fusion),
    /// The same, with the product negated.
    NegMulAdd(Fusion),
    /// The product of halves that are widened first.
    MulWidened(Opcode),
    /// The sums of neighbours, which are widened first, by the instructions for the low and the high
    /// half.
    AddPairs([Opcode; 2]),
    /// The sums of neighbouring products of 16 bits each.
    Dot,
    /// The sums of neighbouring products of 8 bits each, saturated to 16 bits.
    DotSat,
    /// The same from x86-64's one instruction, which takes the second vector's lanes as unsigned.
    DotUnsigned,
    /// The sums of four neighbouring products of 8 bits each and a third vector's lane.
    DotAdd(DotAdd),
    /// One instruction on a widened half.
    WidenedTo(Opcode, Opcode, Type),
    /// Floats converted to `i64x2`, and that narrowed to the lower half, by these instructions.
    NarrowedWithZero(Opcode, Opcode),
}

/// How a product and a sum are rounded.
#[derive(Clone, Copy)]
pub(super) enum Fusion {
    /// Once.
    Fused,
    /// Each.
    Unfused,
}

/// How four products are summed up.
#[derive(Clone, Copy)]
pub(super) enum DotAdd {
    /// In pairs, saturated to 16 bits, and then these.
    Saturated,
    /// The same from x86-64's instruction for the pairs.
    Unsigned,
    /// In 32 bits; the second vector is widened by these instructions. Machines with an instruction
    /// for all of it are known to Cranelift by the tree of instructions.
    Exact([Opcode; 2]),
}

const SIGNED: [Opcode; 2] = [Opcode::SwidenLow, Opcode::SwidenHigh];

impl Translator<'_, '_> {
    /// Translates an operator by its shape and its operands' lanes.
    pub(super) fn vectors(&mut self, shape: Shape, lanes: Type) {
        let result = match shape {
            Shape::Unary(opcode) => {
                let x = self.pop_vector(lanes);
                self.vector_unary(opcode, lanes, x)
            }
            Shape::To(opcode, result) => {
                let x = self.pop_vector(lanes);
                self.vector_unary(opcode, result, x)
            }
            Shape::Binary(opcode) => {
                let (x, y) = self.pop_vectors(lanes);
                self.vector_binary(opcode, lanes, x, y)
            }
            Shape::Shift(opcode) => {
                let amount = self.pop();
                let x = self.pop_vector(lanes);
                self.vector_binary(opcode, lanes, x, amount)
            }
            Shape::Choose(opcode) => {
                let mask = self.pop_vector(lanes);
                let (x, y) = self.pop_vectors(lanes);
                let ins = self.builder.ins();
                let (inst, dfg) = ins.Ternary(opcode, lanes, mask, x, y);
                dfg.first_result(inst)
            }
            Shape::AndNot => {
                let (x, y) = self.pop_vectors(lanes);
                let y = self.builder.ins().bnot(y);
                self.builder.ins().band(x, y)
            }
            Shape::Ints(condition) => {
                let (x, y) = self.pop_vectors(lanes);
                self.builder.ins().icmp(condition, x, y)
            }
            Shape::Floats(condition) => {
                let (x, y) = self.pop_vectors(lanes);
                self.builder.ins().fcmp(condition, x, y)
            }
            Shape::PseudoMin => {
                let (x, y) = self.pop_vectors(lanes);
                self.second_if_less(lanes, [x, y], [y, x])
            }
            Shape::PseudoMax => {
                let (x, y) = self.pop_vectors(lanes);
                self.second_if_less(lanes, [x, y], [x, y])
            }
            Shape::MulAdd(fusion) => self.mul_add(lanes, fusion, false),
            Shape::NegMulAdd(fusion) => self.mul_add(lanes, fusion, true),
            Shape::MulWidened(widen) => {
                let (x, y) = self.pop_vectors(lanes);
                self.mul_widened(lanes, [widen, widen], x, y)
            }
            Shape::AddPairs(widen) => {
                let x = self.pop_vector(lanes);
                self.add_pairs(lanes, widen, x)
            }
            Shape::Dot => {
                let (x, y) = self.pop_vectors(lanes);
                let [low, high] = self.products(lanes, SIGNED, x, y);
                self.builder.ins().iadd_pairwise(low, high)
            }
            Shape::DotSat => {
                let (x, y) = self.pop_vectors(lanes);
                self.dot_saturated(x, y)
            }
            Shape::DotUnsigned => {
                let (x, y) = self.pop_vectors(lanes);
                self.builder.ins().x86_pmaddubsw(x, y)
            }
            Shape::DotAdd(how) => self.dot_add(lanes, how),
            Shape::WidenedTo(widen, opcode, result) => {
                let x = self.pop_vector(lanes);
                let x = self.vector_unary(widen, lanes, x);
                self.vector_unary(opcode, result, x)
            }
            Shape::NarrowedWithZero(convert, narrow) => {
                let x = self.pop_vector(lanes);
                let x = self.vector_unary(convert, I64X2, x);
                let zero = self.zero(I64X2);
                self.vector_binary(narrow, I64X2, x, zero)
            }
        };
        self.push(result);
    }

    /// An instruction on one vector. `ty` is the type that the instruction is told by.
    fn vector_unary(&mut self, opcode: Opcode, ty: Type, x: Value) -> Value {
        let (inst, dfg) = self.builder.ins().Unary(opcode, ty, x);
        dfg.first_result(inst)
    }

    /// An instruction on two operands.
    fn vector_binary(&mut self, opcode: Opcode, ty: Type, x: Value, y: Value) -> Value {
        let (inst, dfg) = self.builder.ins().Binary(opcode, ty, x, y);
        dfg.first_result(inst)
    }

    /// `y` in the lanes where `less[0] < less[1]`, otherwise `x`. Cranelift knows this as `minps` and
    /// its like.
    fn second_if_less(&mut self, lanes: Type, [x, y]: [Value; 2], less: [Value; 2]) -> Value {
        let ins = self.builder.ins();
        let mask = ins.fcmp(FloatCC::LessThan, less[0], less[1]);
        let mask = self.with_lanes(mask, lanes);
        self.builder.ins().bitselect(mask, y, x)
    }

    fn mul_add(&mut self, lanes: Type, fusion: Fusion, negate: bool) -> Value {
        let z = self.pop_vector(lanes);
        let (mut x, y) = self.pop_vectors(lanes);
        if negate {
            x = self.builder.ins().fneg(x);
        }
        match fusion {
            Fusion::Fused => self.builder.ins().fma(x, y, z),
            Fusion::Unfused => {
                let product = self.builder.ins().fmul(x, y);
                self.builder.ins().fadd(product, z)
            }
        }
    }

    /// The product of halves, each widened by its instruction.
    fn mul_widened(&mut self, lanes: Type, widen: [Opcode; 2], x: Value, y: Value) -> Value {
        let x = self.vector_unary(widen[0], lanes, x);
        let y = self.vector_unary(widen[1], lanes, y);
        self.builder.ins().imul(x, y)
    }

    /// The products of all lanes: of the low halves and of the high ones. The second vector is widened
    /// by these instructions, the first with its sign.
    fn products(&mut self, lanes: Type, widen: [Opcode; 2], x: Value, y: Value) -> [Value; 2] {
        [0, 1].map(|half| self.mul_widened(lanes, [SIGNED[half], widen[half]], x, y))
    }

    fn add_pairs(&mut self, lanes: Type, widen: [Opcode; 2], x: Value) -> Value {
        let low = self.vector_unary(widen[0], lanes, x);
        let high = self.vector_unary(widen[1], lanes, x);
        self.builder.ins().iadd_pairwise(low, high)
    }

    /// The sums of neighbouring products of `i8x16`, saturated to 16 bits.
    fn dot_saturated(&mut self, x: Value, y: Value) -> Value {
        let products = self.products(I8X16, SIGNED, x, y);
        let [low, high] = products.map(|products| self.add_pairs(I16X8, SIGNED, products));
        self.builder.ins().snarrow(low, high)
    }

    fn dot_add(&mut self, lanes: Type, how: DotAdd) -> Value {
        let z = self.pop_vector(I32X4);
        let (x, y) = self.pop_vectors(lanes);
        let sums = match how {
            DotAdd::Saturated => {
                let pairs = self.dot_saturated(x, y);
                self.add_pairs(I16X8, SIGNED, pairs)
            }
            DotAdd::Unsigned => {
                let pairs = self.builder.ins().x86_pmaddubsw(x, y);
                self.add_pairs(I16X8, SIGNED, pairs)
            }
            DotAdd::Exact(widen) => {
                let products = self.products(lanes, widen, x, y);
                let [low, high] = products.map(|products| self.add_pairs(I16X8, SIGNED, products));
                self.builder.ins().iadd_pairwise(low, high)
            }
        };
        self.builder.ins().iadd(sums, z)
    }
}
