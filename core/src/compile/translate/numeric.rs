//! Operators on numbers.

use super::access;
use super::function::Translator;
use crate::abi::traps::Trap;
use crate::compile::operators::{Arithmetic, Numeric};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F32, F64, I8, I16, I32, I64, I128};
use cranelift_codegen::ir::{self, InstBuilder, Value};
use cranelift_frontend::FuncInstBuilder;
use target_lexicon::Architecture;

impl Translator<'_, '_> {
    /// Translates arithmetic that constant expressions may do too.
    pub(super) fn arithmetic(&mut self, operator: Arithmetic) {
        match operator {
            Arithmetic::I32Add | Arithmetic::I64Add => self.binary(|ins, x, y| ins.iadd(x, y)),
            Arithmetic::I32Sub | Arithmetic::I64Sub => self.binary(|ins, x, y| ins.isub(x, y)),
            Arithmetic::I32Mul | Arithmetic::I64Mul => self.binary(|ins, x, y| ins.imul(x, y)),
        }
    }

    /// Translates an operator that only takes numbers from the operand stack and leaves numbers there.
    pub(super) fn numeric(&mut self, operator: Numeric) {
        match operator {
            Numeric::I32Eqz | Numeric::I64Eqz => {
                let value = self.pop_condition();
                let result = self.builder.ins().icmp_imm_u(IntCC::Equal, value, 0);
                self.push(result);
            }
            Numeric::I32Eq | Numeric::I64Eq => self.icmp(IntCC::Equal),
            Numeric::I32Ne | Numeric::I64Ne => self.icmp(IntCC::NotEqual),
            Numeric::I32LtS | Numeric::I64LtS => self.icmp(IntCC::SignedLessThan),
            Numeric::I32LtU | Numeric::I64LtU => self.icmp(IntCC::UnsignedLessThan),
            Numeric::I32GtS | Numeric::I64GtS => self.icmp(IntCC::SignedGreaterThan),
            Numeric::I32GtU | Numeric::I64GtU => self.icmp(IntCC::UnsignedGreaterThan),
            Numeric::I32LeS | Numeric::I64LeS => self.icmp(IntCC::SignedLessThanOrEqual),
            Numeric::I32LeU | Numeric::I64LeU => self.icmp(IntCC::UnsignedLessThanOrEqual),
            Numeric::I32GeS | Numeric::I64GeS => self.icmp(IntCC::SignedGreaterThanOrEqual),
            Numeric::I32GeU | Numeric::I64GeU => self.icmp(IntCC::UnsignedGreaterThanOrEqual),

            Numeric::F32Eq | Numeric::F64Eq => self.fcmp(FloatCC::Equal),
            Numeric::F32Ne | Numeric::F64Ne => self.fcmp(FloatCC::NotEqual),
            Numeric::F32Lt | Numeric::F64Lt => self.fcmp(FloatCC::LessThan),
            Numeric::F32Gt | Numeric::F64Gt => self.fcmp(FloatCC::GreaterThan),
            Numeric::F32Le | Numeric::F64Le => self.fcmp(FloatCC::LessThanOrEqual),
            Numeric::F32Ge | Numeric::F64Ge => self.fcmp(FloatCC::GreaterThanOrEqual),

            Numeric::I32Clz | Numeric::I64Clz => self.unary(|ins, x| ins.clz(x)),
            Numeric::I32Ctz | Numeric::I64Ctz => self.unary(|ins, x| ins.ctz(x)),
            Numeric::I32Popcnt | Numeric::I64Popcnt => self.unary(|ins, x| ins.popcnt(x)),
            Numeric::I32DivS | Numeric::I64DivS => {
                self.check_divisor(true);
                self.binary(|ins, x, y| ins.sdiv(x, y));
            }
            Numeric::I32DivU | Numeric::I64DivU => {
                self.check_divisor(false);
                self.binary(|ins, x, y| ins.udiv(x, y));
            }
            Numeric::I32RemS | Numeric::I64RemS => {
                self.check_divisor(false);
                self.binary(|ins, x, y| ins.srem(x, y));
            }
            Numeric::I32RemU | Numeric::I64RemU => {
                self.check_divisor(false);
                self.binary(|ins, x, y| ins.urem(x, y));
            }
            Numeric::I32And | Numeric::I64And => self.binary(|ins, x, y| ins.band(x, y)),
            Numeric::I32Or | Numeric::I64Or => self.binary(|ins, x, y| ins.bor(x, y)),
            Numeric::I32Xor | Numeric::I64Xor => self.binary(|ins, x, y| ins.bxor(x, y)),
            Numeric::I32Shl | Numeric::I64Shl => self.binary(|ins, x, y| ins.ishl(x, y)),
            Numeric::I32ShrS | Numeric::I64ShrS => self.binary(|ins, x, y| ins.sshr(x, y)),
            Numeric::I32ShrU | Numeric::I64ShrU => self.binary(|ins, x, y| ins.ushr(x, y)),
            Numeric::I32Rotl | Numeric::I64Rotl => self.binary(|ins, x, y| ins.rotl(x, y)),
            Numeric::I32Rotr | Numeric::I64Rotr => self.binary(|ins, x, y| ins.rotr(x, y)),

            Numeric::F32Abs | Numeric::F64Abs => self.unary(|ins, x| ins.fabs(x)),
            Numeric::F32Neg | Numeric::F64Neg => self.unary(|ins, x| ins.fneg(x)),
            Numeric::F32Ceil | Numeric::F64Ceil => self.unary(|ins, x| ins.ceil(x)),
            Numeric::F32Floor | Numeric::F64Floor => self.unary(|ins, x| ins.floor(x)),
            Numeric::F32Trunc | Numeric::F64Trunc => self.unary(|ins, x| ins.trunc(x)),
            Numeric::F32Nearest | Numeric::F64Nearest => self.unary(|ins, x| ins.nearest(x)),
            Numeric::F32Sqrt | Numeric::F64Sqrt => self.unary(|ins, x| ins.sqrt(x)),
            Numeric::F32Add | Numeric::F64Add => self.binary(|ins, x, y| ins.fadd(x, y)),
            Numeric::F32Sub | Numeric::F64Sub => self.binary(|ins, x, y| ins.fsub(x, y)),
            Numeric::F32Mul | Numeric::F64Mul => self.binary(|ins, x, y| ins.fmul(x, y)),
            Numeric::F32Div | Numeric::F64Div => self.binary(|ins, x, y| ins.fdiv(x, y)),
            Numeric::F32Min | Numeric::F64Min => self.binary(|ins, x, y| ins.fmin(x, y)),
            Numeric::F32Max | Numeric::F64Max => self.binary(|ins, x, y| ins.fmax(x, y)),
            Numeric::F32Copysign | Numeric::F64Copysign => {
                self.binary(|ins, x, y| ins.fcopysign(x, y));
            }

            Numeric::I32WrapI64 => self.unary(|ins, x| ins.ireduce(I32, x)),
            Numeric::I64ExtendI32S => self.unary(|ins, x| ins.sextend(I64, x)),
            Numeric::I64ExtendI32U => {
                let value = self.pop_condition();
                let result = self.builder.ins().uextend(I64, value);
                self.push(result);
            }
            Numeric::I32Extend8S => self.extend(I8, I32),
            Numeric::I32Extend16S => self.extend(I16, I32),
            Numeric::I64Extend8S => self.extend(I8, I64),
            Numeric::I64Extend16S => self.extend(I16, I64),
            Numeric::I64Extend32S => self.extend(I32, I64),

            Numeric::I32TruncF32S | Numeric::I32TruncF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint(I32, x));
            }
            Numeric::I32TruncF32U | Numeric::I32TruncF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint(I32, x));
            }
            Numeric::I64TruncF32S | Numeric::I64TruncF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint(I64, x));
            }
            Numeric::I64TruncF32U | Numeric::I64TruncF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint(I64, x));
            }
            Numeric::I32TruncSatF32S | Numeric::I32TruncSatF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint_sat(I32, x));
            }
            Numeric::I32TruncSatF32U | Numeric::I32TruncSatF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint_sat(I32, x));
            }
            Numeric::I64TruncSatF32S | Numeric::I64TruncSatF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint_sat(I64, x));
            }
            Numeric::I64TruncSatF32U | Numeric::I64TruncSatF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint_sat(I64, x));
            }
            Numeric::F32ConvertI32S | Numeric::F32ConvertI64S => {
                self.unary(|ins, x| ins.fcvt_from_sint(F32, x));
            }
            Numeric::F32ConvertI32U | Numeric::F32ConvertI64U => {
                self.unary(|ins, x| ins.fcvt_from_uint(F32, x));
            }
            Numeric::F64ConvertI32S | Numeric::F64ConvertI64S => {
                self.unary(|ins, x| ins.fcvt_from_sint(F64, x));
            }
            Numeric::F64ConvertI32U | Numeric::F64ConvertI64U => {
                self.unary(|ins, x| ins.fcvt_from_uint(F64, x));
            }
            Numeric::F32DemoteF64 => self.unary(|ins, x| ins.fdemote(F32, x)),
            Numeric::F64PromoteF32 => self.unary(|ins, x| ins.fpromote(F64, x)),
            Numeric::I32ReinterpretF32 => self.reinterpret(I32),
            Numeric::I64ReinterpretF64 => self.reinterpret(I64),
            Numeric::F32ReinterpretI32 => self.reinterpret(F32),
            Numeric::F64ReinterpretI64 => self.reinterpret(F64),

            Numeric::I64Add128 => self.binary_128(|ins, x, y| ins.iadd(x, y)),
            Numeric::I64Sub128 => self.binary_128(|ins, x, y| ins.isub(x, y)),
            Numeric::I64MulWideS => self.multiply_wide(|ins, x| ins.sextend(I128, x)),
            Numeric::I64MulWideU => self.multiply_wide(|ins, x| ins.uextend(I128, x)),
        }
    }

    fn unary(&mut self, op: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let value = self.pop();
        let result = op(self.builder.ins(), value);
        self.push(result);
    }

    fn binary(&mut self, op: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let (x, y) = self.pop2();
        let result = op(self.builder.ins(), x, y);
        self.push(result);
    }

    /// An operator on two 128-bit integers, each a lower and an upper half.
    fn binary_128(&mut self, op: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let (y_low, y_high) = self.pop2();
        let (x_low, x_high) = self.pop2();
        let x = self.builder.ins().iconcat(x_low, x_high);
        let y = self.builder.ins().iconcat(y_low, y_high);
        let result = op(self.builder.ins(), x, y);
        self.push_128(result);
    }

    /// The whole product of two 64-bit integers.
    fn multiply_wide(&mut self, extend: fn(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let (x, y) = self.pop2();
        let x = extend(self.builder.ins(), x);
        let y = extend(self.builder.ins(), y);
        let result = self.builder.ins().imul(x, y);
        self.push_128(result);
    }

    fn push_128(&mut self, value: Value) {
        let (low, high) = self.builder.ins().isplit(value);
        self.push(low);
        self.push(high);
    }

    fn icmp(&mut self, condition: IntCC) {
        self.binary(|ins, x, y| ins.icmp(condition, x, y));
    }

    fn fcmp(&mut self, condition: FloatCC) {
        self.binary(|ins, x, y| ins.fcmp(condition, x, y));
    }

    /// Sign-extends the lowest bits, as many as `from` has.
    fn extend(&mut self, from: ir::Type, to: ir::Type) {
        self.unary(|ins, x| ins.ireduce(from, x));
        // Not `unary`: an `i8` is a comparison's result to it.
        let value = self.pop_condition();
        let result = self.builder.ins().sextend(to, value);
        self.push(result);
    }

    fn reinterpret(&mut self, ty: ir::Type) {
        self.unary(|ins, x| access::bitcast(ins, ty, x));
    }

    /// Checks the divisor on top of the stack where division by zero (or, of the smallest number by
    /// -1) is a fault of the machine that nobody would catch.
    fn check_divisor(&mut self, overflow: bool) {
        let faults = self.env.isa.triple().architecture == Architecture::X86_64;
        if self.env.tunables.memory_faults || !faults {
            return;
        }
        let start = self.extend_top(2);
        let (dividend, divisor) = (self.operands[start], self.operands[start + 1]);
        if self
            .constant(divisor)
            .is_some_and(|d| d != 0 && d as i32 != -1)
        {
            return;
        }
        let ins = self.builder.ins();
        ins.trapz(divisor, ir::TrapCode::INTEGER_DIVISION_BY_ZERO);
        if overflow {
            let smallest = match self.builder.func.dfg.value_type(dividend) {
                I32 => 1 << 31,
                _ => i64::MIN,
            };
            let ins = self.builder.ins();
            let is_smallest = ins.icmp_imm_u(IntCC::Equal, dividend, smallest);
            let is_minus_one = self.builder.ins().icmp_imm_s(IntCC::Equal, divisor, -1);
            let overflows = self.builder.ins().band(is_smallest, is_minus_one);
            self.trap_if(overflows, Trap::IntegerOverflow);
        }
    }
}
