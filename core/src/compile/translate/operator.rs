//! The switch from operators to their families.

use super::Result;
use super::function::Translator;
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, Opcode, types};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates an operator that has been validated.
    pub(super) fn operator(&mut self, operator: &Operator<'_>) -> Result<()> {
        if let Some(depth) = self.unreachable {
            return self.unreachable_operator(operator, depth);
        }
        self.pay(operator);
        match *operator {
            Operator::Nop => {}
            Operator::Drop => {
                self.pop_condition();
            }
            Operator::Select | Operator::TypedSelect { .. } => self.select(),
            Operator::LocalGet { local_index } => self.local_get(local_index),
            Operator::LocalSet { local_index } => self.local_set(local_index),
            Operator::LocalTee { local_index } => self.local_tee(local_index),
            Operator::GlobalGet { global_index } => self.global_get(global_index),
            Operator::GlobalSet { global_index } => self.global_set(global_index),

            Operator::Unreachable => self.unreachable(),
            Operator::Block { blockty } => self.block(blockty),
            Operator::Loop { blockty } => self.loop_(blockty),
            Operator::If { blockty } => self.if_(blockty),
            Operator::Else => self.else_()?,
            Operator::End => self.end()?,
            Operator::Br { relative_depth } => self.br(relative_depth)?,
            Operator::BrIf { relative_depth } => self.br_if(relative_depth)?,
            Operator::BrTable { ref targets } => self.br_table(targets)?,
            Operator::Return => self.return_(),
            Operator::Call { function_index } => self.call(function_index)?,
            Operator::CallIndirect {
                type_index,
                table_index,
            } => self.call_indirect(type_index, table_index)?,
            Operator::ReturnCall { function_index } => self.return_call(function_index),
            Operator::ReturnCallIndirect {
                type_index,
                table_index,
            } => self.return_call_indirect(type_index, table_index),
            Operator::CallRef { type_index } => self.call_ref(type_index)?,
            Operator::ReturnCallRef { type_index } => self.return_call_ref(type_index),
            Operator::BrOnNull { relative_depth } => self.br_on_null(relative_depth)?,
            Operator::BrOnNonNull { relative_depth } => self.br_on_non_null(relative_depth)?,

            Operator::I32Const { value } => {
                let value = i64::from(value.cast_unsigned());
                let value = self.builder.ins().iconst(types::I32, value);
                self.push(value);
            }
            Operator::I64Const { value } => {
                let value = self.builder.ins().iconst(types::I64, value);
                self.push(value);
            }
            Operator::F32Const { value } => {
                let value = Ieee32::with_bits(value.bits());
                let value = self.builder.ins().f32const(value);
                self.push(value);
            }
            Operator::F64Const { value } => {
                let value = Ieee64::with_bits(value.bits());
                let value = self.builder.ins().f64const(value);
                self.push(value);
            }

            Operator::I32Load { memarg } => self.load(memarg, Opcode::Load, types::I32, 4),
            Operator::I64Load { memarg } => self.load(memarg, Opcode::Load, types::I64, 8),
            Operator::F32Load { memarg } => self.load(memarg, Opcode::Load, types::F32, 4),
            Operator::F64Load { memarg } => self.load(memarg, Opcode::Load, types::F64, 8),
            Operator::I32Load8S { memarg } => self.load(memarg, Opcode::Sload8, types::I32, 1),
            Operator::I32Load8U { memarg } => self.load(memarg, Opcode::Uload8, types::I32, 1),
            Operator::I32Load16S { memarg } => self.load(memarg, Opcode::Sload16, types::I32, 2),
            Operator::I32Load16U { memarg } => self.load(memarg, Opcode::Uload16, types::I32, 2),
            Operator::I64Load8S { memarg } => self.load(memarg, Opcode::Sload8, types::I64, 1),
            Operator::I64Load8U { memarg } => self.load(memarg, Opcode::Uload8, types::I64, 1),
            Operator::I64Load16S { memarg } => self.load(memarg, Opcode::Sload16, types::I64, 2),
            Operator::I64Load16U { memarg } => self.load(memarg, Opcode::Uload16, types::I64, 2),
            Operator::I64Load32S { memarg } => self.load(memarg, Opcode::Sload32, types::I64, 4),
            Operator::I64Load32U { memarg } => self.load(memarg, Opcode::Uload32, types::I64, 4),
            Operator::I32Store { memarg } | Operator::F32Store { memarg } => {
                self.store(memarg, Opcode::Store, 4);
            }
            Operator::I64Store { memarg } | Operator::F64Store { memarg } => {
                self.store(memarg, Opcode::Store, 8);
            }
            Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => {
                self.store(memarg, Opcode::Istore8, 1);
            }
            Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => {
                self.store(memarg, Opcode::Istore16, 2);
            }
            Operator::I64Store32 { memarg } => self.store(memarg, Opcode::Istore32, 4),
            Operator::MemorySize { mem } => self.memory_size(mem),
            Operator::MemoryGrow { mem } => self.memory_grow(mem),
            Operator::MemoryInit { data_index, mem } => self.memory_init(mem, data_index),
            Operator::DataDrop { data_index } => self.data_drop(data_index),
            Operator::MemoryCopy { dst_mem, src_mem } => self.memory_copy(dst_mem, src_mem),
            Operator::MemoryFill { mem } => self.memory_fill(mem),

            Operator::RefNull { hty } => self.ref_null(hty)?,
            Operator::RefIsNull => self.ref_is_null(),
            Operator::RefFunc { function_index } => self.ref_func(function_index)?,
            Operator::RefAsNonNull => self.ref_as_non_null(),
            Operator::TableGet { table } => self.table_get(table),
            Operator::TableSet { table } => self.table_set(table),
            Operator::TableSize { table } => self.table_size(table),
            Operator::TableGrow { table } => self.table_grow(table),
            Operator::TableFill { table } => self.table_fill(table),
            Operator::TableCopy {
                dst_table,
                src_table,
            } => self.table_copy(dst_table, src_table),
            Operator::TableInit { elem_index, table } => self.table_init(table, elem_index),
            Operator::ElemDrop { elem_index } => self.elem_drop(elem_index),

            Operator::RefEq
            | Operator::RefI31
            | Operator::I31GetS
            | Operator::I31GetU
            | Operator::AnyConvertExtern
            | Operator::ExternConvertAny
            | Operator::RefTestNonNull { .. }
            | Operator::RefTestNullable { .. }
            | Operator::RefCastNonNull { .. }
            | Operator::RefCastNullable { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. }
            | Operator::StructNew { .. }
            | Operator::StructNewDefault { .. }
            | Operator::StructGet { .. }
            | Operator::StructGetS { .. }
            | Operator::StructGetU { .. }
            | Operator::StructSet { .. }
            | Operator::ArrayNew { .. }
            | Operator::ArrayNewDefault { .. }
            | Operator::ArrayNewFixed { .. }
            | Operator::ArrayNewData { .. }
            | Operator::ArrayNewElem { .. }
            | Operator::ArrayGet { .. }
            | Operator::ArrayGetS { .. }
            | Operator::ArrayGetU { .. }
            | Operator::ArraySet { .. }
            | Operator::ArrayLen
            | Operator::ArrayFill { .. }
            | Operator::ArrayCopy { .. }
            | Operator::ArrayInitData { .. }
            | Operator::ArrayInitElem { .. } => self.gc(operator)?,

            _ if self.exception_operator(operator)? => {}
            _ => self.numeric(operator)?,
        }
        Ok(())
    }

    /// Follows the blocks of unreachable code, and nothing else. `depth` of them are open.
    fn unreachable_operator(&mut self, operator: &Operator<'_>, depth: u32) -> Result<()> {
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. } => {
                self.unreachable = Some(depth + 1);
            }
            Operator::Else if depth == 0 => self.else_()?,
            Operator::End if depth == 0 => self.end()?,
            Operator::End => self.unreachable = Some(depth - 1),
            _ => {}
        }
        Ok(())
    }
}
