//! Operators on numbers.

use super::Result;
use super::access;
use super::function::Translator;
use crate::abi::traps::Trap;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F32, F64, I8, I16, I32, I64, I128};
use cranelift_codegen::ir::{self, InstBuilder, Value};
use cranelift_frontend::FuncInstBuilder;
use target_lexicon::Architecture;
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates an operator that only takes numbers from the operand stack and leaves numbers there.
    pub(super) fn numeric(&mut self, operator: &Operator<'_>) -> Result<()> {
        match operator {
            Operator::I32Eqz | Operator::I64Eqz => {
                let value = self.pop_condition();
                let result = self.builder.ins().icmp_imm_u(IntCC::Equal, value, 0);
                self.push(result);
            }
            Operator::I32Eq | Operator::I64Eq => self.icmp(IntCC::Equal),
            Operator::I32Ne | Operator::I64Ne => self.icmp(IntCC::NotEqual),
            Operator::I32LtS | Operator::I64LtS => self.icmp(IntCC::SignedLessThan),
            Operator::I32LtU | Operator::I64LtU => self.icmp(IntCC::UnsignedLessThan),
            Operator::I32GtS | Operator::I64GtS => self.icmp(IntCC::SignedGreaterThan),
            Operator::I32GtU | Operator::I64GtU => self.icmp(IntCC::UnsignedGreaterThan),
            Operator::I32LeS | Operator::I64LeS => self.icmp(IntCC::SignedLessThanOrEqual),
            Operator::I32LeU | Operator::I64LeU => self.icmp(IntCC::UnsignedLessThanOrEqual),
            Operator::I32GeS | Operator::I64GeS => self.icmp(IntCC::SignedGreaterThanOrEqual),
            Operator::I32GeU | Operator::I64GeU => self.icmp(IntCC::UnsignedGreaterThanOrEqual),

            Operator::F32Eq | Operator::F64Eq => self.fcmp(FloatCC::Equal),
            Operator::F32Ne | Operator::F64Ne => self.fcmp(FloatCC::NotEqual),
            Operator::F32Lt | Operator::F64Lt => self.fcmp(FloatCC::LessThan),
            Operator::F32Gt | Operator::F64Gt => self.fcmp(FloatCC::GreaterThan),
            Operator::F32Le | Operator::F64Le => self.fcmp(FloatCC::LessThanOrEqual),
            Operator::F32Ge | Operator::F64Ge => self.fcmp(FloatCC::GreaterThanOrEqual),

            Operator::I32Clz | Operator::I64Clz => self.unary(|ins, x| ins.clz(x)),
            Operator::I32Ctz | Operator::I64Ctz => self.unary(|ins, x| ins.ctz(x)),
            Operator::I32Popcnt | Operator::I64Popcnt => self.unary(|ins, x| ins.popcnt(x)),
            Operator::I32Add | Operator::I64Add => self.binary(|ins, x, y| ins.iadd(x, y)),
            Operator::I32Sub | Operator::I64Sub => self.binary(|ins, x, y| ins.isub(x, y)),
            Operator::I32Mul | Operator::I64Mul => self.binary(|ins, x, y| ins.imul(x, y)),
            Operator::I32DivS | Operator::I64DivS => {
                self.check_divisor(true);
                self.binary(|ins, x, y| ins.sdiv(x, y));
            }
            Operator::I32DivU | Operator::I64DivU => {
                self.check_divisor(false);
                self.binary(|ins, x, y| ins.udiv(x, y));
            }
            Operator::I32RemS | Operator::I64RemS => {
                self.check_divisor(false);
                self.binary(|ins, x, y| ins.srem(x, y));
            }
            Operator::I32RemU | Operator::I64RemU => {
                self.check_divisor(false);
                self.binary(|ins, x, y| ins.urem(x, y));
            }
            Operator::I32And | Operator::I64And => self.binary(|ins, x, y| ins.band(x, y)),
            Operator::I32Or | Operator::I64Or => self.binary(|ins, x, y| ins.bor(x, y)),
            Operator::I32Xor | Operator::I64Xor => self.binary(|ins, x, y| ins.bxor(x, y)),
            Operator::I32Shl | Operator::I64Shl => self.binary(|ins, x, y| ins.ishl(x, y)),
            Operator::I32ShrS | Operator::I64ShrS => self.binary(|ins, x, y| ins.sshr(x, y)),
            Operator::I32ShrU | Operator::I64ShrU => self.binary(|ins, x, y| ins.ushr(x, y)),
            Operator::I32Rotl | Operator::I64Rotl => self.binary(|ins, x, y| ins.rotl(x, y)),
            Operator::I32Rotr | Operator::I64Rotr => self.binary(|ins, x, y| ins.rotr(x, y)),

            Operator::F32Abs | Operator::F64Abs => self.unary(|ins, x| ins.fabs(x)),
            Operator::F32Neg | Operator::F64Neg => self.unary(|ins, x| ins.fneg(x)),
            Operator::F32Ceil | Operator::F64Ceil => self.unary(|ins, x| ins.ceil(x)),
            Operator::F32Floor | Operator::F64Floor => self.unary(|ins, x| ins.floor(x)),
            Operator::F32Trunc | Operator::F64Trunc => self.unary(|ins, x| ins.trunc(x)),
            Operator::F32Nearest | Operator::F64Nearest => self.unary(|ins, x| ins.nearest(x)),
            Operator::F32Sqrt | Operator::F64Sqrt => self.unary(|ins, x| ins.sqrt(x)),
            Operator::F32Add | Operator::F64Add => self.binary(|ins, x, y| ins.fadd(x, y)),
            Operator::F32Sub | Operator::F64Sub => self.binary(|ins, x, y| ins.fsub(x, y)),
            Operator::F32Mul | Operator::F64Mul => self.binary(|ins, x, y| ins.fmul(x, y)),
            Operator::F32Div | Operator::F64Div => self.binary(|ins, x, y| ins.fdiv(x, y)),
            Operator::F32Min | Operator::F64Min => self.binary(|ins, x, y| ins.fmin(x, y)),
            Operator::F32Max | Operator::F64Max => self.binary(|ins, x, y| ins.fmax(x, y)),
            Operator::F32Copysign | Operator::F64Copysign => {
                self.binary(|ins, x, y| ins.fcopysign(x, y));
            }

            Operator::I32WrapI64 => self.unary(|ins, x| ins.ireduce(I32, x)),
            Operator::I64ExtendI32S => self.unary(|ins, x| ins.sextend(I64, x)),
            Operator::I64ExtendI32U => {
                let value = self.pop_condition();
                let result = self.builder.ins().uextend(I64, value);
                self.push(result);
            }
            Operator::I32Extend8S => self.extend(I8, I32),
            Operator::I32Extend16S => self.extend(I16, I32),
            Operator::I64Extend8S => self.extend(I8, I64),
            Operator::I64Extend16S => self.extend(I16, I64),
            Operator::I64Extend32S => self.extend(I32, I64),

            Operator::I32TruncF32S | Operator::I32TruncF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint(I32, x));
            }
            Operator::I32TruncF32U | Operator::I32TruncF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint(I32, x));
            }
            Operator::I64TruncF32S | Operator::I64TruncF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint(I64, x));
            }
            Operator::I64TruncF32U | Operator::I64TruncF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint(I64, x));
            }
            Operator::I32TruncSatF32S | Operator::I32TruncSatF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint_sat(I32, x));
            }
            Operator::I32TruncSatF32U | Operator::I32TruncSatF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint_sat(I32, x));
            }
            Operator::I64TruncSatF32S | Operator::I64TruncSatF64S => {
                self.unary(|ins, x| ins.fcvt_to_sint_sat(I64, x));
            }
            Operator::I64TruncSatF32U | Operator::I64TruncSatF64U => {
                self.unary(|ins, x| ins.fcvt_to_uint_sat(I64, x));
            }
            Operator::F32ConvertI32S | Operator::F32ConvertI64S => {
                self.unary(|ins, x| ins.fcvt_from_sint(F32, x));
            }
            Operator::F32ConvertI32U | Operator::F32ConvertI64U => {
                self.unary(|ins, x| ins.fcvt_from_uint(F32, x));
            }
            Operator::F64ConvertI32S | Operator::F64ConvertI64S => {
                self.unary(|ins, x| ins.fcvt_from_sint(F64, x));
            }
            Operator::F64ConvertI32U | Operator::F64ConvertI64U => {
                self.unary(|ins, x| ins.fcvt_from_uint(F64, x));
            }
            Operator::F32DemoteF64 => self.unary(|ins, x| ins.fdemote(F32, x)),
            Operator::F64PromoteF32 => self.unary(|ins, x| ins.fpromote(F64, x)),
            Operator::I32ReinterpretF32 => self.reinterpret(I32),
            Operator::I64ReinterpretF64 => self.reinterpret(I64),
            Operator::F32ReinterpretI32 => self.reinterpret(F32),
            Operator::F64ReinterpretI64 => self.reinterpret(F64),

            Operator::I64Add128 => self.binary_128(|ins, x, y| ins.iadd(x, y)),
            Operator::I64Sub128 => self.binary_128(|ins, x, y| ins.isub(x, y)),
            Operator::I64MulWideS => self.multiply_wide(|ins, x| ins.sextend(I128, x)),
            Operator::I64MulWideU => self.multiply_wide(|ins, x| ins.uextend(I128, x)),

            _ => return self.atomic(operator),
        }
        Ok(())
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
